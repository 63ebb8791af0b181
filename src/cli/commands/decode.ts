import { encode as stored } from "../../data/encoding.ts";
import { planSheet } from "../../data/pictures/sheet.ts";
import { rowBytes } from "../../data/space.ts";
import { checkWritable, isPictureName, loadArray } from "../../files/index.ts";
import { contextsOf } from "../options/context.ts";
import { requiredText, requireRoom, textOf } from "../options/flags.ts";
import { addTextOptions, textFlagsOf } from "../options/text-flags.ts";
import type { CommandSpec } from "./command.ts";
import { openCoded } from "./open-coded.ts";
import { saveSamples } from "./save-samples.ts";

/** `ansatz decode`. */
export const decode: CommandSpec = {
  define(command) {
    command
      .description(
        "Write the row of each code: of an autoencoder the most probable or mean row, of a flow the one row that it is the noise of.",
      )
      .argument("<run>", "run folder")
      .argument("<codes>", "file of codes, as `ansatz encode` writes them")
      .option(
        "--context <file|values>",
        "context: a file with one row per code, or values for all, such as 0.5,1",
      )
      .option(
        "--out <file>",
        "file to write: .npy, .npz, .csv, .txt, or .png for one picture or a sheet of them",
      );
    addTextOptions(command);
  },
  examples: ["decode runs/vae codes.npy --out x.npy", "decode runs/vq codes.npz --out sheet.png"],
  async run([folder = "", path = ""], flags, session) {
    const out = requiredText(flags, "out", "name the file to write, such as --out x.npy");
    const force = flags.force === true;
    await checkWritable(out, { force });
    const { run, fitted, coding, coder } = await openCoded(folder);
    const { record } = run;
    const text = textFlagsOf(flags);
    const { codes: space } = coding;
    const codes = stored(
      await loadArray(path, undefined, text),
      space,
      space.kind === "binary" ? "01" : "plain",
      `${path} (codes of ${folder})`,
      true,
    );
    const count = codes.shape[0] as number;
    requireRoom(count, rowBytes(record.space), "rows of codes:");
    if (isPictureName(out)) planSheet(count, record.space);
    const given = textOf(flags, "context");
    const context = given === undefined ? undefined : await contextsOf(given, record.context, count, text);
    const progress = session.progress(`decode ${record.family}`);
    const x = await coder
      .decode(codes, {
        ...{ context, signal: session.signal },
        onProgress: (done, total) => progress.count(done, total, "codes"),
      })
      .finally(() => progress.end());
    await fitted.release();
    await saveSamples(record, { x, context }, { out, seed: 0, force, session });
    return { document: { out, count }, text: `${out}: ${count} rows of the codes in ${path}` };
  },
};
