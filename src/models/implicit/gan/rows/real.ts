import { sizeOf } from "../../../../array.ts";
import { zerosInit } from "../../../../nn/init.ts";
import {
  add,
  div,
  exp,
  expandDims,
  mul,
  stopGradient,
  sub,
  type Tensor,
  zeros,
} from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import { momentsOf } from "../../../exact/flows/bijections/affine.ts";
import { oneOutput, type Rows } from "./rows.ts";

/** A mean and a unit of each column of a table, or one of all pixels of a picture. */
export function realRows(shape: readonly number[]): Rows {
  const sites = sizeOf(shape);
  const units = shape.length === 1 ? sites : 1;
  const unitsOf = (p: Symbolic<Parameters>) => ({
    shift: stopGradient(p.shift as Tensor),
    scale: exp(stopGradient(p.logScale as Tensor)),
  });
  const row = (p: Symbolic<Parameters>, given: Tensor) => {
    const { shift, scale } = unitsOf(p);
    return add(shift, mul(scale, oneOutput(given)));
  };
  return {
    ...{ features: 1, outputs: 1, count: 2 * units },
    init: () => ({ shift: zerosInit([units]), logScale: zerosInit([units]) }),
    read(p, x) {
      const { shift, scale } = unitsOf(p);
      return expandDims(div(sub(x, shift), scale), -1);
    },
    fake: (given) => given,
    row,
    centre: row,
    adapt(x, dtype) {
      const { shift, logScale } = momentsOf(x, [units]);
      return { units: { shift, logScale }, start: zeros([sites, 1], dtype) };
    },
  };
}
