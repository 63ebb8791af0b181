import { type SpaceOf, siteShape, sites } from "../../../data/space.ts";
import { zerosInit } from "../../../nn/init.ts";
import {
  add,
  logSoftmax,
  logSumExp,
  matmul,
  mul,
  oneHot,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";
import { column, drawStates, real } from "../reference.ts";
import type { VisibleUnits } from "./visible.ts";

/** Categorical sites, one-hot to the hidden units: field Σ_i b_i(v_i). */
export function pottsUnits(space: SpaceOf<"categorical">): VisibleUnits {
  const [n, k] = [sites(space), space.states];
  const hot = (x: Tensor, like: Tensor) => {
    const batch = x.shape[0] as number;
    return reshape(oneHot(reshape(x, [batch, n]), k, like.dtype), [batch, n * k]);
  };
  const bySite = (x: Tensor) => reshape(x, [x.shape[0] as number, n, k]);
  return {
    width: n * k,
    init: () => ({ bias: zerosInit([n * k]) }),
    adapt: (_, reference) => ({ bias: reshape(reference, [n * k]) }),
    features: ({ bias }, x) => hot(x, bias as Tensor),
    field: ({ bias }, x) => matmul(hot(x, bias as Tensor), bias as Tensor),
    logSum: ({ bias }, drive) => sum(logSumExp(bySite(add(drive, bias as Tensor)), 2), 1),
    draw({ bias }, reference, drive, t, key) {
      const s = column(t);
      const base = reshape(logSoftmax(reference), [n * k]);
      const logits = bySite(add(mul(s, add(drive, bias as Tensor)), mul(sub(1, s), base)));
      const batch = drive.shape[0] as number;
      const states = drawStates(softmax(logits), uniform(key, [batch, n], real(drive)));
      return reshape(states, [batch, ...siteShape(space)]);
    },
  };
}
