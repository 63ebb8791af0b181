import { availableParallelism } from "node:os";
import { bytesOf, type NDArray, ndarray } from "../../array.ts";
import { makeDataset, takeRows } from "../../data/dataset.ts";
import { decode } from "../../data/encoding.ts";
import { metaVersion } from "../../data/meta.ts";
import { encodePartial, type Partial } from "../../data/partial.ts";
import { siteShape, sites, storageOf } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import { type FillOptions, fill } from "../../evaluate/index.ts";
import { checkWritable, saveDataset } from "../../files/index.ts";
import { FittedEnergy, type FittedExact } from "../../models/index.ts";
import { Key } from "../../random/key.ts";
import type { RunRecord } from "../../runs/index.ts";
import { independentMean, perSite } from "../../stats/index.ts";
import { estimateText } from "../../study/numbers.ts";
import { contextsOf } from "../options/context.ts";
import { numberOf, positiveFlag, requiredText, requireRoom, textOf, wholeFlag } from "../options/flags.ts";
import type { CommandSpec } from "./command.ts";
import { openAnyFitted } from "./open-model.ts";
import { sampleByChains } from "./sample-chains.ts";
import { sampleByMetropolis } from "./sample-metropolis.ts";

/** `ansatz sample`. */
export const sample: CommandSpec = {
  define(command) {
    command
      .description(
        "Draw configurations from a fitted model, written as its data was: independent ones where its likelihood is\n" +
          "exact; of an energy model rows of Markov chains, with their autocorrelation time and R̂.",
      )
      .argument("<run>", "run folder")
      .option("-n, --samples <n>", "configurations to draw (default: 1000)", wholeFlag("--samples"))
      .option(
        "--context <file|values>",
        "what each one is conditioned on: a file with a row each, or values such as 0.5,1",
      )
      .option(
        "--temperature <t>",
        "divide the logits of every conditional by it: below 1 samples keep to what is probable (default: 1)",
        positiveFlag("--temperature"),
      )
      .option(
        "--prefix <values>",
        "values of the first sites in the model's order, such as 1,1,0, that every sample starts with",
      )
      .option(
        "--metropolis",
        "sample the run's system exactly: Markov chains that propose the model's samples; .npz keeps the chains",
      )
      .option(
        "--chains <n>",
        "chains of --metropolis (default: 16), or of an energy model (default: 100)",
        wholeFlag("--chains"),
      )
      .option(
        "--burn-in <n>",
        "sweeps of an energy model's chains before their first row (default: 1000)",
        wholeFlag("--burn-in"),
      )
      .option(
        "--thin <n>",
        "sweeps of an energy model's chains between rows, rounded up to a multiple of 10 (default: 2τ, as measured, 100 at most)",
        wholeFlag("--thin"),
      )
      .option("--out <file>", "file to write: .npy, .npz, .csv, .txt");
  },
  examples: [
    "sample runs/made -n 1000 --seed 2 --out samples.npy",
    "sample runs/made -n 1000 --prefix 1,1,0 --temperature 0.8 --out samples.npy",
    "sample runs/rbm -n 10000 --burn-in 2000 --out samples.npz",
    "sample runs/van -n 100000 --metropolis --out samples.npz",
  ],
  async run([folder = ""], flags, session) {
    const out = requiredText(flags, "out", "name the file to write, such as --out samples.npy");
    const force = flags.force === true;
    const seed = numberOf(flags, "seed", 0);
    await checkWritable(out, { force });
    const chains = typeof flags.chains === "number" ? flags.chains : undefined;
    if (flags.metropolis === true)
      for (const other of ["context", "temperature", "prefix"])
        if (flags[other] !== undefined) throw usageError(`--metropolis and --${other} cannot go together`);
    const { run, fitted } = await openAnyFitted(folder);
    if (fitted instanceof FittedEnergy) {
      for (const other of ["metropolis", "context", "temperature", "prefix"])
        if (flags[other] !== undefined)
          throw usageError(
            `${folder}: a ${run.record.family} is sampled by chains, which take no --${other}`,
          );
      const n = numberOf(flags, "samples", 1000);
      requireRoom(n, sites(run.record.space) * bytesOf(storageOf(run.record.space)));
      const [burnIn, thin] = ["burnIn", "thin"].map((name) => flags[name] as number | undefined);
      return sampleByChains(run, fitted, { out, samples: n, chains, burnIn, thin, seed, force, session });
    }
    if (flags.metropolis !== true && chains !== undefined)
      throw usageError("--chains goes with --metropolis; other samples are independent");
    for (const [name, flag] of [
      ["burnIn", "--burn-in"],
      ["thin", "--thin"],
    ] as const)
      if (flags[name] !== undefined)
        throw usageError(
          `${flag} is for chains of energy models; samples of a ${run.record.family} need none`,
        );
    const path = textOf(flags, "context");
    const asked = typeof flags.samples === "number" ? flags.samples : undefined;
    const context = path === undefined ? undefined : await contextsOf(path, fitted.model.contextSize, asked);
    const n = asked ?? context?.shape[0] ?? 1000;
    requireRoom(n, sites(run.record.space) * bytesOf(storageOf(run.record.space)));
    if (flags.metropolis === true)
      return sampleByMetropolis(run, fitted, { out, samples: n, chains, seed, force, session });
    const progress = session.progress(`sample ${run.record.family}`);
    const prefix = textOf(flags, "prefix");
    const options = {
      key: Key.fromSeed(seed),
      signal: session.signal,
      onProgress: (done: number, total: number) =>
        progress.update({ fraction: done / total, details: [`${done} of ${total}`] }),
      temperature: numberOf(flags, "temperature", 1),
      threads: availableParallelism(),
      ...(context && { context }),
    };
    const { x, logProb } = await (prefix === undefined
      ? fitted.sample(n, options)
      : sampleAfter(fitted, prefixOf(run.record, fitted, prefix), n, options)
    ).finally(() => progress.end());
    await fitted.release();
    const { space, encoding } = run.record;
    const meta = { version: metaVersion, space, encoding, command: session.command, seed } as const;
    const ofLevels = encoding === "levels";
    // Read as data is: of grey levels integers, which get noise of their own and lose it as they are written.
    const raw = ofLevels ? decode(x, encoding) : x;
    const stored = makeDataset({ arrays: { x: raw, ...(context && { context }) } }, out, { space });
    await saveDataset(out, { ...stored, encoding, meta }, { force });
    const mean = independentMean(logProb);
    const share = perSite(mean, sites(space));
    return {
      document: { out, count: n, logProb: mean, logProbPerSite: share },
      text:
        `${out}: ${n} configurations of ${folder}\n` +
        `${ofLevels ? "log-density of the real numbers" : "log P"} per configuration ${estimateText(mean)}, per site ${estimateText(share)} nats${n === 1 ? "; the error of one is unknown" : ""}`,
    };
  },
};

