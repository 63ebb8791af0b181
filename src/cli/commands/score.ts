import { Option } from "commander";
import { ndarray } from "../../array.ts";
import { rowBytes } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import { type Part, type Score, score as score_ } from "../../evaluate/index.ts";
import { checkWritable, saveArray } from "../../files/index.ts";
import type { Kind } from "../../models/contract.ts";
import type { AnyFitted } from "../../models/fitted/fitted.ts";
import { Key } from "../../random/key.ts";
import { textTable } from "../../report/table.ts";
import { scoreRows, scoreWarnings } from "../../study/score-rows.ts";
import { numberOf, requireRoom, seedFlag, textOf, wholeFlag } from "../options/flags.ts";
import { addSelectedSystem, selectedSystem } from "../options/selected-system.ts";
import { addTextOptions, textFlagsOf } from "../options/text-flags.ts";
import { withReadingBar } from "../terminal/reading.ts";
import type { Session } from "../terminal/session.ts";
import type { CommandSpec, Flags } from "./command.ts";
import { openFitted } from "./open-model.ts";
import { loadRunData, type RunData, trainedOnWarning } from "./run-data.ts";

const parts = ["train", "valid", "test", "all"] as const;

/** `ansatz score`. */
export const score: CommandSpec = {
  define(command) {
    command
      .description(
        "Score data by a fitted model: mean log-probability of the rows, in nats, with errors.\n" +
          "If the system of the data is known, also its exact entropy and the divergence KL(data‖model).\n" +
          "Energy models: log Z is summed exactly over at most 2^25 states, otherwise bracketed by annealing.\n" +
          "Models with a bound: upper bounds of the NLL; with latent variables also rate, distortion and\n" +
          "reconstruction error, and with --anneal a bound by annealing, and both sides on samples of the model.\n" +
          "Implicit models: the energy distance of samples to data, and of data to data.",
      )
      .argument("<run>", "run folder")
      .argument("[data]", "data file (default: the data of the fit)")
      .option(
        "--split <name>",
        "train, valid, test or all (default: for the data of the fit test, or valid if there is no test split; for other data test if they are split, otherwise all)",
      )
      .option("--context <file>", "context of each row, row by row")
      .option("--rows", "also print the log-probability of each row: one per line, or `rows` with --json")
      .option("--out <file>", "file for the log-probabilities of --rows, one column: .npy, .csv, .txt")
      .option(
        "--draws <n>",
        "models with a bound: draws per row (default: 200 with latent variables, otherwise 16)",
        wholeFlag("--draws"),
      )
      .option(
        "--anneal [steps]",
        "models with latent variables: anneal 200 random rows and 200 samples of the model (default: 500 steps)",
        wholeFlag("--anneal", 32),
      )
      .option("--bracket", "energy models: bracket log Z even if it can be summed exactly")
      .option("--chains <n>", "chains on each side of the bracket (default: 100)", wholeFlag("--chains", 2))
      .option(
        "--temperatures <n>",
        "temperatures of the bracket (default: 500, doubled until it is within 0.2 nats, up to 16000)",
        wholeFlag("--temperatures"),
      )
      .option(
        "--free-energy <n>",
        "exact models of a known system's data: log Z, free energy and thermodynamics of the system, from n samples of the model, reweighted",
        wholeFlag("--free-energy", 2),
      )
      .addOption(
        new Option(
          "--seed <n>",
          "seed of the splits (default: seed of the fit), of the bracket and of samples (default: 0)",
        ).argParser(seedFlag),
      );
    addSelectedSystem(command);
    addTextOptions(command);
  },
  examples: [
    "score runs/made ising.npz --split test",
    "score runs/nltcs nltcs.test.data --json",
    'score runs/spline measured.csv --delimiter ";" --decimal "," --columns x,y',
    "score runs/made ising.npz --rows --out logprob.npy",
    "score runs/rbm mnist.npz --chains 100 --temperatures 10000",
    "score runs/vae --draws 1000 --anneal",
    "score runs/made --free-energy 10000",
  ],
  async run([folder = "", data], flags, session) {
    const split = textOf(flags, "split");
    if (split !== undefined && !parts.some((part) => part === split))
      throw usageError(`--split is ${parts.join(", ")}, not '${split}'`);
    const out = textOf(flags, "out");
    if (out !== undefined) {
      if (flags.rows !== true)
        throw usageError("--out writes the log-probabilities that --rows asks for; give both");
      await checkWritable(out, { force: flags.force === true });
    }
    const { run, fitted } = await openFitted(folder);
    if (flags.rows === true && fitted.model.kind === "implicit")
      throw usageError(
        `${folder}: a ${run.record.family} has no likelihood, so rows have no log-probability; leave out --rows for the ` +
          "energy distance of its samples to the data",
      );
    const named = {
      ...(data !== undefined && { source: { path: data } }),
      context: textOf(flags, "context"),
      seed: typeof flags.seed === "number" ? flags.seed : undefined,
      text: textFlagsOf(flags),
      system: await selectedSystem(flags),
      note: (line: string) => session.note(line),
    };
    const found = await withReadingBar(session, (onProgress) => loadRunData(run, { ...named, onProgress }));
    const part = (split as Part | undefined) ?? found.part;
    const warning = trainedOnWarning(run, found, part);
    if (warning !== undefined) session.note(`warning: ${warning}`);
    const samples = numberOf(flags, "freeEnergy", 0);
    requireRoom(samples, rowBytes(run.record.space), "--free-energy");
    const seed = numberOf(flags, "seed", 0);
    // Its panel loads what draws, which other scores do not wait for.
    const { scoreFreeEnergy } = samples > 0 ? await import("./score-free-energy.ts") : {};
    const free = await scoreFreeEnergy?.(fitted, found, { samples, seed, session });
    const ofRows = await scored(fitted, found, part, flags, session);
    await fitted.release();
    for (const line of [...scoreWarnings(ofRows), ...(free?.warnings ?? [])])
      session.note(`warning: ${line}`);
    const which = whichRows(found, part);
    const result = { ...ofRows, ...(free && { freeEnergy: free.document }) };
    const thermodynamics = free ? `\n\n${textTable(free.numbers)}` : "";
    const table = `${folder} on ${found.dataset.name} (${which})\n${textTable(scoreRows(ofRows))}${thermodynamics}`;
    if (flags.json === true) session.note(`scored ${which}`);
    const rows = result.kind === "implicit" ? undefined : result.rows;
    if (out !== undefined && rows) {
      const column = ndarray("f64", [rows.length], Float64Array.from(rows));
      await saveArray(out, column, { force: flags.force === true });
      return {
        document: { ...result, out },
        text: `${table}\n${out}: ${rowName(result)} of ${result.count} rows, nats`,
      };
    }
    if (!rows || flags.json === true) return { document: result, text: table };
    session.note(table);
    return { document: result, text: rows.join("\n") };
  },
};

