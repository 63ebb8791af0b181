import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { planSheet } from "../../data/pictures/sheet.ts";
import { rowBytes } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import { checkWritable, isPictureName, saveDataset } from "../../files/index.ts";
import { createSystem, isStateName, type System, systemKind } from "../../systems/index.ts";
import { mostRowBytes } from "../../systems/most-rows.ts";
import { chainsAtOnce } from "../../systems/parallel/task.ts";
import { numberOf, requiredText, requireRoom, textOf, wholeFlag } from "../options/flags.ts";
import { addSystemOptions, systemList, systemParameters } from "../options/system-options.ts";
import type { CommandSpec, Flags } from "./command.ts";
import { simulateDataset } from "./simulate-dataset.ts";
import { addKappaOptions, kappaSummary, refuseKappaFlags, simulateKappaFile } from "./simulate-kappa.ts";
import { addQubitOptions, refuseQubitFlags, simulateQubitFile, stateList } from "./simulate-qubits.ts";
import { simulateOutcome } from "./simulate-result.ts";

/** `ansatz simulate`. */
export const simulate: CommandSpec = {
  define(command: Command) {
    command
      .description(
        `Draw configurations of a physical system by Monte Carlo, points of a density in the plane, maps of the sky, or shots of measured qubits.\n\nSystems:\n${systemList()}\n  ${"kappa".padEnd(10)} ${kappaSummary}\n\nStates of qubits (--qubits, --noise, --settings, --shots):\n${stateList()}`,
      )
      .argument("<system>", "name of the system");
    addSystemOptions(command, "set");
    command
      .option(
        "--beta-range <numbers...>",
        "start, stop, count: evenly spaced inverse temperatures, including both ends; the context of the rows",
      )
      .option(
        "-n, --samples <n>",
        "number of rows, over all temperatures (default: 10000)",
        wholeFlag("--samples"),
      )
      .option(
        "--replicas <n>",
        "independent chains at each temperature (default: 16)",
        wholeFlag("--replicas"),
      )
      .addOption(new Option("--chains <n>").argParser(wholeFlag("--chains")).hideHelp())
      .option(
        "--algorithm <name>",
        "algorithm, such as wolff or metropolis (default: depends on system, temperature and replicas)",
      )
      .option("--sweeps <n>", "sweeps between rows of a chain (default: 5 τ)", wholeFlag("--sweeps"))
      .option(
        "--burn-in <n>",
        "sweeps before the first row (default: until τ is known, at least 100 τ)",
        wholeFlag("--burn-in", 0),
      )
      .option("--threads <n>", "number of threads; the rows do not depend on it", wholeFlag("--threads"))
      .option("--encoding <name>", "encoding of spins: 01, or pm1 for -1 and +1 (default: 01)")
      .option("--resume", "resume a stopped simulation from <file>.partial")
      .option(
        "--out <file>",
        "file to write: .npz also keeps chains, context and system; .npy and .csv only the rows; .png shows them",
      );
    addKappaOptions(command);
    addQubitOptions(command);
  },
  examples: [
    "simulate ising --shape 8x8 --beta critical --samples 20000 --seed 1 --out ising.npz",
    "simulate ising --shape 64x64 --beta-range 0.3 0.6 16 --replicas 128 --out data.npz",
    "simulate kappa --shape 32x32 --method lognormal --samples 4000 --seed 1 --out sky.npz",
    "simulate ghz --qubits 3 --noise depolarise=0.1 --settings pauli --shots 100 --out shots.npz",
    "simulate spin-glass --shape 6x6x6 --beta 1 --set seed=3 --out glass.npz",
  ],
  async run([name = ""], flags, session) {
    if (name !== "kappa" && !isStateName(name)) systemKind(name);
    const out = requiredText(flags, "out", "name the file to write, such as --out data.npz");
    const force = flags.force === true;
    await checkWritable(out, { force });
    if (isStateName(name)) return simulateQubitFile(name, out, flags, session);
    refuseQubitFlags(flags, name);
    if (name === "kappa") return simulateKappaFile(out, flags, session);
    refuseKappaFlags(flags, name);
    const samples = numberOf(flags, "samples", 10_000);
    const systems = systemsOf(name, flags, samples);
    const [system] = systems as [System];
    if (isPictureName(out)) planSheet(samples, system.space);
    const encoding = encodingOf(flags, system);
    const { algorithm, sweeps, burnIn } = samplerFlags(flags, system);
    const chains = numberOf(flags, "replicas", numberOf(flags, "chains", 16));
    requireChains(flags, chains, samples, systems.length);
    // Each temperature and each block of chains draws into an array of its own.
    const arrays = systems.length * Math.ceil(chains / chainsAtOnce);
    requireRoom(samples, rowBytes(system.space), "--samples", arrays * mostRowBytes);
    if (chains > 16) requireRoom(chains, chainBytes + 8 * system.sites, "--replicas");
    const began = performance.now();
    const { dataset, simulations } = await simulateDataset(systems, {
      ...{ samples, chains, algorithm, name: out, session },
      thinning: sweeps,
      burnIn,
      seed: numberOf(flags, "seed", 0),
      threads: numberOf(flags, "threads", availableParallelism()),
      kept: { out, resume: flags.resume === true, force },
      finish: (made) => saveDataset(out, { ...made, ...(encoding && { encoding }) }, { force }),
    });
    if (!out.endsWith(".npz"))
      session.note(
        `note: ${out} holds the rows alone; an .npz keeps the system too, for exact values` +
          (dataset.chain
            ? ", and which chain each row is from, for splits and errors that allow for autocorrelation"
            : ""),
      );
    return simulateOutcome(out, systems, simulations, (performance.now() - began) / 1000);
  },
};

