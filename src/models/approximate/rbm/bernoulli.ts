import { type Space, siteShape, sites } from "../../../data/space.ts";
import { zerosInit } from "../../../nn/init.ts";
import {
  add,
  cast,
  less,
  matmul,
  mul,
  reshape,
  sigmoid,
  softplus,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";
import { column, real } from "../reference.ts";
import type { VisibleUnits } from "./visible.ts";

/** Bits: field b·v. */
export function bernoulliUnits(space: Space): VisibleUnits {
  const n = sites(space);
  const rows = (x: Tensor) => reshape(x, [x.shape[0] as number, n]);
  return {
    width: n,
    init: () => ({ bias: zerosInit([n]) }),
    adapt: (_, reference) => ({ bias: reference }),
    features: (_, x) => rows(x),
    field: ({ bias }, x) => matmul(rows(x), bias as Tensor),
    logSum: ({ bias }, drive) => sum(softplus(add(drive, bias as Tensor)), 1),
    draw({ bias }, reference, drive, t, key) {
      const s = column(t);
      const logits = add(mul(s, add(drive, bias as Tensor)), mul(sub(1, s), reference));
      const batch = drive.shape[0] as number;
      const v = cast(less(uniform(key, [batch, n], real(drive)), sigmoid(logits)), drive.dtype);
      return reshape(v, [batch, ...siteShape(space)]);
    },
  };
}
