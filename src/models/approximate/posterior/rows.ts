import { type DType, type NDArray, takeRows } from "../../../array.ts";

/** Rows for the chains of a program: one a chain. */
export interface Lanes {
  /** Number of chains. */
  readonly count: number;
  /** `[count, ...sites]`, as models take them. */
  readonly x: NDArray<DType>;
  /** `[count, n]`, if the model has a context. */
  readonly context?: NDArray<"f32"> | undefined;
  /** `[count, sites]`, 1 for known sites, if some are unknown. */
  readonly known?: NDArray<"f32"> | undefined;
}

/** Rows `start` … `end` − 1 of lanes, each for `chains` chains one after the other. */
export function repeated({ x, context, known }: Lanes, start: number, end: number, chains: number): Lanes {
  const count = (end - start) * chains;
  const which = Uint32Array.from({ length: count }, (_, i) => start + Math.floor(i / chains));
  return {
    count,
    x: takeRows(x, which),
    ...(context && { context: takeRows(context, which) }),
    ...(known && { known: takeRows(known, which) }),
  };
}
