import { type DType, type NDArray, takeRows } from "../../array.ts";
import { stopIfAborted, usageError } from "../../error.ts";
import { keyOf, type SeedOrKey } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import { type Autocorrelation, autocorrelationTime, rHat } from "../../stats/index.ts";
import { ChainProgram, sweepsPerRun } from "../approximate/chains.ts";
import { modelRows, requireRows, storedRows } from "../arrays.ts";
import type { EnergyModel, EnergyParameters } from "../contract.ts";
import { traceLogWeight } from "../graphs.ts";
import { engineOptions } from "./handle.ts";

/** Rows in one run of the graph. */
const CHUNK = 1000;

/** Sweeps at the model by which τ is measured where it decides how many lie between samples. */
const PILOT = 200;
/** Most sweeps between samples that a measured τ asks for: beyond, the diagnostics have to tell. */
const MOST_THINNING = 100;

/** What every chain may be given. */
interface ChainSettings extends SeedOrKey {
  /** Sweeps of each chain before its first sample, the first half of them along the tempered path; 1000 where left out. */
  readonly burnIn?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops between chunks with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link FittedEnergy.sample} may be given. */
export interface ChainOptions extends ChainSettings {
  /** Chains side by side: 100, or as many as samples are asked for where those are fewer. */
  readonly chains?: number | undefined;
  /** Sweeps between samples of a chain, rounded up to tens; 2τ of the log-weight, 100 at most, where left out. */
  readonly thin?: number | undefined;
}

/** Samples of Markov chains. */
export interface ChainSamples {
  /** `[n, ...sites]`, as datasets store them: the first samples of all chains, then the second ones, … */
  readonly x: NDArray;
  /** Chain of each row. */
  readonly chain: Int32Array;
  /** log P(x) + log Z of each row, nats. */
  readonly logWeight: Float64Array;
  readonly chains: number;
  readonly burnIn: number;
  readonly thin: number;
  /** Sweeps of each chain that follow the burn-in. */
  readonly sweeps: number;
  /** Autocorrelation time of the log-weight, in sweeps, over all that follows the burn-in. */
  readonly tau: Autocorrelation;
  /** Split R̂ of the log-weight over the same sweeps; NaN for chains of fewer than four sweeps. */
  readonly rHat: number;
}

/** What {@link FittedEnergy.complete} may be given. */
export interface ClampedOptions extends ChainSettings {
  /** Completions of each row; 1 where left out. */
  readonly completions?: number | undefined;
}

/** Completions of rows with gaps by chains that keep the known sites. */
export interface ClampedCompletions {
  /** `[rows, completions, ...sites]`, as datasets store them. */
  readonly x: NDArray;
  /** Split R̂ of the log-weight over the chains of each row, in the second half of their sweeps; NaN where it is constant. */
  readonly rHat: Float64Array;
  readonly burnIn: number;
}

/** An energy model with its parameters: arrays in, arrays out. */
export class FittedEnergy<P extends EnergyParameters = EnergyParameters> implements AsyncDisposable {
  readonly model: EnergyModel<P>;
  readonly parameters: P;
  readonly engine: EngineOptions;
  private scorer: Promise<Program> | undefined;

  constructor(model: EnergyModel<P>, parameters: P, options: EngineOptions = {}) {
    this.model = model;
    this.parameters = parameters;
    this.engine = engineOptions(options);
  }

  /**
   * log P(x) + log Z of each row in nats; `x: [rows, ...sites]` as datasets store it. Throws AnsatzError (input) for rows
   * of another shape.
   */
  async logWeight(x: NDArray): Promise<Float64Array> {
    requireRows(this.model.space, x);
    this.scorer ??= Program.compile(traceLogWeight(this.model, this.parameters), this.engine);
    const program = await this.scorer;
    const rows = x.shape[0] as number;
    const out = new Float64Array(rows);
    for (let start = 0; start < rows; start += CHUNK) {
      const end = Math.min(start + CHUNK, rows);
      const [some] = await program.run([modelRows(this.model.space, x, start, end)]);
      out.set((some as NDArray<"f32">).data, start);
    }
    return out;
  }

