import { type NDArray, ndarray, type StorageType, sizeOf } from "../array.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import { metaVersion } from "../data/meta.ts";
import { Key } from "../random/key.ts";
import type { Estimate } from "../stats/index.ts";
import { type RunTasksOptions, runTasks } from "./parallel/run.ts";
import { planSimulation } from "./parallel/task.ts";
import type { SimulateOptions, Simulation, System } from "./system.ts";

/** Request of {@link simulate}. */
export interface SimulateRequest extends Omit<SimulateOptions, "key" | "store"> {
  /** Seed of the chains and of the splits (default 0). */
  readonly seed?: number | undefined;
  /** The dataset's name, for messages (default: the system's). */
  readonly name?: string | undefined;
  /** The command that asks, to be recorded with the data. */
  readonly command?: string | undefined;
}

/**
 * Simulates a system and returns a dataset of its rows, split by chain, that records the system: scores are
 * then compared with exact values.
 */
export async function simulate(
  system: System,
  { seed = 0, name = system.name, command, ...options }: SimulateRequest,
): Promise<{ dataset: Dataset; simulation: Simulation }> {
  const simulation = await system.simulate({ ...options, key: Key.fromSeed(seed) });
  const { dataset } = datasetOf([system], [simulation], { seed, name, command });
  return { dataset, simulation };
}

/** See {@link simulateTemperatures}. */
export interface TemperaturesRequest
  extends Omit<SimulateRequest, "onProgress">,
    Omit<RunTasksOptions, "signal"> {
  /** Told how many parts the work has, before they begin. */
  onPlan?(parts: number): void;
}

/**
 * Simulates a system at several temperatures, or many chains of it at one, in parts that run in several
 * threads: the rows do not depend on the number of threads. With several temperatures, β is the context of
 * the rows.
 *
 * @param systems one registered system at each temperature, equal except for β. @param request `samples` and
 * `chains` count rows over all temperatures and chains at each.
 * @returns the dataset, and details of the rows at each temperature.
 */
export async function simulateTemperatures(
  systems: readonly System[],
  request: TemperaturesRequest,
): Promise<{ dataset: Dataset; simulations: Simulation[] }> {
  const [first] = systems as [System];
  const { samples, chains = 16, seed = 0, name = first.name, command } = request;
  const { algorithm, thinning, burnIn } = request;
  const parameters = systems.map((system) => system.parameters);
  const tasks = planSimulation({
    ...{ system: first.name, parameters, samples, chains, seed },
    ...{ algorithm, thinning, burnIn },
  });
  request.onPlan?.(tasks.length);
  const results = await runTasks(tasks, request);
  const simulations = systems.map((system, place) =>
    merged(
      results.filter((_, n) => tasks[n]!.place === place),
      system,
    ),
  );
  return { dataset: datasetOf(systems, simulations, { seed, name, command }).dataset, simulations };
}

/** Blocks of chains of one system as one simulation. */
function merged(parts: readonly Simulation[], system: System): Simulation {
  const [first] = parts as [Simulation];
  if (parts.length === 1) return first;
  const rows = parts.map(({ x }) => x.shape[0]!);
  const total = rows.reduce((sum, n) => sum + n, 0);
  /** The mean over all rows, of independent parts. */
  const pooled = (estimates: readonly Estimate[]): Estimate => ({
    value: estimates.reduce((sum, { value }, i) => sum + value * rows[i]!, 0) / total,
    error: Math.sqrt(estimates.reduce((sum, { error }, i) => sum + (error * rows[i]!) ** 2, 0)) / total,
  });
  const longest = (of: (part: Simulation) => number) => Math.max(...parts.map(of));
  return {
    ...first,
    x: rowsOf(parts, system.shape),
    ...chainsOf(parts),
    tau: longest((part) => part.tau),
    thinning: longest((part) => part.thinning),
    burnIn: longest((part) => part.burnIn),
    energy: pooled(parts.map(({ energy }) => energy)),
    ...(first.acceptance && { acceptance: pooled(parts.map((part) => part.acceptance as Estimate)) }),
  };
}

/** Rows one after the other. */
function rowsOf(parts: readonly Simulation[], shape: readonly number[]): NDArray {
  const [first] = parts as [Simulation];
  if (parts.length === 1) return first.x;
  const rows = parts.reduce((sum, { x }) => sum + x.shape[0]!, 0);
  const out = ndarray<StorageType>(first.x.dtype, [rows, ...shape]);
  const data = out.data as Uint8Array;
  let at = 0;
  for (const { x } of parts) {
    data.set(x.data as Uint8Array, at);
    at += sizeOf(x.shape);
  }
  return out;
}

/** Chains one after the other, numbered anew. */
function chainsOf(parts: readonly Simulation[]): { chain?: NDArray<"i32"> } {
  const ids: number[] = [];
  let next = 0;
  for (const { chain } of parts) {
    if (!chain) return {};
    let last = -1;
    for (const id of chain.data) {
      ids.push(next + id);
      last = Math.max(last, id);
    }
    next += last + 1;
  }
  return { chain: ndarray("i32", [ids.length], Int32Array.from(ids)) };
}

/** The dataset of the rows at each temperature. */
function datasetOf(
  systems: readonly System[],
  simulations: readonly Simulation[],
  { seed, name, command }: { seed: number; name: string; command: string | undefined },
): { dataset: Dataset } {
  const [system] = systems as [System];
  const x = rowsOf(simulations, system.shape);
  const { chain } = chainsOf(simulations);
  const several = systems.length > 1;
  // Of several the one whose rows are closest together, in units of τ.
  const spacing = simulations.reduce((best, next) =>
    Number.isNaN(next.tau) || next.thinning / next.tau < best.thinning / best.tau ? next : best,
  );
  const { beta: _, ...shared } = system.parameters;
  const meta = {
    version: metaVersion,
    space: system.space,
    encoding: system.space.kind === "binary" ? "01" : "plain",
    system: {
      name: system.name,
      parameters: (several ? shared : system.parameters) as Record<string, never>,
      ...(several && { betas: systems.map(({ beta }) => beta) }),
    },
    ...(command !== undefined && { command }),
    seed,
    ...(chain && {
      chain: {
        count: chain.data.reduce((most, id) => Math.max(most, id + 1), 1),
        ...(Number.isFinite(spacing.tau) && { tau: spacing.tau }),
        thinning: spacing.thinning,
        burnIn: spacing.burnIn,
      },
    }),
  } as const;
  const context = several ? { context: contextOf(systems, simulations) } : {};
  const arrays = { x, ...(chain && { chain }), ...context };
  const dataset = makeDataset({ arrays, meta }, name, { seed, rows: "stored" });
  return { dataset: { ...dataset, symmetries: system.symmetries } };
}

/** β of every row, `[rows, 1]`. */
function contextOf(systems: readonly System[], simulations: readonly Simulation[]): NDArray<"f32"> {
  const rows = simulations.map(({ x }) => x.shape[0]!);
  const total = rows.reduce((sum, n) => sum + n, 0);
  const context = ndarray("f32", [total, 1]);
  let at = 0;
  rows.forEach((n, place) => {
    context.data.fill(systems[place]!.beta, at, at + n);
    at += n;
  });
  return context;
}
