import { bytesOf } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { metaVersion } from "../data/meta.ts";
import { sites, storageOf } from "../data/space.ts";
import { usageError } from "../error.ts";
import { floats } from "../evaluate/index.ts";
import { checkWritable, loadArray, saveDataset } from "../files/index.ts";
import { Key } from "../random/key.ts";
import { independentMean } from "../stats/index.ts";
import type { CommandSpec } from "./command.ts";
import { openFitted } from "./exact-model.ts";
import { numberOf, requiredText, requireRoom, textOf, wholeFlag } from "./flags.ts";
import { estimateText } from "./numbers.ts";

/** `ansatz sample`. */
export const sample: CommandSpec = {
  define(command) {
    command
      .description("Draw independent configurations from a fitted model, written as its data was.")
      .argument("<run>", "run folder")
      .option("-n, --samples <n>", "configurations to draw (default: 1000)", wholeFlag("--samples"))
      .option("--context <file>", "what each one is conditioned on, one row each")
      .option("--out <file>", "file to write: .npy, .npz, .csv, .txt");
  },
  examples: ["sample runs/made -n 1000 --seed 2 --out samples.npy"],
  async run([folder = ""], flags, session) {
    const out = requiredText(flags, "out", "name the file to write, such as --out samples.npy");
    const force = flags.force === true;
    const seed = numberOf(flags, "seed", 0);
    await checkWritable(out, { force });
    const { run, fitted } = await openFitted(folder);
    const path = textOf(flags, "context");
    const context = path === undefined ? undefined : floats(await loadArray(path));
    const n = numberOf(flags, "samples", context?.shape[0] ?? 1000);
    if (context && n !== context.shape[0])
      throw usageError(`${path}: has ${context.shape[0]} rows; --samples asks for ${n}`);
    requireRoom(n, sites(run.record.space) * bytesOf(storageOf(run.record.space)));
    const progress = session.progress(`sample ${run.record.family}`);
    const { x, logProb } = await fitted
      .sample(n, {
        key: Key.fromSeed(seed),
        signal: session.signal,
        onProgress: (done, total) =>
          progress.update({ fraction: done / total, details: [`${done} of ${total}`] }),
        ...(context && { context }),
      })
      .finally(() => progress.end());
    await fitted.release();
    const { space, encoding } = run.record;
    const meta = { version: metaVersion, space, encoding, command: session.command, seed } as const;
    const stored = makeDataset({ arrays: { x, ...(context && { context }) } }, out, { space });
    await saveDataset(out, { ...stored, encoding, meta }, { force });
    const mean = independentMean(logProb);
    const perSite = { value: mean.value / sites(space), error: mean.error / sites(space) };
    return {
      document: { out, count: n, logProb: mean, logProbPerSite: perSite },
      text:
        `${out}: ${n} configurations of ${folder}\n` +
        `log P per configuration ${estimateText(mean)}, per site ${estimateText(perSite)} nats${n === 1 ? "; the error of one is unknown" : ""}`,
    };
  },
};