/** Approximate number of bytes of a chain in addition to those of its sites. */
const chainBytes = 256;

/** Maximum number of temperatures of a simulation: each makes a system and a line of results. */
const mostTemperatures = 10_000;

/** Throws a usage error if more chains are asked for than rows: each chain gives one at least. */
function requireChains(flags: Flags, chains: number, samples: number, temperatures: number): void {
  const given = flags.replicas === undefined ? flags.chains : flags.replicas;
  const most = Math.floor(samples / temperatures);
  if (given === undefined || chains <= most) return;
  const flag = flags.replicas === undefined ? "--chains" : "--replicas";
  const at = temperatures === 1 ? "" : ` at each of ${temperatures} temperatures`;
  throw usageError(
    `${flag}: ${chains} chains${at} are more than the ${samples} rows; give at most ${most}, or more --samples`,
  );
}

/** The system at each temperature; each gets at least one of the `samples`. */
function systemsOf(name: string, flags: Flags, samples: number): System[] {
  const parameters = systemParameters(flags, "set");
  const range = flags.betaRange as readonly string[] | undefined;
  if (Number(parameters.beta) < 0)
    throw usageError(
      `--beta: an inverse temperature is 0 or more, not ${String(parameters.beta)}; a coupling of the other sign, such ` +
        "as --set J=-1, makes an antiferromagnet",
    );
  if (range === undefined) return [createSystem(name, parameters)];
  if (parameters.beta !== undefined)
    throw usageError("--beta-range and --beta both give the inverse temperature; give one of them");
  const [start = Number.NaN, stop = Number.NaN, count = Number.NaN] = range.map(Number);
  if (range.length !== 3 || !(start >= 0) || !(stop >= 0) || !Number.isFinite(start + stop))
    throw usageError(
      `--beta-range takes three numbers, first and last inverse temperature (0 or more) and how many, ` +
        `such as 0.3 0.6 16, not '${range.join(" ")}'`,
    );
  if (!Number.isInteger(count) || count < 2)
    throw usageError(`--beta-range: the number of temperatures is 2 or more, not ${range[2]}`);
  if (count > mostTemperatures)
    throw usageError(`--beta-range: ${range[2]} temperatures are too many; give at most ${mostTemperatures}`);
  if (samples < count)
    throw usageError(`--samples: ${samples} rows for ${count} temperatures; ask for at least one each`);
  if (start === stop)
    throw usageError(
      `--beta-range: from ${range[0]} to ${range[1]} there is only one temperature, not ${count}; give --beta ${range[0]}`,
    );
  return Array.from({ length: count }, (_, i) =>
    createSystem(name, { ...parameters, beta: start + ((stop - start) * i) / (count - 1) }),
  );
}

function encodingOf(flags: Flags, { name, space }: System): "01" | "pm1" | undefined {
  const encoding = textOf(flags, "encoding");
  if (encoding !== undefined && encoding !== "01" && encoding !== "pm1")
    throw usageError(`--encoding is 01 or pm1, not '${encoding}'`);
  if (encoding !== undefined && space.kind !== "binary")
    throw usageError(`--encoding: is for spins, which ${name} does not have; leave it out`);
  return encoding;
}

/** The sampler flags; throws if the system leaves no choice. */
function samplerFlags(flags: Flags, { name, algorithms }: System) {
  const algorithm = textOf(flags, "algorithm");
  const [sweeps, burnIn] = [flags.sweeps as number | undefined, flags.burnIn as number | undefined];
  const given = Object.entries({ algorithm, sweeps, "burn-in": burnIn }).find(
    ([, value]) => value !== undefined,
  );
  if (given && !algorithms) throw usageError(`--${given[0]}: ${name} has no choice here; leave it out`);
  if (algorithm !== undefined && !algorithms?.includes(algorithm))
    throw usageError(`--algorithm: ${name} has ${algorithms?.join(", ")}, not '${algorithm}'`);
  return { algorithm, sweeps, burnIn };
}
