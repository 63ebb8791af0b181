import { type NDArray, ndarray } from "../../array.ts";
import { counted } from "../../counted.ts";
import type { TextReading } from "../../data/formats/index.ts";
import type { Partial } from "../../data/partial.ts";
import { encodePartial } from "../../data/partial.ts";
import { rowBytes } from "../../data/space.ts";
import { inputError, usageError } from "../../error.ts";
import { type FilledRows, fill as fillGaps, fillLatent, floats } from "../../evaluate/index.ts";
import { beside, checkWritable, loadArray, readDataFile, requireText } from "../../files/index.ts";
import type { Model } from "../../models/contract.ts";
import { byKind, FittedBounded, type FittedExact } from "../../models/index.ts";
import { Key } from "../../random/key.ts";
import { estimateText } from "../../report/estimate-text.ts";
import { offsetOf } from "../../runs/index.ts";
import { independentMean } from "../../stats/index.ts";
import { numberOf, requiredText, requireRoom, textOf, wholeFlag } from "../options/flags.ts";
import { addTextOptions, textFlagsOf } from "../options/text-flags.ts";
import type { Outcome } from "../terminal/session.ts";
import type { CommandSpec, Flags } from "./command.ts";
import { type ClampedRequest, fillByChains } from "./fill-chains.ts";
import { saveCompletions } from "./fill-file.ts";
import { openFitted } from "./open-model.ts";
import { readingOf } from "./run-data.ts";

/** `ansatz fill`. */
export const fill: CommandSpec = {
  define(command) {
    command
      .description(
        "Fill gaps: draw the unknown sites of configurations from a fitted model, given the known sites. " +
          "Unknown sites are NaN, or sites where --mask (or the array mask of an .npz) is 0. The draws are exact if the " +
          "unknown sites come last in the model's order, and for models fitted with anyOrder=true, but not for models with " +
          "z2 or symmetry. Otherwise they are chosen from weighted particles (sequential importance resampling), and the " +
          "effective sample size is printed. Models with latent variables anneal weighted particles to the posterior given " +
          "the known sites. Energy models use chains that keep the known sites fixed, and print whether the chains of a row agree (R̂).",
      )
      .argument("<run>", "run folder")
      .argument("<partial>", "configurations with gaps: .npy, .npz, .csv, .txt")
      .option(
        "--mask <file>",
        "mask of known sites (1 or true): one row for all configurations, or one for each",
      )
      .option("-n, --completions <n>", "completions of each row (default: 1)", wholeFlag("--completions"))
      .option(
        "--particles <n>",
        "particles per row from which completions are chosen, if draws are weighted (default: 256; with latent variables 64)",
        wholeFlag("--particles", 2),
      )
      .option(
        "--burn-in <n>",
        "sweeps of an energy model's chains before a completion is taken (default: 1000)",
        wholeFlag("--burn-in"),
      )
      .option("--context <file>", "context of each row, row by row")
      .option(
        "--out <file>",
        "file to write: .npz holds x [rows, n, ...sites], weights, ess and logEvidence (energy models: rHat); .npy only x",
      );
    addTextOptions(command);
  },
  examples: [
    "fill runs/made partial.npy --out filled.npy",
    "fill runs/made partial.npy --mask mask.npy -n 100 --out filled.npz",
  ],
  async run([folder = "", path = ""], flags, session) {
    const out = requiredText(flags, "out", "name the file to write, such as --out filled.npy");
    const force = flags.force === true;
    await checkWritable(out, { force });
    const { run, fitted } = await openFitted(folder);
    const { space, encoding } = run.record;
    const maskPath = textOf(flags, "mask");
    const text = readingOf(run.record, [path, maskPath, textOf(flags, "context")], textFlagsOf(flags));
    const reading = { ...text, note: (line: string) => session.note(`note: ${line}`) };
    requireText([path, maskPath, textOf(flags, "context")], textFlagsOf(flags));
    const { arrays } = await readDataFile(path, undefined, reading);
    if (!arrays.x) throw inputError(`${path}: has splits; give a file with the one array x`);
    const mask = maskPath === undefined ? arrays.mask : await loadArray(maskPath, undefined, beside(reading));
    const partial = encodePartial(arrays.x, mask, {
      ...{ space, encoding, name: path, offset: offsetOf(run.record) },
    });
    const rows = partial.values.shape[0] as number;
    const completions = numberOf(flags, "completions", 1);
    const seed = numberOf(flags, "seed", 0);
    requireRoom(completions, rows * rowBytes(space), "--completions");
    const { record } = run;
    const common = { out, completions, record, seed, force, session, text: beside(reading) };
    return byKind<Promise<Outcome>>(fitted, {
      energy(own) {
        for (const other of ["particles", "context"])
          if (flags[other] !== undefined)
            throw usageError(
              `${folder}: a ${record.family} fills sites by Markov chains; leave --${other} out`,
            );
        return fillByChains(own, partial, { ...common, burnIn: flags.burnIn as number | undefined });
      },
      exact: (own) => fillWeighted(own, partial, flags, common),
      bounded: (own) =>
        own.model.latent?.siteLogLikelihood ? fillWeighted(own, partial, flags, common) : refused(own.model),
      implicit: (own) => refused(own.model),
    });
  },
};

