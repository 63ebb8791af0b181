import { Option } from "commander";
import { usageError } from "../../error.ts";
import { checkWritable } from "../../files/index.ts";
import type { FittedEnergy } from "../../models/fitted/energy.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import { textTable } from "../../report/table.ts";
import { type FitRecord, type Run, runFile } from "../../runs/index.ts";
import { numberOf, textOf, wholeFlag } from "../options/flags.ts";
import { summaryRows, writeReport } from "../report-page.ts";
import { reportSolve } from "../solve-page.ts";
import { summarise } from "../summary.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import type { CommandSpec } from "./command.ts";
import { openAnyFitted, openFitted } from "./open-model.ts";
import { loadRunData, trainedOnWarning } from "./run-data.ts";

/** `ansatz report`. */
export const report: CommandSpec = {
  define(command) {
    command
      .description(
        "Write report.html into a run folder: one page that needs no network, with the training curve, samples\n" +
          "beside data, observables, correlations and the numbers; the figures go to figures/ as SVG and PNG.",
      )
      .argument("<run>", "run folder")
      .argument("[data]", "data file, where the data of the fit has moved")
      .option("--context <file>", "what each row is conditioned on, row by row")
      .option(
        "-n, --samples <n>",
        "configurations to draw from the model (default: 10000)",
        wholeFlag("--samples"),
      )
      .option(
        "--simulate <n>",
        "for a solved run: rows of the system's own simulation to hold observables against",
        wholeFlag("--simulate"),
      )
      // The page is the command's own to replace: the flag is taken, as everywhere, and says nothing new.
      .addOption(new Option("--force").hideHelp());
  },
  examples: ["report runs/made"],
  async run([folder = "", data], flags, session) {
    const { run, fitted } = await openAnyFitted(folder);
    // The page is made from the run alone: a new one may take its place.
    await checkWritable(runFile(folder, "report"), { force: true });
    const request = {
      samples: numberOf(flags, "samples", 10_000),
      seed: numberOf(flags, "seed", 0),
      session,
    };
    const context = textOf(flags, "context");
    if (run.record.task === "solve") {
      if (data !== undefined || context !== undefined)
        throw usageError(`${folder}: was solved for without data, and is reported on without it; name none`);
      const simulate = typeof flags.simulate === "number" ? flags.simulate : undefined;
      return reportSolve(run.ofSolve(), (await openFitted(folder)).fitted, { ...request, simulate });
    }
    if (flags.simulate !== undefined)
      throw usageError(
        `--simulate: is for solved runs; ${folder} was fitted to data, which stands beside its samples`,
      );
    return reportFit(run.ofFit(), fitted, { data, context }, request);
  },
};

async function reportFit(
  run: Run<FitRecord>,
  fitted: FittedExact | FittedEnergy,
  { data, context }: { readonly data: string | undefined; readonly context: string | undefined },
  request: { readonly samples: number; readonly seed: number; readonly session: Session },
): Promise<Outcome> {
  const found = await loadRunData(run, { ...(data !== undefined && { source: { path: data } }), context });
  const warning = trainedOnWarning(run, found, found.part);
  if (warning !== undefined) request.session.note(`warning: ${warning}`);
  const summary = await summarise(run, fitted, found, request);
  await fitted.release();
  if (summary.score.kind === "approximate" && summary.score.logZ.method === "annealing")
    for (const line of summary.score.logZ.warnings) request.session.note(`warning: ${line}`);
  const files = await writeReport(run, summary);
  const { score, chains, observables } = summary;
  return {
    document: {
      report: files[0],
      files,
      score,
      ...(chains && { chains }),
      observables: observables.map(({ values: _, ...comparison }) => comparison),
    },
    text: `${textTable(summaryRows(summary))}\n\n${files[0]}`,
  };
}