/** Configurations whose first sites are given, with their log-probabilities. */
async function sampleAfter(
  fitted: FittedExact,
  partial: Partial,
  n: number,
  options: Omit<FillOptions, "completions" | "particles">,
): Promise<{ x: NDArray; logProb: Float64Array }> {
  const rows = new Uint32Array(n);
  const repeated = { values: takeRows(partial.values, rows), known: takeRows(partial.known, rows) };
  const { x } = await fill(fitted, repeated, options);
  const shaped = { ...x, shape: [n, ...x.shape.slice(2)] } as NDArray;
  return { x: shaped, logProb: await fitted.logProb(shaped, options.context) };
}

/** The one row that `--prefix` gives: the first sites in the model's order are known. */
function prefixOf({ space, encoding }: RunRecord, { model }: FittedExact, text: string): Partial {
  const order = model.autoregressive?.orders[0];
  if (!order) throw usageError(`${model.family} visits no sites in order: it has no prefix`);
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (values.some(Number.isNaN)) throw usageError(`--prefix takes values such as 1,1,0, not '${text}'`);
  if (values.length >= order.length)
    throw usageError(`--prefix gives ${values.length} values; a configuration has ${order.length} sites`);
  const row = new Float64Array(order.length).fill(Number.NaN);
  values.forEach((value, position) => {
    row[order[position] as number] = value;
  });
  const raw = ndarray("f64", [1, ...siteShape(space)], row);
  return encodePartial(raw, undefined, { space, encoding, name: "--prefix" });
}
