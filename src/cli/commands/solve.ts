import type { Command } from "commander";
import { sizeOf } from "../../array.ts";
import { parseShape } from "../../data/space.ts";
import { inputError, usageError } from "../../error.ts";
import { solvers, solvingDefaults, solvingFamily } from "../../models/index.ts";
import { createModel, families, familyNamed, hyperparametersOf } from "../../models/registry.ts";
import type { NumberRow } from "../../report/index.ts";
import { textTable } from "../../report/table.ts";
import {
  checkFitSize,
  checkRunFolder,
  createRun,
  isRun,
  type Run,
  type SolveRecord,
} from "../../runs/index.ts";
import { freeEnergy } from "../../study/panels/free-energy.ts";
import { solveSubject } from "../../study/solve-subject.ts";
import { lookThrough } from "../../study/study.ts";
import { createSystem, type System, systemKind } from "../../systems/index.ts";
import { solveDefaults, solveOptionsSchema } from "../../train/index.ts";
import { collect, numberOf, requireRoom, textOf, wholeFlag } from "../options/flags.ts";
import { addOptions, checkOptions, flagName, optionsFromFlags } from "../options/option-flags.ts";
import { addEnergyOptions, energyOf } from "../options/selected-system.ts";
import { addSystemOptions, systemList, systemParameters } from "../options/system-options.ts";
import { parseSettings } from "../options/values.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import { StudyMeter } from "../terminal/study-meter.ts";
import type { CommandSpec, Flags } from "./command.ts";
import { hyperparameterHelp } from "./fit.ts";
import { solveRecordOf } from "./new-run.ts";
import { exactModel } from "./open-model.ts";
import { resumeSolve } from "./resume-solve.ts";
import { runSolve, type SolveOutcome } from "./run-solve.ts";
import { solveDocument } from "./solve-document.ts";
import { type SolveRequest, startOf } from "./solve-request.ts";
import { targetOf } from "./target-of-run.ts";

/** Default number of samples for estimating the result. */
const defaultSamples = 100_000;
/** Default number of samples of a flow in time, which takes as many derivatives as there are sites for each. */
const defaultOfTimeFlow = 1000;

/** `ansatz solve`. */
export const solve: CommandSpec = {
  define(command: Command, words) {
    const family =
      families.get(words[words.indexOf("--model") + 1] ?? "") ?? familyNamed(solvers[0] as string);
    command
      .description(
        "Learn P(x) = exp(−βE(x))/Z from the energy alone, without data, and write a run folder. Then estimate log Z, energy, " +
          "entropy and heat capacity by importance sampling, and compare them with exact values, if known.\n\n" +
          `Systems:\n${systemList()}`,
      )
      .argument("[system]", "name of the system")
      .option("--out <folder>", "run folder to create")
      .option(
        "--model <family>",
        `model family (default: the first of ${solvers.join(", ")} that models the system)`,
      );
    addSystemOptions(command, "system");
    addEnergyOptions(command);
    command
      .option(
        "--anneal-system <key=value>",
        "a parameter of the system at the start of annealing, such as mass2=-1 (repeatable; needs --anneal)",
        collect,
      )
      .option("--set <key=value>", "a hyperparameter of the model, such as hidden=512 (repeatable)", collect)
      .option(
        "-n, --samples <n>",
        `samples for the estimates (default: ${defaultSamples}; ${defaultOfTimeFlow} of --start with a flow in time)`,
        wholeFlag("--samples", 2),
      )
      .option(
        "--start <run>",
        "reweight samples of this run's model by the energy, without training; nothing is written, so --out is not needed",
      )
      .option("--resume", "resume a stopped solve; only --out is needed");
    addOptions(command, solveOptionsSchema);
    command.addHelpText(
      "after",
      () =>
        "\nFor flows on differentiable energies the defaults are --steps 2000, --batch 256, --updates 1, --lr 0.003, --clip 100 and\n" +
        "--warmup 50.\n" +
        `\nHyperparameters of ${family.name}, by --set (for other families: \`ansatz solve --model FAMILY --help\`). Spins are read as −1\n` +
        `and +1, and symmetries are built in, if the system allows it:\n${hyperparameterHelp(family)}`,
    );
  },
  examples: [
    "solve ising --shape 16x16 --beta critical --model made --out runs/van",
    "solve ising --shape 6x6 --beta 0.5 --system J=-1 --set hidden=128 --steps 1000 --out runs/afm",
    "solve --energy J.npy --fields h.npy --beta 0.5 --out runs/own",
    "solve --energy energy.mjs --out runs/program",
    "solve phi4 --shape 8x8 --mass2 -4 --lambda 8 --start runs/phi4-data",
    "solve --resume --out runs/van",
  ],
  async run([system], flags, session) {
    const from = textOf(flags, "start");
    if (from !== undefined) return reweighted(from, await readRequest(system, flags), flags, session);
    const out = textOf(flags, "out");
    if (!out) throw usageError("--out is missing; name the run folder, such as --out runs/van");
    const request = await readRequest(system, flags);
    const samples = numberOf(flags, "samples", defaultSamples);
    requireRoom(samples, 8); // their weights alone, before the work
    const { run, fitted } = await trained(out, request, flags, session);
    const { seed } = run.record;
    const solved = targetOf(run, request.own);
    const meter = new StudyMeter(session);
    const subject = solveSubject(fitted, solved, { samples, seed });
    const found = await lookThrough([freeEnergy], subject, meter.options).finally(() => meter.end());
    await fitted.release();
    for (const line of found.warnings) session.note(`warning: ${line}`);
    return {
      document: solveDocument(run, found.document),
      text: solveText(run, found.numbers),
    } satisfies Outcome;
  },
};

