import {
  add,
  div,
  exp,
  expandDims,
  mul,
  neg,
  normal,
  reshape,
  type SymbolicKey,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";
import { whiten } from "./density.ts";
import { gaussianAt, logStandardNormal, residual, whitenedAt } from "./gaussian.ts";
import type { FlowParts, P } from "./parts.ts";
import { estimate, FINEST, shownContext } from "./velocity.ts";

/** Times are drawn with a density of 1/((t + NEAR) log(1 + 1/NEAR)): often near the data, where the integrand is largest. */
const NEAR = 0.02;

/**
 * One draw of the variational bound of the stochastic sampler with infinitely many steps, `[batch]` nats.
 *
 * log P(x) ≥ −½ ∫ (−dSNR/dt) E|x − x̂(z_t, t)|² dt + terms of both ends, SNR = a²/s² (Kingma et al., arXiv:2107.00630, equation 11;
 * in the velocity, Kingma & Gao, arXiv:2303.00848), and −½ dSNR/dt |x − x̂|² = a/(s W) |v − v̂|² with W = s′a − a′s. For the exact
 * Gaussian the reverse process is the forward one, so that its bound is log N(x; 0, λ). The terms of both ends are the same for
 * any v̂, so the difference of two bounds is that of the integrals:
 *
 *     log P(x) ≥ log N(x; 0, λ) − ∫ a/(s W) E[|v − v̂|² − |v − v_Gauss|²] dt .
 *
 * With v − v_Gauss = W √λ/root · r and v̂ − v_Gauss = W √λ/root · g r̂ the integrand is Σ a W λ/root² (g² r̂² − 2 g r̂ r)/s, finite at the
 * data as g ~ s there. A draw is one time and a pair of noises ±ε, whose leading errors cancel.
 */
export function boundDraw(
  parts: FlowParts,
  p: P,
  x: Tensor,
  key: SymbolicKey,
  context: Tensor | undefined,
): { readonly bound: Tensor; readonly parts: Readonly<Record<string, Tensor>> } {
  const { y, logDet } = whiten(parts, p, x);
  const [batch] = y.shape as [number, number];
  const dtype = y.dtype as "f32";
  const range = Math.log(1 + 1 / NEAR);
  const time = mul(sub(exp(mul(uniform(key.fold(0), [batch], dtype), range)), 1), NEAR);
  const gaussian = gaussianAt(parts.path, p, time);
  const epsilon = normal(key.fold(1), y.shape, dtype);
  const read = shownContext(parts, context);
  const over = div(1, sqrt(add(square(gaussian.noise), FINEST ** 2)));
  const half = (noise: Tensor) => {
    const found = mul(estimate(parts, p, { u: whitenedAt(gaussian, y, noise), time, context: read }), over);
    const left = residual(gaussian, y, noise);
    return mul(found, sub(mul(mul(found, gaussian.noise), 0.5), left));
  };
  const both = add(half(epsilon), half(neg(epsilon)));
  const weight = mul(square(div(gaussian.deviation, gaussian.root)), mul(gaussian.signal, parts.path.turn));
  const density = mul(expandDims(add(time, NEAR), 1), range);
  const gain = reshape(sum(mul(mul(neg(both), weight), density), 1), [batch]);
  const start = add(logStandardNormal(y), logDet);
  return { bound: add(start, gain), parts: { Gaussian: start, "gain on the Gaussian": gain } };
}
