import type { NDArray } from "../array.ts";

/** One number a configuration. */
export type Observable = (x: NDArray) => Float64Array;