/** The outcome of `--start`: samples of a run's model, weighted by the energy of the request. */
async function reweighted(
  folder: string,
  request: SolveRequest,
  flags: Flags,
  session: Session,
): Promise<Outcome> {
  for (const flag of ["out", "model", "set", "annealSystem", "resume"])
    if (flags[flag] !== undefined) throw notTrained(flag);
  const settings = checkOptions(request.options, solveOptionsSchema);
  const trains = Object.keys(request.options).find((name) => name !== "seed" && name !== "threads");
  if (trains !== undefined) throw notTrained(trains);
  const target = targetOfRequest(request);
  // Its panels load what draws, which other solves do not wait for.
  const { reweightRun } = await import("./reweight-run.ts");
  return reweightRun(folder, target, {
    samples: (isSlow) => numberOf(flags, "samples", isSlow ? defaultOfTimeFlow : defaultSamples),
    seed: settings.seed,
    ...("threads" in request.options && { threads: settings.threads }),
    session,
  });
}

const notTrained = (flag: string) =>
  usageError(
    `--start reweights samples of a run without training, and writes nothing: leave --${flagName(flag)} out`,
  );

async function readRequest(system: string | undefined, flags: Flags): Promise<SolveRequest> {
  return {
    ...(await readSystem(system, flags)),
    startParameters: parseSettings((flags.annealSystem as string[] | undefined) ?? [], "--anneal-system"),
    family: textOf(flags, "model"),
    hyperparameters: parseSettings((flags.set as string[] | undefined) ?? []),
    options: optionsFromFlags(flags, solveOptionsSchema),
  };
}

/** The system that is solved for: one by name with its parameters, or an energy of one's own. */
async function readSystem(
  system: string | undefined,
  flags: Flags,
): Promise<Pick<SolveRequest, "system" | "systemParameters" | "sites" | "own">> {
  if (flags.energy === undefined) {
    if (flags.fields !== undefined) throw usageError("--fields needs --energy, which is missing");
    return { system, systemParameters: systemParameters(flags, "system") };
  }
  if (system !== undefined) throw usageError(`name the system ${system} or give --energy; not both`);
  const selected = await energyOf(flags);
  const refused = ["system", "mass2", "lambda", ...(selected.own ? ["shape", "annealSystem"] : [])];
  for (const key of refused)
    if (flags[key] !== undefined)
      throw usageError(
        `--${flagName(key)} is for named systems; the energy in ${String(flags.energy)} is complete`,
      );
  if (selected.own) return { own: selected, systemParameters: {} };
  const { name, parameters, sites } = selected.given;
  const shape = textOf(flags, "shape");
  if (shape !== undefined && sizeOf(parseShape(shape)) !== sites)
    throw usageError(
      `--shape ${shape} does not have the ${sites} sites that ${String(flags.energy)} couples`,
    );
  return { system: name, sites, systemParameters: { ...parameters, ...(shape !== undefined && { shape }) } };
}

/** The target of a request; couplings without a shape are those of sites in a line. */
function targetOfRequest({ system, systemParameters: parameters, sites, own }: SolveRequest): System {
  if (own) return own.own.at(own.beta);
  if (system === undefined)
    throw usageError("name the system to solve for, such as: ansatz solve ising; or give its --energy");
  systemKind(system);
  return createSystem(system, { ...(sites !== undefined && { shape: [sites] }), ...parameters });
}

async function trained(
  out: string,
  request: SolveRequest,
  flags: Flags,
  session: Session,
): Promise<SolveOutcome> {
  if (flags.resume === true) {
    if (await isRun(out)) return resumeSolve(out, request, session);
    await checkRunFolder(out, { force: true });
    if (request.system === undefined && !request.own) throw inputError(`no run in ${out} to resume`);
    session.note(`${out}: nothing to resume yet; starting`);
  }
  const target = targetOfRequest(request);
  if (request.family !== undefined) familyNamed(request.family);
  checkOptions(request.options, solveOptionsSchema);
  const force = flags.force === true;
  const note = (line: string) => session.note(line);
  await checkRunFolder(out, { force, note });
  const start = startOf(target, request);
  const domain = { space: target.space };
  const family = request.family ?? solvingFamily(domain);
  const asked = { ...solvingDefaults(family, target), ...request.hyperparameters };
  const hyperparameters = hyperparametersOf(family, asked);
  checkFitSize(family, domain, hyperparameters);
  const model = exactModel(createModel(family, domain, hyperparameters));
  const settings = checkOptions({ ...solveDefaults(model, target), ...request.options }, solveOptionsSchema);
  return runSolve({
    ...{ model, target, start, settings, session },
    open: ({ parameters }) =>
      createRun(out, solveRecordOf({ model, target, start, settings, parameters, session }), { force, note }),
  });
}

/** The command's output for a solve that has ended. */
function solveText({ folder, record }: Run<SolveRecord>, numbers: readonly NumberRow[]): string {
  const { family, parameters, result: end } = record;
  // The acceptance is for pages.
  const rows = numbers.filter(({ key }) => key !== "acceptance");
  return (
    `${folder}: ${family}, ${parameters} parameters, ${end?.step} steps, ${end?.seconds.toFixed(1)} s\n` +
    textTable(rows)
  );
}
