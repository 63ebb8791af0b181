import { Option } from "commander";
import type { TextOptions } from "../../data/formats/text-options.ts";
import { rowBytes } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import type { PartRows } from "../../evaluate/index.ts";
import { checkWritable } from "../../files/index.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import type { AnyFitted } from "../../models/fitted/fitted.ts";
import { textTable } from "../../report/table.ts";
import { type FitRecord, type Run, readLog, runFile, type SolveRecord } from "../../runs/index.ts";
import { recordFacts, writeStudy } from "../../runs/write-study.ts";
import { type Study, studySolve, systemText } from "../../study/index.ts";
import { isKnownSystem, type Simulation, type System } from "../../systems/index.ts";
import { numberOf, requireRoom, textOf, wholeFlag } from "../options/flags.ts";
import { addTarget } from "../options/measurements.ts";
import { addSelectedSystem, type SelectedSystem, selectedSystem } from "../options/selected-system.ts";
import { addTextOptions, textFlagsOf } from "../options/text-flags.ts";
import { withReadingBar } from "../terminal/reading.ts";
import type { Session } from "../terminal/session.ts";
import { StudyMeter } from "../terminal/study-meter.ts";
import type { CommandSpec } from "./command.ts";
import { densityMatrixOf, densityStudy, refuseDensityOptions } from "./density-study.ts";
import { exactFitted, openFitted } from "./open-model.ts";
import { loadRunData, trainedOnWarning } from "./run-data.ts";
import { simulateDataset } from "./simulate-dataset.ts";
import { solveDocument } from "./solve-document.ts";
import { studyRun } from "./study-run.ts";
import { targetOf } from "./target-of-run.ts";

/** `ansatz report`. */
export const report: CommandSpec = {
  define(command) {
    command
      .description(
        "Write report.html into a run folder: a page that needs no network, with the training curve, samples " +
          "next to data, observables, correlations and numbers. Figures are also written to figures/ as SVG and PNG.",
      )
      .argument("<run>", "run folder")
      .argument("[data]", "data file, if the data of the fit has moved")
      .option("--context <file>", "context of each row, row by row")
      .option(
        "-n, --samples <n>",
        "configurations to draw from the model (default: 10000)",
        wholeFlag("--samples"),
      )
      .option(
        "--simulate <n>",
        "for a solved run: rows of a simulation of the system, for comparison of observables",
        wholeFlag("--simulate"),
      )
      // The page is the command's own to replace: the flag is taken, as everywhere, and says nothing new.
      .addOption(new Option("--force").hideHelp());
    addSelectedSystem(command);
    addTextOptions(command);
    addTarget(command);
    command.option(
      "--bootstrap <n>",
      "replicas of the parametric bootstrap: of density matrices, and for the error of the fidelity of wave, rbm-wave and purified",
      wholeFlag("--bootstrap", 2, 10_000),
    );
  },
  examples: ["report runs/made"],
  async run([folder = "", data], flags, session) {
    const { run, fitted } = await openFitted(folder);
    const bytes = rowBytes(run.record.space);
    requireRoom(numberOf(flags, "samples", 10_000), bytes);
    requireRoom(numberOf(flags, "simulate", 0), bytes, "--simulate");
    // The page is made from the run alone: a new one may take its place.
    await checkWritable(runFile(folder, "report"), { force: true });
    const meter = new StudyMeter(session);
    const named = {
      data,
      context: textOf(flags, "context"),
      text: textFlagsOf(flags),
      simulate: flags.simulate,
      system: await selectedSystem(flags),
      ...{ target: textOf(flags, "target"), replicas: flags.bootstrap as number | undefined },
      // A page is made again with the numbers that it had.
      seedOfDensity: numberOf(flags, "seed", run.record.seed),
    };
    if (!densityMatrixOf(fitted)) {
      const { bootstrap: _, ...others } = flags;
      refuseDensityOptions(fitted.model.stateVector?.draw ? others : flags, folder, run.record.family);
    }
    const [samples, seed] = [numberOf(flags, "samples", 10_000), numberOf(flags, "seed", 0)];
    const request = { samples, seed, meter, session };
    try {
      const study =
        run.record.task === "solve"
          ? await solveStudy(run.ofSolve(), exactFitted(fitted), named, request)
          : await fitStudy(run.ofFit(), fitted, named, request);
      meter.end();
      for (const line of study.notes ?? []) session.note(`note: ${line}`);
      for (const line of study.warnings) session.note(`warning: ${line}`);
      const files = await writeStudy(run, study);
      return {
        document: {
          report: files[0],
          files,
          ...(run.record.task === "solve" ? solveDocument(run.ofSolve(), study.document) : study.document),
        },
        text: `${textTable(study.numbers)}\n\n${files[0]}`,
      };
    } finally {
      meter.end();
      await fitted.release();
    }
  },
};