async function refused({ family }: Pick<Model, "family">): Promise<never> {
  throw usageError(
    `a ${family} has no conditionals to draw unknown sites from; fit a model with an exact likelihood, or an energy model`,
  );
}

/** Completions by the conditionals of an exact model, or by the latent variables of one with a bound. */
async function fillWeighted(
  fitted: FittedExact | FittedBounded,
  partial: Partial,
  flags: Flags,
  {
    out,
    completions,
    record,
    seed,
    force,
    session,
    text,
  }: Omit<ClampedRequest, "burnIn"> & { readonly text: TextReading },
): Promise<Outcome> {
  const rows = partial.values.shape[0] as number;
  if (flags.burnIn !== undefined)
    throw usageError(`--burn-in is for chains of energy models; a ${record.family} needs none`);
  const contextPath = textOf(flags, "context");
  const context =
    contextPath === undefined ? undefined : floats(await loadArray(contextPath, undefined, text));
  if (context && context.shape[0] !== rows)
    throw usageError(`${contextPath}: has ${context.shape[0]} rows for ${rows} rows to fill`);
  const progress = session.progress(`fill by ${record.family}`);
  const asked = {
    ...{ key: Key.fromSeed(seed), completions, context, signal: session.signal },
    ...(flags.particles !== undefined && { particles: numberOf(flags, "particles", 0) }),
  };
  const work =
    fitted instanceof FittedBounded
      ? fillLatent(fitted, partial, {
          ...asked,
          onProgress: (done, total) => progress.update({ fraction: done / total }),
        })
      : fillGaps(fitted, partial, {
          ...asked,
          onProgress: (done, total) => progress.count(done, total, "rows"),
        });
  const filled = await work.finally(() => progress.end());
  await fitted.release();
  const file = { out, record, seed, force, session };
  await saveCompletions(filled.x, { ...file, beside: besideOf(filled) });
  const summary = summaryOf(filled, partial.known);
  return {
    document: { out, rows, completions, ...summary },
    text: textFor(out, rows, completions, summary),
  };
}

/** What is known of each row's completions. */
function besideOf({ weights, ess, logEvidence }: FilledRows) {
  const shape = [ess.length];
  return { weights, ess: ndarray("f64", shape, ess), logEvidence: ndarray("f64", shape, logEvidence) };
}

function summaryOf({ exact, ess, logEvidence, particles }: FilledRows, known: NDArray<"f32">) {
  const gaps = known.data.reduce((sum, k) => sum + 1 - k, 0);
  const exactRows = exact.filter(Boolean).length;
  return {
    unknownSites: gaps,
    exactRows,
    particles: exactRows === exact.length ? undefined : particles,
    ess: { mean: independentMean(ess), least: ess.reduce((a, b) => Math.min(a, b)) },
    /** Mean over rows of log P(known sites), nats. */
    logEvidence: independentMean(logEvidence),
  };
}

function textFor(
  out: string,
  rows: number,
  completions: number,
  { unknownSites, exactRows, particles, ess, logEvidence }: ReturnType<typeof summaryOf>,
): string {
  const how =
    particles === undefined
      ? "exact draws"
      : `${exactRows > 0 ? `${exactRows} rows by exact draws, the others ` : ""}from ${particles} weighted particles a row: ` +
        `effective sample size ${ess.mean.value.toFixed(2)} of them on average, ${ess.least.toFixed(3)} at least`;
  return [
    `${out}: ${counted(completions, "completion")} of each of ${rows} rows, ${unknownSites} unknown sites in all`,
    how,
    `log P of the known sites ${estimateText(logEvidence)} nats a row`,
  ].join("\n");
}
