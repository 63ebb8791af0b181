import type { Command } from "commander";
import { bytesOf } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { storageOf } from "../data/space.ts";
import { usageError } from "../error.ts";
import { exactMean, rowMean, rowStatistic } from "../evaluate/index.ts";
import { checkWritable, saveDataset } from "../files/index.ts";
import { trueMinus } from "../report/figures/format.ts";
import { formatComparison, formatEstimate } from "../stats/index.ts";
import { simulate as drawDataset } from "../systems/dataset.ts";
import {
  createSystem,
  type RowFunction,
  type Simulation,
  type System,
  systemKind,
} from "../systems/index.ts";
import type { CommandSpec } from "./command.ts";
import { numberOf, requiredText, requireRoom, textOf, wholeFlag } from "./flags.ts";
import { labelOf } from "./numbers.ts";
import type { Session } from "./session.ts";
import { addSystemOptions, systemList, systemParameters } from "./system-options.ts";

/** `ansatz simulate`. */
export const simulate: CommandSpec = {
  define(command: Command) {
    command
      .description(
        `Draw configurations of a physical system by Monte Carlo, or points of a density in the plane.\n\nSystems:\n${systemList()}`,
      )
      .argument("<system>", "name of the system");
    addSystemOptions(command, "set");
    command
      .option("-n, --samples <n>", "rows to record (default: 10000)", wholeFlag("--samples"))
      .option("--chains <n>", "independent chains to spread them over (default: 16)", wholeFlag("--chains"))
      .option("--encoding <name>", "how to write spins: 01, or pm1 for -1 and +1 (default: 01)")
      .option(
        "--out <file>",
        "file to write: .npz keeps what is known of the rows; .npy, .csv take them alone",
      );
  },
  examples: ["simulate ising --shape 8x8 --beta critical --samples 20000 --seed 1 --out ising.npz"],
  async run([name = ""], flags, session) {
    systemKind(name);
    const out = requiredText(flags, "out", "name the file to write, such as --out data.npz");
    const encoding = textOf(flags, "encoding");
    if (encoding !== undefined && encoding !== "01" && encoding !== "pm1")
      throw usageError(`--encoding is 01 or pm1, not '${encoding}'`);
    await checkWritable(out, { force: flags.force === true });
    const system = createSystem(name, systemParameters(flags, "set"));
    if (encoding !== undefined && system.space.kind !== "binary")
      throw usageError(`--encoding: is how spins are written, and ${name} has none; leave it out`);
    requireRoom(numberOf(flags, "samples", 10_000), system.sites * bytesOf(storageOf(system.space)));
    const began = performance.now();
    const { dataset, simulation } = await simulateDataset(system, {
      samples: numberOf(flags, "samples", 10_000),
      seed: numberOf(flags, "seed", 0),
      chains: numberOf(flags, "chains", 16),
      name: out,
      session,
    });
    await saveDataset(out, { ...dataset, ...(encoding && { encoding }) }, { force: flags.force === true });
    if (!out.endsWith(".npz"))
      session.note(
        `note: ${out} holds the rows alone; an .npz keeps the system too, for exact values` +
          (simulation.chain
            ? ", and which chain each row is from, for splits and errors that allow for autocorrelation"
            : ""),
      );
    const seconds = (performance.now() - began) / 1000;
    return { document: documentOf(out, system, simulation, seconds), text: textFor(out, system, simulation) };
  },
};

/** See {@link simulateDataset}. */
interface SimulationRequest {
  readonly samples: number;
  readonly seed: number;
  readonly chains: number;
  /** The dataset's name, for messages. */
  readonly name: string;
  readonly session: Session;
}

/** Simulates a system into a dataset, with progress. */
export async function simulateDataset(
  system: System,
  { samples, seed, chains, name, session }: SimulationRequest,
): Promise<{ dataset: Dataset; simulation: Simulation }> {
  const progress = session.progress(`simulate ${system.name}`);
  return drawDataset(system, {
    samples,
    seed,
    chains,
    name,
    command: session.command,
    signal: session.signal,
    onProgress: ({ phase, done, total }) =>
      progress.update({ fraction: done / total, details: [phase, `${done} of ${total}`] }),
  }).finally(() => progress.end());
}

function documentOf(out: string, system: System, s: Simulation, seconds: number): unknown {
  const { exact, sites } = system;
  return {
    out,
    system: { name: system.name, parameters: system.parameters },
    rows: s.x.shape[0],
    shape: system.shape,
    sampler: s.sampler,
    tau: s.tau,
    thinning: s.thinning,
    burnIn: s.burnIn,
    ...(s.acceptance && { acceptance: s.acceptance }),
    energyPerSite: s.energy,
    observables: Object.fromEntries(headlinesOf(system, s).map(({ name, ...rest }) => [name, rest])),
    ...(exact && {
      exact: { logZ: exact.logZ, energyPerSite: exact.energy / sites, entropyPerSite: exact.entropy / sites },
    }),
    seconds,
  };
}

function textFor(out: string, system: System, s: Simulation): string {
  const { exact, sites, parameters } = system;
  const settings = Object.entries(parameters).map(
    ([name, value]) => `${name} ${Array.isArray(value) ? value.join("×") : value}`,
  );
  const energy = exact ? formatComparison(s.energy, exact.energy / sites) : formatEstimate(s.energy);
  const named = settings.length > 0 ? ` (${trueMinus(settings.join(", "))})` : "";
  return [
    `${out}: ${s.x.shape[0]} configurations of ${system.name}${named}`,
    howDrawn(s),
    `energy per site ${trueMinus(energy)}${whyUnknown(s)}`,
    ...headlinesOf(system, s).map(({ name, value, error, exact: known }) => {
      const estimate = { value, error };
      return `${labelOf(name)} ${trueMinus(known === undefined ? formatEstimate(estimate) : formatComparison(estimate, known))}`;
    }),
  ].join("\n");
}

/** What a system tells of its rows beside the energy, with exact values where they are known. */
function headlinesOf(system: System, { x, chain, tau, thinning }: Simulation) {
  const rows = { x, ...(chain && { chain: chain.data }), spacing: { tau, thinning } };
  return (system.headlines ?? []).map((name) => {
    const statistic = system.statistics?.[name];
    const exact = exactMean(system, name);
    const estimate = statistic
      ? rowStatistic(statistic, rows)
      : rowMean((system.observables[name] as RowFunction)(x), rows.chain, rows.spacing);
    return { name, value: estimate.value, error: estimate.error, ...(exact !== undefined && { exact }) };
  });
}

/** How the rows came about: as independent draws, or by a chain of which τ, burn-in and thinning are told. */
function howDrawn({ chain, sampler, tau, burnIn, thinning, acceptance }: Simulation): string {
  if (!chain) return `${sampler.name}: ${sampler.sweep}`;
  const accepted = acceptance ? `, acceptance ${formatEstimate(acceptance)}` : "";
  return `τ = ${tau.toPrecision(3)} sweeps; burn-in ${burnIn}, a row every ${thinning} (${sampler.name}: ${sampler.sweep}${accepted})`;
}

/** Why the energy has no error, where it has none. */
function whyUnknown({ x, energy }: Simulation): string {
  if (!Number.isNaN(energy.error)) return "";
  if (x.shape[0] === 1) return "; the error of one row is unknown";
  return "; the error is unknown, as every row has the same energy";
}