/** What the command line names in addition to the run. */
interface Named {
  readonly data: string | undefined;
  readonly context: string | undefined;
  readonly text: TextOptions;
  readonly simulate: unknown;
  readonly system: SelectedSystem | undefined;
  readonly target: string | undefined;
  readonly replicas: number | undefined;
  readonly seedOfDensity: number;
}

interface Request {
  readonly samples: number;
  readonly seed: number;
  readonly meter: StudyMeter;
  readonly session: Session;
}

async function fitStudy(
  run: Run<FitRecord>,
  fitted: AnyFitted,
  { data, context, text, simulate, system, target, replicas, seedOfDensity }: Named,
  { samples, seed, meter, session }: Request,
): Promise<Study> {
  if (simulate !== undefined)
    throw usageError(
      `--simulate: is for solved runs; ${run.folder} was fitted to data, and its report compares with that data`,
    );
  const source = data === undefined ? {} : { source: { path: data } };
  const note = (line: string) => session.note(line);
  const found = await withReadingBar(session, (onProgress) =>
    loadRunData(run, { ...source, context, text, system, note, onProgress }),
  );
  const rho = densityMatrixOf(fitted);
  if (rho) {
    if (found.own === "no")
      throw usageError(
        `${run.folder}: the page of a density matrix is about the shots of its fit, and ${found.dataset.name} are others; see ansatz score`,
      );
    return densityStudy(run, rho, found.dataset, {
      ...{ target, replicas, seed: seedOfDensity },
      ...meter.options,
    });
  }
  const warning = trainedOnWarning(run, found, found.part);
  if (warning !== undefined) session.note(`warning: ${warning}`);
  return studyRun(run, fitted, found, { samples, seed, replicas, ...meter.options });
}

async function solveStudy(
  run: Run<SolveRecord>,
  fitted: FittedExact,
  { data, context, simulate, system }: Named,
  { samples, seed, meter, session }: Request,
): Promise<Study> {
  if (data !== undefined || context !== undefined)
    throw usageError(`${run.folder}: was trained without data (ansatz solve); leave the data file out`);
  const { record } = run;
  const target = targetOf(run, system);
  const rows = typeof simulate === "number" ? simulate : undefined;
  if (rows !== undefined && !isKnownSystem(target.name))
    throw usageError(
      "--simulate: an energy from a program has no simulation; use ansatz sample --metropolis",
    );
  const events = await readLog(run.folder);
  return studySolve(fitted, target, {
    ...{ samples, seed, events, ...meter.options },
    simulated: rows === undefined ? undefined : await simulatedRows(target, rows, { seed, session }),
    facts: recordFacts(record, { "learned from": "the energy alone", system: systemText(record.target) }),
  });
}

/** Rows of a system's own simulation, with progress. */
async function simulatedRows(
  target: System,
  samples: number,
  { seed, session }: { readonly seed: number; readonly session: Session },
): Promise<PartRows> {
  const { simulations } = await simulateDataset([target], {
    ...{ samples, seed, chains: 16, name: target.name, session },
  });
  const [{ x, chain, tau, thinning }] = simulations as [Simulation];
  return { x, ...(chain && { chain: chain.data }), spacing: { tau, thinning } };
}
