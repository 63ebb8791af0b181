import {
  add,
  arange,
  cast,
  clip,
  concat,
  cos,
  cumsum,
  div,
  equal,
  expandDims,
  floor,
  greaterEqual,
  less,
  log,
  maximum,
  mean,
  mul,
  reshape,
  sin,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../../../tensor/index.ts";
import { angleOf } from "./angle-of.ts";
import type { Likelihood } from "./likelihood.ts";
import { logBesselI0 } from "./log-bessel.ts";

const LOG_2PI = Math.log(2 * Math.PI);
/** Proposals of a draw, each taken with probability 0.66 or more: of 10⁶ draws 3 at most are left with the last one. */
const TRIES = 12;

/** Angles in [−π, π]. */
const wrapped = (x: Tensor) => sub(x, mul(floor(div(add(x, Math.PI), 2 * Math.PI)), 2 * Math.PI));

/**
 * Angles by von Mises distributions exp(a cos x + b sin x)/(2π I₀(κ)), κ² = a² + b², with a and b from the
 * decoder; the encoder reads cosines and sines.
 */
export const vonMises: Likelihood<Record<never, never>> = {
  name: "von-mises",
  ...{ features: 2, outputs: 2, count: 0 },
  init: () => ({}),
  read: (_, x) => concat([expandDims(cos(x), -1), expandDims(sin(x), -1)], 2),
  logProb(_, outputs, x) {
    const [a, b] = parts(outputs);
    const along = add(mul(a, cos(x)), mul(b, sin(x)));
    return sub(sub(along, logBesselI0(add(square(a), square(b)))), LOG_2PI);
  },
  draw(_, outputs, key) {
    const [a, b] = parts(outputs);
    const dtype = outputs.dtype as "f32";
    const kappa = maximum(sqrt(add(square(a), square(b))), 1e-6);
    const tries = [...a.shape, TRIES];
    const u = (i: number, shape: readonly number[]) => uniform(key.fold(i), shape, dtype);
    const first = expandDims(kappa, -1);
    // Best & Fisher, Appl. Statist. 28 (1979) 152: wrapped Cauchy proposals.
    const tau = add(1, sqrt(add(1, mul(4, square(first)))));
    const rho = div(mul(2, first), add(tau, sqrt(mul(2, tau))));
    const r = div(add(1, square(rho)), mul(2, rho));
    const turned = cos(mul(u(0, tries), Math.PI));
    const cosine = div(add(1, mul(r, turned)), add(r, turned));
    const c = mul(first, sub(r, cosine));
    const share = maximum(u(1, tries), 1e-30);
    const taken = cast(greaterEqual(sub(add(log(div(c, share)), 1), c), 0), "i32");
    const isLast = equal(cumsum(taken, 2), 0);
    // The first that is taken; the last one where none is.
    const number = sum(cast(slice(isLast, 2, 0, TRIES - 1), "i32"), 2);
    const chosen = cast(equal(expandDims(number, -1), arange(TRIES, "i32")), dtype);
    const f = clip(sum(mul(cosine, chosen), 2), -1, 1);
    const side = sub(mul(cast(less(u(2, a.shape), 0.5), dtype), 2), 1);
    const away = angleOf(f, mul(side, sqrt(sub(1, square(f)))));
    return wrapped(add(angleOf(a, b), away));
  },
  centre: (_, outputs) => angleOf(...parts(outputs)),
  adapt(parameters, x) {
    const [c, s] = [mean(cos(x), 0), mean(sin(x), 0)];
    // κ of the mean resultant length R, approximately: R (2 − R²)/(1 − R²) (Banerjee et al., JMLR 6 (2005) 1345, equation 4.4).
    const squared = clip(add(square(c), square(s)), 0, 0.999);
    const scale = div(sub(2, squared), sub(1, squared));
    return { parameters, start: concat([expandDims(mul(c, scale), -1), expandDims(mul(s, scale), -1)], 1) };
  },
};

/** a and b, `[batch, sites]` each. */
function parts(outputs: Tensor): [Tensor, Tensor] {
  const [batch, sites] = outputs.shape as [number, number];
  const column = (i: number) => reshape(slice(outputs, 2, i, i + 1), [batch, sites]);
  return [column(0), column(1)];
}
