import { type Space, siteShape, sites } from "../../../data/space.ts";
import { zerosInit } from "../../../nn/init.ts";
import {
  add,
  div,
  exp,
  mul,
  normal,
  reshape,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "../../../tensor/index.ts";
import { column, real } from "../reference.ts";
import type { VisibleUnits } from "./visible.ts";

/**
 * Real sites of mean b and variance σ² = exp(z) before the hidden units shift them: field −Σ (v − b)²/2σ², features v/σ²
 * (Cho, Ilin & Raiko 2011, equation 1).
 */
export function gaussianUnits(space: Space): VisibleUnits {
  const n = sites(space);
  const rows = (x: Tensor) => reshape(x, [x.shape[0] as number, n]);
  const part = (reference: Tensor, i: number) => reshape(slice(reference, 0, i, i + 1), [n]);
  return {
    width: n,
    init: () => ({ bias: zerosInit([n]), logVariance: zerosInit([n]) }),
    adapt: (_, reference) => ({ bias: part(reference, 0), logVariance: mul(part(reference, 1), 2) }),
    features: ({ logVariance }, x) => div(rows(x), exp(logVariance as Tensor)),
    field: ({ bias, logVariance }, x) =>
      mul(sum(div(square(sub(rows(x), bias as Tensor)), exp(logVariance as Tensor)), 1), -0.5),
    logSum({ bias, logVariance }, drive) {
      // ∫ exp(−(v − b)²/2σ² + v d/σ²) dv = √(2π) σ exp((2 b d + d²)/2σ²), for each site.
      const variance = exp(logVariance as Tensor);
      const shift = div(add(mul(mul(bias as Tensor, drive), 2), square(drive)), mul(variance, 2));
      const scale = mul(add(logVariance as Tensor, Math.log(2 * Math.PI)), 0.5);
      return sum(add(shift, scale), 1);
    },
    draw({ bias, logVariance }, reference, drive, t, key) {
      const s = column(t);
      const own = mul(s, exp(mul(logVariance as Tensor, -1)));
      const base = mul(sub(1, s), exp(mul(part(reference, 1), -2)));
      const precision = add(own, base);
      const middle = div(add(mul(own, add(bias as Tensor, drive)), mul(base, part(reference, 0))), precision);
      const batch = drive.shape[0] as number;
      const v = add(middle, div(normal(key, [batch, n], real(drive)), sqrt(precision)));
      return reshape(v, [batch, ...siteShape(space)]);
    },
  };
}
