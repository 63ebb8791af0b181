import { metaVersion } from "../../data/meta.ts";
import { rowBytes, siteShape } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import { type Part, partRows } from "../../evaluate/index.ts";
import { checkWritable, saveRows } from "../../files/index.ts";
import { requiredText, requireRoom, textOf } from "../options/flags.ts";
import { addTextOptions, textFlagsOf } from "../options/text-flags.ts";
import type { CommandSpec } from "./command.ts";
import { openCoded } from "./open-coded.ts";
import { loadRunData } from "./run-data.ts";

const parts = ["train", "valid", "test", "all"] as const;

/** `ansatz encode`. */
export const encode: CommandSpec = {
  define(command) {
    command
      .description(
        "Write the codes of rows: latent variables of an autoencoder, states of a vq-vae, or the noise of a flow.\n" +
          "All rows in their order, unless --split names a part.",
      )
      .argument("<run>", "run folder")
      .argument("[data]", "data file (default: the data of the fit)")
      .option("--split <name>", "train, valid, test or all (default: all)")
      .option("--context <file>", "context of each row, row by row")
      .option("--out <file>", "file to write: .npy, .npz, .csv, .txt, or .png for codes on a lattice");
    addTextOptions(command);
  },
  examples: ["encode runs/vae data.npz --out codes.npy", "encode runs/vae --split test --out codes.npz"],
  async run([folder = "", data], flags, session) {
    const out = requiredText(flags, "out", "name the file to write, such as --out codes.npy");
    const force = flags.force === true;
    const part = (textOf(flags, "split") ?? "all") as Part;
    if (!parts.some((name) => name === part))
      throw usageError(`--split is ${parts.join(", ")}, not '${part}'`);
    await checkWritable(out, { force });
    const { run, fitted, coding, coder } = await openCoded(folder, true);
    const { dataset } = await loadRunData(run, {
      ...(data !== undefined && { source: { path: data } }),
      context: textOf(flags, "context"),
      text: textFlagsOf(flags),
      note: (line) => session.note(line),
    });
    const rows = partRows(dataset, part);
    const count = rows.x.shape[0] as number;
    requireRoom(count, rowBytes(coding.codes), "codes of rows:");
    const progress = session.progress(`encode ${run.record.family}`);
    const codes = await coder
      .encode(rows.x, {
        ...{ context: rows.context, signal: session.signal },
        onProgress: (done, total) => progress.count(done, total, "rows"),
      })
      .finally(() => progress.end());
    await fitted.release();
    const space = coding.codes;
    const encoding = space.kind === "binary" ? "01" : "plain";
    const { contextSpace } = dataset;
    await saveRows(
      out,
      {
        ...{ x: codes, space, encoding },
        ...(rows.context && { context: rows.context }),
        ...(rows.context && contextSpace && { contextSpace }),
        ...(rows.chain && { chain: rows.chain }),
        meta: { version: metaVersion, space, encoding, command: session.command },
      },
      { force },
    );
    const shape = siteShape(space);
    return {
      document: { out, count, codes: space },
      text: `${out}: ${count} codes of shape [${shape.join(", ")}] of ${dataset.name}`,
    };
  },
};
