import type { NDArray } from "../../../../array.ts";
import { zerosInit } from "../../../../nn/init.ts";
import {
  add,
  broadcastTo,
  concat,
  div,
  exp,
  expandDims,
  mul,
  normal,
  reshape,
  slice,
  softplus,
  square,
  stopGradient,
  sub,
  type Tensor,
  zeros,
} from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import { momentsOf } from "../../../exact/flows/bijections/affine.ts";
import type { Likelihood } from "./likelihood.ts";

/** Whose standard deviations {@link gaussian} learns: one of all sites, one of each site, or functions of z. */
export const variances = ["shared", "site", "latent"] as const;

/** Parameters of {@link gaussian}. */
export type GaussianParameters = {
  /** Means of the columns, fixed in training: `[sites]`. */
  readonly shift: NDArray<"f32">;
  /** Logarithms of the units of the columns, likewise. With one standard deviation for all sites, one unit for all. */
  readonly logScale: NDArray<"f32">;
  /** Logarithms of the standard deviations in these units, `[sites]` or `[1]`; absent if they are functions of z. */
  readonly logDeviation?: NDArray<"f32">;
};

/** ln of the smallest standard deviation, in units of the data: a density has no upper limit without one. */
const LEAST = Math.log(1e-3);

/**
 * Normal real numbers of `sites` sites with learned standard deviations. The decoder gives their means in units of the data;
 * with one standard deviation σ for all sites −log P(x | z) is |x − x̂|²/(2σ²) up to a constant.
 */
export function gaussian(
  sites: number,
  variance: (typeof variances)[number],
): Likelihood<GaussianParameters> {
  const outputs = variance === "latent" ? 2 : 1;
  const learned = variance === "latent" ? 0 : variance === "site" ? sites : 1;
  const units = (p: Symbolic<GaussianParameters>) => ({
    shift: stopGradient(p.shift),
    logScale: stopGradient(p.logScale),
  });
  const column = (given: Tensor, i: number) =>
    reshape(slice(given, 2, i, i + 1), given.shape.slice(0, 2) as number[]);
  const logDeviation = (p: Symbolic<GaussianParameters>, given: Tensor) =>
    add(softplus(sub(p.logDeviation ?? column(given, 1), LEAST)), LEAST);
  return {
    name: "gaussian",
    ...{ features: 1, outputs, count: 2 * sites + learned },
    init: () => ({
      shift: zerosInit([sites]),
      logScale: zerosInit([sites]),
      ...(learned > 0 && { logDeviation: zerosInit([learned]) }),
    }),
    read(p, x) {
      const { shift, logScale } = units(p);
      return expandDims(div(sub(x, shift), exp(logScale)), -1);
    },
    logProb(p, given, x) {
      const { shift, logScale } = units(p);
      const spread = logDeviation(p, given);
      const missed = sub(div(sub(x, shift), exp(logScale)), column(given, 0));
      const constant = add(add(logScale, spread), 0.5 * Math.log(2 * Math.PI));
      return sub(mul(square(div(missed, exp(spread))), -0.5), constant);
    },
    draw(p, given, key) {
      const middle = column(given, 0);
      const noise = normal(key, middle.shape, middle.dtype as "f32");
      const { shift, logScale } = units(p);
      return add(shift, mul(exp(logScale), add(middle, mul(noise, exp(logDeviation(p, given))))));
    },
    centre(p, given) {
      const { shift, logScale } = units(p);
      return add(shift, mul(exp(logScale), column(given, 0)));
    },
    adapt(p, x, dtype) {
      const { shift, logScale: own } = momentsOf(x, [sites]);
      const pooled = () => broadcastTo(momentsOf(sub(x, shift), [1]).logScale, [sites]);
      const logScale = variance === "shared" ? pooled() : own;
      const start = zeros([sites, 1], dtype);
      return {
        parameters: { ...p, shift, logScale },
        start: outputs === 1 ? start : concat([start, start], 1),
      };
    },
  };
}
