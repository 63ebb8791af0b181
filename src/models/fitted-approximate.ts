import type { DType, NDArray } from "../array.ts";
import { AnsatzError, usageError } from "../error.ts";
import type { Key } from "../random/key.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import { Program } from "../runtime/program.ts";
import { ChainProgram } from "./approximate/chains.ts";
import { modelRows, requireRows, storedRows } from "./arrays.ts";
import type { ApproximateModel, EnergyParameters } from "./contract.ts";
import { traceLogWeight } from "./graphs.ts";

/** Rows in one run of the graph. */
const CHUNK = 1000;

/** What {@link FittedApproximate.sample} may be given. */
export interface ChainOptions {
  /** Source of every random number; the same key gives the same samples. */
  readonly key: Key;
  /** Chains side by side: 100, or as many as samples are asked for where those are fewer. */
  readonly chains?: number;
  /** Sweeps of each chain before its first sample, the first half of them along the tempered path; 1000 where left out. */
  readonly burnIn?: number;
  /** Sweeps between samples of a chain; 10 where left out. */
  readonly thin?: number;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between chunks with AnsatzError (interrupted). */
  readonly signal?: AbortSignal;
}

/** Samples of Markov chains. */
export interface ChainSamples {
  /** `[n, ...sites]`, as datasets store them: the first samples of all chains, then the second ones, … */
  readonly x: NDArray;
  /** Chain of each row. */
  readonly chain: Int32Array;
  /** log P(x) + log Z of each row, nats. */
  readonly logWeight: Float64Array;
}

/** An approximate model with its parameters: arrays in, arrays out. */
export class FittedApproximate<P extends EnergyParameters = EnergyParameters> {
  readonly model: ApproximateModel<P>;
  readonly parameters: P;
  readonly engine: EngineOptions;
  private scorer: Promise<Program> | undefined;

  constructor(model: ApproximateModel<P>, parameters: P, options: EngineOptions = {}) {
    this.model = model;
    this.parameters = parameters;
    this.engine = options.threads === undefined ? {} : { threads: options.threads };
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
   * correlated within a chain, and as good as the chains are long.
   */
  async sample(n: number, options: ChainOptions): Promise<ChainSamples> {
    const { key, burnIn = 1000, thin = 10, onProgress, signal } = options;
    const chains = Math.min(options.chains ?? 100, n);
    for (const [name, value] of Object.entries({ n, chains, burnIn, thin }))
      if (!Number.isInteger(value) || value < 1)
        throw usageError(`sampling: ${name} is a positive integer, not ${value}`);
    const program = await ChainProgram.compile(this.model, this.parameters, { chains, ...this.engine });
    try {
      const rounds = Math.ceil(n / chains);
      const total = burnIn + rounds * thin;
      const watch = (before: number) => (done: number) => {
        if (signal?.aborted) throw new AnsatzError("interrupted", "sampling was interrupted");
        onProgress?.(before + done, total);
      };
      const ramp = Float32Array.from({ length: burnIn }, (_, i) => Math.min(1, (2 * (i + 1)) / burnIn));
      const start = await program.begin(key.fold(0));
      let { x } = await program.run(start, ramp, key.fold(1), { every: watch(0) });
      const steady = new Float32Array(thin).fill(1);
      const parts: NDArray<DType>[] = [];
      const logWeight = new Float64Array(rounds * chains);
      for (let round = 0; round < rounds; round++) {
        const next = await program.run(x, steady, key.fold(2 + round), {
          every: watch(burnIn + round * thin),
        });
        x = next.x;
        parts.push(x);
        logWeight.set(next.logWeight.at(-1) as Float32Array, round * chains);
      }
      onProgress?.(total, total);
      const all = storedRows(this.model.space, parts);
      const size = all.data.length / (rounds * chains);
      return {
        x: { ...all, shape: [n, ...all.shape.slice(1)], data: all.data.slice(0, n * size) } as NDArray,
        chain: Int32Array.from({ length: n }, (_, i) => i % chains),
        logWeight: logWeight.slice(0, n),
      };
    } finally {
      await program.release();
    }
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await (await this.scorer)?.release();
    this.scorer = undefined;
  }
}
