import {
  add,
  div,
  exp,
  expandDims,
  mul,
  neg,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "../../../tensor/index.ts";
import type { P } from "./parts.ts";
import type { Path } from "./path.ts";

/** The Gaussian of the data's covariance at times `[batch]` of a path: numbers of each row and mode, `[batch, sites]`. */
export interface GaussianAt {
  /** a(t) and s(t), `[batch, 1]`. */
  readonly signal: Tensor;
  readonly noise: Tensor;
  /** √λ of each mode, `[sites]`. */
  readonly deviation: Tensor;
  /** √(a² λ + s²): the standard deviation of a mode of z_t. */
  readonly root: Tensor;
}

/** Logarithms of the standard deviations of the modes of standardised data, `[sites]`; training leaves them as they are. */
export const logDeviations = (p: P): Tensor => mul(stopGradient(p.modes.logVariance), 0.5);

/** The standard deviations themselves. */
export const deviations = (p: P): Tensor => exp(logDeviations(p));

/** See {@link GaussianAt}. */
export function gaussianAt(path: Path, p: P, time: Tensor): GaussianAt {
  const [signal, noise] = [path.signal(time), path.noise(time)].map((v) => expandDims(v, 1)) as [
    Tensor,
    Tensor,
  ];
  const deviation = deviations(p);
  return { signal, noise, deviation, root: sqrt(add(square(mul(signal, deviation)), square(noise))) };
}

/**
 * What is left of the velocity at z_t = a x + s ε beyond the Gaussian's, in units of its own standard deviation under the Gaussian, of
 * whitened rows y = x/√λ and noise `[batch, sites]`: (a √λ ε − s y)/√(a² λ + s²).
 */
export const residual = (
  { signal, noise, deviation, root }: GaussianAt,
  y: Tensor,
  epsilon: Tensor,
): Tensor => div(sub(mul(mul(signal, deviation), epsilon), mul(noise, y)), root);

/** z_t of whitened rows in units of its standard deviation, u = z/√(a² λ + s²), in which the Gaussian's flow stands still. */
export const whitenedAt = (
  { signal, noise, deviation, root }: GaussianAt,
  y: Tensor,
  epsilon: Tensor,
): Tensor => div(add(mul(mul(signal, deviation), y), mul(noise, epsilon)), root);

/** log N(u; 0, 1) of each row `[batch, sites]`, nats. */
export const logStandardNormal = (u: Tensor): Tensor =>
  neg(mul(add(sum(square(u), 1), (u.shape[1] as number) * Math.log(2 * Math.PI)), 0.5));