  /**
   * `n` samples of Markov chains that start from independent sites and follow the tempered path to the model. They are
   * correlated within a chain, and as good as the chains are long: τ and R̂ tell. Throws AnsatzError (usage) for more
   * chains than samples.
   */
  async sample(n: number, options: ChainOptions = {}): Promise<ChainSamples> {
    const { burnIn = 1000, chains = Math.min(100, n) } = options;
    const key = keyOf(options);
    if (chains > n)
      throw usageError(`${n} samples cannot be spread over ${chains} chains; give at most ${n}`);
    requireCounts({ n, chains, burnIn, ...(options.thin !== undefined && { thin: options.thin }) });
    const program = await ChainProgram.compile(this.model, this.parameters, { chains, ...this.engine });
    try {
      const rounds = Math.ceil(n / chains);
      const watch = watcher(options, burnIn + rounds * (options.thin ?? 10));
      const start = await program.begin(key.fold(0));
      let { x } = await program.run(start, ramp(burnIn), key.fold(1), { every: watch(0) });
      const series: Float32Array[] = [];
      let { thin } = options;
      if (thin === undefined) {
        const pilot = await program.run(x, steady(PILOT), key.fold(2), { every: watch(burnIn) });
        x = pilot.x;
        series.push(...pilot.logWeight);
        const { tau } = autocorrelationTime(byChain(series));
        thin = Math.min(MOST_THINNING, Math.max(1, Math.ceil(2 * (Number.isNaN(tau) ? 0.5 : tau))));
      }
      thin = Math.ceil(thin / sweepsPerRun) * sweepsPerRun;
      const counted = watcher(options, burnIn + rounds * thin);
      const parts: NDArray<DType>[] = [];
      const logWeight = new Float64Array(rounds * chains);
      for (let round = 0; round < rounds; round++) {
        const every = counted(burnIn + round * thin);
        const next = await program.run(x, steady(thin), key.fold(3 + round), { every });
        x = next.x;
        parts.push(x);
        series.push(...next.logWeight);
        logWeight.set(next.logWeight.at(-1) as Float32Array, round * chains);
      }
      const all = storedRows(this.model.space, parts);
      const size = all.data.length / (rounds * chains);
      return {
        x: { ...all, shape: [n, ...all.shape.slice(1)], data: all.data.slice(0, n * size) } as NDArray,
        chain: Int32Array.from({ length: n }, (_, i) => i % chains),
        logWeight: logWeight.slice(0, n),
        ...{ chains, burnIn, thin, sweeps: series.length },
        tau: autocorrelationTime(byChain(series)),
        rHat: rHat(byChain(series)).value,
      };
    } finally {
      await program.release();
    }
  }

  /**
   * Completes configurations with gaps: chains that keep the known sites (`known` is 1 there, else 0; both
   * `[rows, ...sites]`, `values` as datasets store them) and draw the others. Each row has chains of its own, four at
   * least, that start from independent sites and follow the tempered path; a completion is where one of them ends.
   */
  async complete(
    values: NDArray,
    known: NDArray<"f32">,
    options: ClampedOptions = {},
  ): Promise<ClampedCompletions> {
    const { space } = this.model;
    const { burnIn = 1000, completions = 1 } = options;
    const key = keyOf(options);
    requireCounts({ completions, burnIn });
    requireRows(space, values);
    requireRows(space, known);
    const rows = values.shape[0] as number;
    const each = Math.max(LEAST_CHAINS, completions);
    const block = Math.min(rows, Math.max(1, Math.floor(CHUNK / each)));
    const program = await ChainProgram.compile(this.model, this.parameters, {
      ...{ chains: block * each, clamped: true },
      ...this.engine,
    });
    try {
      const blocks = Math.ceil(rows / block);
      const watch = watcher(options, blocks * burnIn);
      const parts: NDArray<DType>[] = [];
      const diagnosed = new Float64Array(rows);
      for (let b = 0; b < blocks; b++) {
        // The last block is filled up with its last row, whose surplus is dropped.
        const chosen = Uint32Array.from({ length: block * each }, (_, i) =>
          Math.min(rows - 1, b * block + Math.floor(i / each)),
        );
        const mask = takeRows(known, chosen) as NDArray<"f32">;
        const given = modelRows(space, takeRows(values, chosen), 0, chosen.length);
        const from = await program.begin(key.fold(b).fold(0));
        const start = {
          ...from,
          data: from.data.map((v, i) => (mask.data[i] === 1 ? given.data[i] : v) as never),
        };
        const trace = await program.run(start as NDArray<DType>, ramp(burnIn), key.fold(b).fold(1), {
          known: mask,
          every: watch(b * burnIn),
        });
        const half = trace.logWeight.slice(burnIn >> 1);
        const series = byChain(half);
        const here = Math.min(block, rows - b * block);
        for (let r = 0; r < here; r++)
          diagnosed[b * block + r] = rHat(series.slice(r * each, (r + 1) * each)).value;
        const kept = Uint32Array.from(
          { length: here * completions },
          (_, i) => Math.floor(i / completions) * each + (i % completions),
        );
        parts.push(takeRows(trace.x as NDArray, kept) as NDArray<DType>);
      }
      const all = storedRows(space, parts);
      const shape = [rows, completions, ...all.shape.slice(1)];
      return { x: { ...all, shape } as NDArray, rHat: diagnosed, burnIn };
    } finally {
      await program.release();
    }
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await (await this.scorer)?.release();
    this.scorer = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

/** Chains of each row that is completed, at least: fewer could not be held against each other. */
const LEAST_CHAINS = 4;

function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts))
    if (!Number.isInteger(value) || value < 1)
      throw usageError(`chains: ${name} is a positive integer, not ${value}`);
}

/** Points of the path for `burnIn` sweeps: up to the model in the first half, then at it. */
function ramp(burnIn: number): Float32Array {
  return Float32Array.from({ length: burnIn }, (_, i) => Math.min(1, (2 * (i + 1)) / burnIn));
}

const steady = (sweeps: number) => new Float32Array(sweeps).fill(1);

/** Measurements `[sweeps][chains]` as one series a chain. */
function byChain(series: readonly Float32Array[]): Float64Array[] {
  const chains = series[0]?.length ?? 0;
  return Array.from({ length: chains }, (_, c) => Float64Array.from(series, (at) => at[c] as number));
}

/** Tells of progress, and stops where that is asked for: called with sweeps done before and in a run. */
function watcher({ signal, onProgress }: ChainSettings, total: number) {
  return (before: number) => (done: number) => {
    stopIfAborted(signal, "sampling was interrupted");
    onProgress?.(Math.min(before + done, total), total);
  };
}
