import { Option } from "commander";
import { ndarray } from "../array.ts";
import { usageError } from "../error.ts";
import { type Part, score as scoreModel } from "../evaluate/index.ts";
import { checkWritable, saveArray } from "../files/index.ts";
import { textTable } from "../report/table.ts";
import type { CommandSpec } from "./command.ts";
import { openFitted } from "./exact-model.ts";
import { seedFlag, textOf } from "./flags.ts";
import { scoreRows } from "./numbers.ts";
import { loadRunData, type RunData, trainedOnWarning } from "./run-data.ts";

const parts = ["train", "valid", "test", "all"] as const;

/** `ansatz score`. */
export const score: CommandSpec = {
  define(command) {
    command
      .description(
        "Score data by a fitted model: means of log-probabilities over rows, in nats, with errors.\n" +
          "Where the data's system is known, also its exact entropy and the divergence KL(data‖model).",
      )
      .argument("<run>", "run folder")
      .argument("[data]", "data file (default: the data of the fit)")
      .option(
        "--split <name>",
        "train, valid, test or all (default: test, or valid without one, for the data of the fit; test for data that came split; else all)",
      )
      .option("--context <file>", "what each row is conditioned on, row by row")
      .option("--rows", "one log-probability a row as well: `rows` with --json, else one a line")
      .option("--out <file>", "file for the log-probabilities of --rows, one column: .npy, .csv, .txt")
      .addOption(
        new Option("--seed <n>", "seed of the splits (default: that of the fit)").argParser(seedFlag),
      );
  },
  examples: [
    "score runs/made ising.npz --split test",
    "score runs/nltcs nltcs.test.data --json",
    "score runs/made ising.npz --rows --out logprob.npy",
  ],
  async run([folder = "", data], flags, session) {
    const split = textOf(flags, "split");
    if (split !== undefined && !parts.some((part) => part === split))
      throw usageError(`--split is ${parts.join(", ")}, not '${split}'`);
    const out = textOf(flags, "out");
    if (out !== undefined) {
      if (flags.rows !== true) throw usageError("--out takes the log-probabilities of --rows; give both");
      await checkWritable(out, { force: flags.force === true });
    }
    const { run, fitted } = await openFitted(folder);
    const found = await loadRunData(run, {
      ...(data !== undefined && { source: { path: data } }),
      context: textOf(flags, "context"),
      seed: typeof flags.seed === "number" ? flags.seed : undefined,
    });
    const part = (split as Part | undefined) ?? found.part;
    const warning = trainedOnWarning(run, found, part);
    if (warning !== undefined) session.note(`warning: ${warning}`);
    const result = await scoreModel(fitted, found.dataset, { part, rows: flags.rows === true });
    await fitted.release();
    const which = whichRows(found, part);
    const table = `${folder} on ${found.dataset.name} (${which})\n${textTable(scoreRows(result))}`;
    if (flags.json === true) session.note(`scored ${which}`);
    if (out !== undefined && result.rows) {
      const column = ndarray("f64", [result.rows.length], Float64Array.from(result.rows));
      await saveArray(out, column, { force: flags.force === true });
      return { document: { ...result, out }, text: `${table}\n${out}: log P of ${result.count} rows, nats` };
    }
    if (!result.rows || flags.json === true) return { document: result, text: table };
    session.note(table);
    return { document: result, text: result.rows.join("\n") };
  },
};

/** The scored rows in words; an unbiased score is of rows that the model was not trained on, so this says which were. */
function whichRows({ own, dataset }: RunData, part: Part): string {
  if (part === "all") return own === "no" ? "all rows" : "all rows, including those trained on";
  return `${part} split${own === "yes" && part === "train" ? ", rows trained on" : ""}: ${dataset.splits.how}`;
}
