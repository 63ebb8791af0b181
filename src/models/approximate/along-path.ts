import { type DType, type NDArray, ndarray } from "../../array.ts";

/** Temperatures in one run of a graph that anneals. */
export const CHUNK = 16;
/** Number of pieces of a path that record their work separately, to show where it is spent. */
const SEGMENTS = 64;

/** Result of annealing several chains along a path; `S` is the type of their positions. */
export interface Annealing<S = NDArray<DType>> {
  /** Where the chains ended: `[chains, ...]`. */
  readonly x: S;
  /** Log-weight of each chain, nats: the sum of log f_next(x) − log f_now(x) over the temperatures it passed. */
  readonly logWeights: Float64Array;
  /** The same, of consecutive pieces of the path: `[pieces][chains]`. */
  readonly pieces: readonly Float64Array[];
  /** The points t between which the pieces lie, one more than pieces, and the number of steps of each. */
  readonly edges: readonly number[];
  readonly steps: readonly number[];
}

/**
 * Moves chains from `at` through {@link CHUNK} temperatures: returns their new positions, and what each step
 * added to the log-weights, `[CHUNK, chains]`. `from` and `to` are the points of each step, `begin` the
 * number of steps before.
 */
export type AnnealChunk<S> = (
  at: S,
  from: NDArray<"f32">,
  to: NDArray<"f32">,
  begin: number,
) => Promise<readonly [S, Float32Array]>;

/**
 * Carries `chains` chains from `start` through `temperatures`, the points t of a path from the current one, a
 * chunk at a time, and sums their log-weights. `every` is called during the run with the number of points
 * passed, and may throw to stop.
 */
export async function alongPath<S>(
  start: S,
  temperatures: Float32Array,
  chains: number,
  chunk: AnnealChunk<S>,
  every?: (done: number) => void,
): Promise<Annealing<S>> {
  const total = temperatures.length - 1;
  const pieces: Float64Array[] = [];
  const edges = [temperatures[0] as number];
  const steps: number[] = [];
  let at = start;
  for (let begin = 0; begin < total; begin += CHUNK) {
    every?.(begin);
    // Steps beyond the end stay at the last point: they weigh nothing, and are not looked at.
    const points = Float32Array.from(
      { length: CHUNK + 1 },
      (_, i) => temperatures[Math.min(begin + i, total)] as number,
    );
    const [next, gains] = await chunk(
      at,
      ndarray("f32", [CHUNK], points.slice(0, -1)),
      ndarray("f32", [CHUNK], points.slice(1)),
      begin,
    );
    at = next;
    for (let i = 0; i < CHUNK && begin + i < total; i++) {
      const piece = Math.floor(((begin + i) * SEGMENTS) / Math.max(total, SEGMENTS));
      pieces[piece] ??= new Float64Array(chains);
      const sum = pieces[piece];
      for (let c = 0; c < chains; c++) sum[c] = (sum[c] as number) + (gains[i * chains + c] as number);
      edges[piece + 1] = temperatures[begin + i + 1] as number;
      steps[piece] = (steps[piece] ?? 0) + 1;
    }
  }
  every?.(total);
  const logWeights = new Float64Array(chains);
  for (const piece of pieces)
    piece.forEach((w, c) => {
      logWeights[c] = (logWeights[c] as number) + w;
    });
  return { x: at, logWeights, pieces, edges, steps };
}
