import type { DType, NDArray } from "../../array.ts";
import { usageError } from "../../error.ts";
import { keyOf } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import { type Autocorrelation, autocorrelationTime, rHat } from "../../stats/index.ts";
import { ChainProgram, sweepsPerRun } from "../approximate/chains.ts";
import { modelRows, requireStates, storedRows } from "../arrays.ts";
import type { EnergyModel, EnergyParameters } from "../contract.ts";
import { traceLogWeight } from "../graphs.ts";
import {
  type ChainSettings,
  ramp,
  requireCounts,
  seriesOfChains,
  steady,
  watcher,
} from "./chain-settings.ts";
import { type ClampedCompletions, type ClampedOptions, completeByChains } from "./clamped.ts";
import { Coder } from "./coder.ts";
import { engineOptions } from "./handle.ts";

/** Rows in one run of the graph. */
const CHUNK = 1000;

/** Sweeps at the model to measure τ, if τ decides the sweeps between samples. */
const PILOT = 200;
/**
 * Maximum number of sweeps between samples that a measured τ can set; beyond it, the diagnostics show the
 * correlation.
 */
const MOST_THINNING = 100;

/** What {@link FittedEnergy.sample} may be given. */
export interface ChainOptions extends ChainSettings {
  /** Chains side by side (default: 100, or the number of samples if smaller). */
  readonly chains?: number | undefined;
  /** Sweeps between samples of a chain, rounded up to tens (default: 2τ of the log-weight, at most 100). */
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
  /** Number of chains. */
  readonly chains: number;
  /** Sweeps of each chain before its first sample. */
  readonly burnIn: number;
  /** Sweeps between two samples of a chain. */
  readonly thin: number;
  /** Sweeps of each chain that follow the burn-in. */
  readonly sweeps: number;
  /** Autocorrelation time of the log-weight, in sweeps, over all that follows the burn-in. */
  readonly tau: Autocorrelation;
  /** Split R̂ of the log-weight over the same sweeps; NaN for chains of fewer than four sweeps. */
  readonly rHat: number;
}

/** An energy model with its parameters: arrays in, arrays out. */
export class FittedEnergy<P extends EnergyParameters = EnergyParameters> implements AsyncDisposable {
  /** The definition of the model, which holds no numbers. */
  readonly model: EnergyModel<P>;
  /** Its numbers, a tree of arrays. */
  readonly parameters: P;
  /** How graphs run: threads inside one operation. */
  readonly engine: EngineOptions;
  /** The codes of the model, if it has any. */
  readonly coder: Coder<P>;
  private scorer: Promise<Program> | undefined;

  constructor(model: EnergyModel<P>, parameters: P, options: EngineOptions = {}) {
    this.model = model;
    this.parameters = parameters;
    this.engine = engineOptions(options);
    this.coder = new Coder(model, parameters, this.engine);
  }

  /**
   * log P(x) + log Z of each row in nats; `x: [rows, ...sites]` as datasets store it. Throws AnsatzError (input) for rows
   * of another shape.
   */
  async logWeight(x: NDArray): Promise<Float64Array> {
    requireStates(this.model.space, x);
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
   * Returns `n` samples of Markov chains that start from independent sites and follow the tempered path to
   * the model. They are correlated within a chain, and only as good as the chains are long; see τ and R̂.
   * Throws AnsatzError (usage) for more chains than samples.
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
        const { tau } = autocorrelationTime(seriesOfChains(series));
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
        tau: autocorrelationTime(seriesOfChains(series)),
        rHat: rHat(seriesOfChains(series)).value,
      };
    } finally {
      await program.release();
    }
  }

  /**
   * Completes configurations with gaps: chains keep the known sites (`known` is 1 there, else 0; both
   * `[rows, ...sites]`, `values` as datasets store them) and draw the others. Each row has its own chains, at
   * least four, which start from independent sites and follow the tempered path; a completion is the end of
   * one of them.
   */
  complete(
    values: NDArray,
    known: NDArray<"f32">,
    options: ClampedOptions = {},
  ): Promise<ClampedCompletions> {
    return completeByChains(this.model, this.parameters, this.engine, values, known, options);
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await this.coder.release();
    await (await this.scorer)?.release();
    this.scorer = undefined;
  }

  /** Frees the compiled graphs, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
