import type { NDArray } from "../../array.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { MapLeaves } from "../../tensor/tree.ts";

/** A model's parameters: nested plain objects and arrays of concrete arrays. */
export type Parameters = {
  readonly [name: string]: NDArray<"f32"> | readonly (NDArray<"f32"> | Parameters)[] | Parameters;
};

/** Parameters `P` as a traced function sees them. */
export type Symbolic<P> = MapLeaves<P, NDArray<"f32">, Tensor>;