/** What the number of a row is. */
function rowName(score: Score): string {
  return score.kind === "bounded" ? `a lower bound of log P (k = ${score.draws})` : "log P";
}

async function scored(
  fitted: AnyFitted,
  { dataset, system }: RunData,
  part: Part,
  flags: Flags,
  session: Session,
): Promise<Score> {
  const { kind, family } = fitted.model;
  for (const [name, [own, of]] of Object.entries(flagKinds))
    if (flags[name] !== undefined && kind !== own)
      throw usageError(`--${name} goes with ${of}; ` + `${family} is ${ofKind[kind]}`);
  const progress = kind === "exact" ? undefined : session.progress(kind === "energy" ? "log Z" : "score");
  const whole = (name: string) => (flags[name] === undefined ? undefined : numberOf(flags, name, 0));
  return score_(fitted, dataset, {
    ...{ part, system, rows: flags.rows === true, key: Key.fromSeed(numberOf(flags, "seed", 0)) },
    bracket: flags.bracket === true,
    ...(flags.anneal !== undefined && { anneal: flags.anneal as boolean | number }),
    ...{ chains: whole("chains"), temperatures: whole("temperatures"), draws: whole("draws") },
    ...(kind !== "exact" && { signal: session.signal }),
    onProgress: (done, total) => progress?.update({ fraction: done / total }),
  }).finally(() => progress?.end());
}

/** What a model of each kind is, in words. */
const ofKind: Readonly<Record<Kind, string>> = {
  exact: "exact: its log-probability is computed",
  bounded: "a model with a bound of its likelihood",
  energy: "an energy model",
  implicit: "a model of samples alone, without a likelihood",
};

/** The kind of model that each flag requires, also in words. */
const flagKinds: Readonly<Record<string, readonly [kind: Kind, words: string]>> = {
  bracket: ["energy", "energy models"],
  chains: ["energy", "energy models"],
  temperatures: ["energy", "energy models"],
  draws: ["bounded", "models with a bound"],
  anneal: ["bounded", "models with latent variables"],
};

/**
 * The scored rows in words; an unbiased score is of rows that the model was not trained on, so the text names
 * them.
 */
function whichRows({ own, dataset }: RunData, part: Part): string {
  if (part === "all") return own === "no" ? "all rows" : "all rows, including those trained on";
  return `${part} split${own === "yes" && part === "train" ? ", rows trained on" : ""}: ${dataset.splits.how}`;
}
