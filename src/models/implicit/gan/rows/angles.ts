import { sizeOf } from "../../../../array.ts";
import {
  add,
  concat,
  cos,
  div,
  expandDims,
  mean,
  reshape,
  sin,
  slice,
  sqrt,
  square,
  sum,
  type Tensor,
} from "../../../../tensor/index.ts";
import { angleOf } from "../../../approximate/latent/likelihoods/angle-of.ts";
import type { Rows } from "./rows.ts";

/** Away from 0, where a direction has no derivative. */
const TINY = 1e-6;

/** Angles, read as their cosines and sines; generated ones are the directions of vectors. */
export function angleRows(shape: readonly number[]): Rows {
  const sites = sizeOf(shape);
  const row = (given: Tensor) => {
    const part = (i: number) => reshape(slice(given, 2, i, i + 1), given.shape.slice(0, 2) as number[]);
    return angleOf(part(0), part(1));
  };
  const read = (x: Tensor) => concat([expandDims(cos(x), -1), expandDims(sin(x), -1)], x.shape.length);
  return {
    ...{ features: 2, outputs: 2, count: 0 },
    init: () => ({}),
    read: (_, x) => read(x),
    fake: (given) => div(given, sqrt(add(sum(square(given), 2, true), TINY))),
    row: (_, given) => row(given),
    centre: (_, given) => row(given),
    adapt: (x) => ({ units: {}, start: reshape(mean(read(x), 0), [sites, 2]) }),
  };
}
