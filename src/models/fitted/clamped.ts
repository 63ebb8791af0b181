import type { DType, NDArray } from "../../array.ts";
import { takeRows } from "../../array.ts";
import { keyOf } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { rHat } from "../../stats/index.ts";
import { ChainProgram } from "../approximate/chains.ts";
import { modelRows, requireRows, storedRows } from "../arrays.ts";
import type { EnergyModel, EnergyParameters } from "../contract.ts";
import { type ChainSettings, ramp, requireCounts, seriesOfChains, watcher } from "./chain-settings.ts";

/** What {@link FittedEnergy.complete} may be given. */
export interface ClampedOptions extends ChainSettings {
  /** Completions of each row (default 1). */
  readonly completions?: number | undefined;
}

/** Completions of rows with gaps by chains that keep the known sites. */
export interface ClampedCompletions {
  /** `[rows, completions, ...sites]`, as datasets store them. */
  readonly x: NDArray;
  /**
   * Split R̂ of the log-weight over the chains of each row, in the second half of their sweeps; NaN if it is
   * constant.
   */
  readonly rHat: Float64Array;
  readonly burnIn: number;
}

/** Minimum number of chains per completed row: with fewer, R̂ is not meaningful. */
const LEAST_CHAINS = 4;

/** Chains of all rows in one run of the graph, about. */
const CHUNK = 1000;

/** See {@link FittedEnergy.complete}. */
export async function completeByChains<P extends EnergyParameters>(
  model: EnergyModel<P>,
  parameters: P,
  engine: EngineOptions,
  values: NDArray,
  known: NDArray<"f32">,
  options: ClampedOptions,
): Promise<ClampedCompletions> {
  const { space } = model;
  const { burnIn = 1000, completions = 1 } = options;
  const key = keyOf(options);
  requireCounts({ completions, burnIn });
  requireRows(space, values);
  requireRows(space, known);
  const rows = values.shape[0] as number;
  const each = Math.max(LEAST_CHAINS, completions);
  const block = Math.min(rows, Math.max(1, Math.floor(CHUNK / each)));
  const program = await ChainProgram.compile(model, parameters, {
    ...{ chains: block * each, clamped: true },
    ...engine,
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
      const series = seriesOfChains(half);
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
