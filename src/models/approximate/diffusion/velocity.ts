import {
  add,
  concat,
  div,
  expandDims,
  mul,
  ones,
  reshape,
  sqrt,
  square,
  stack,
  sub,
  type Tensor,
  zeros,
} from "../../../tensor/index.ts";
import { type GaussianAt, gaussianAt } from "./gaussian.ts";
import type { FlowParts, P } from "./parts.ts";

/**
 * Noise, in units of the data's modes, below which the correction falls to zero with t, as that of every smooth density does: below it
 * the model is the Gaussian's flow, and the variational bound is finite.
 */
export const FINEST = 0.01;

/** What the velocity of a batch is asked for. */
export interface At {
  /** u = z_t/√(a² λ + s²) in the modes, `[batch, sites]`. */
  readonly u: Tensor;
  /** `[batch]`. */
  readonly time: Tensor;
  /** What a network reads of the context; undefined without one. */
  readonly context: Tensor | undefined;
}

/** s/√(s² + finest²), `[batch, 1]`. */
export const gate = ({ noise }: GaussianAt): Tensor => div(noise, sqrt(add(square(noise), FINEST ** 2)));

/** The network's estimate of the residual but for {@link gate}, `[batch, sites]` in the modes: see `residual`. */
export function estimate(parts: FlowParts, p: P, { u, time, context }: At): Tensor {
  const { modes, network, shape, sites } = parts;
  const { root } = gaussianAt(parts.path, p, time);
  const batch = u.shape[0] as number;
  const field = (amplitudes: Tensor) => reshape(modes.from(p.modes, amplitudes), [batch, ...shape]);
  const input = stack([field(mul(u, root)), field(u)], shape.length + 1);
  return modes.to(p.modes, reshape(network.apply(p.network, input, time, context), [batch, sites]));
}

/**
 * du/dt, `[batch, sites]`: the velocity's correction alone, as the Gaussian's flow stands still in u. In z it is
 * W √(λ/(a² λ + s²)) times the residual, W the path's turn.
 */
export function drift(parts: FlowParts, p: P, at: At): Tensor {
  const gaussian = gaussianAt(parts.path, p, at.time);
  const scale = mul(div(gaussian.deviation, square(gaussian.root)), mul(gate(gaussian), parts.path.turn));
  return mul(scale, estimate(parts, p, at));
}

/**
 * v = dz/dt of standardised numbers z_t `[batch, sites]`: the Gaussian's velocity of each mode, (a a′ λ + s s′)/(a² λ + s²) z, and the
 * correction.
 */
export function velocity(
  parts: FlowParts,
  p: P,
  z: Tensor,
  time: Tensor,
  context: Tensor | undefined,
): Tensor {
  const { modes, path } = parts;
  const at = gaussianAt(path, p, time);
  const amplitudes = modes.to(p.modes, z);
  const u = div(amplitudes, at.root);
  const [a, s] = [path.signalRate(time), path.noiseRate(time)].map((rate) => expandDims(rate, 1)) as [
    Tensor,
    Tensor,
  ];
  const growth = add(mul(mul(at.signal, a), square(at.deviation)), mul(at.noise, s));
  const correction = mul(at.root, drift(parts, p, { u, time, context: shownContext(parts, context) }));
  return modes.from(p.modes, add(mul(div(growth, square(at.root)), amplitudes), correction));
}

/** What a network reads of a context, `shown: [batch, 1]` being 1 where it may see it; hidden ones are zeros. */
export function shownContext(
  parts: FlowParts,
  context: Tensor | undefined,
  shown?: Tensor,
): Tensor | undefined {
  const read = parts.read(context);
  if (!read || parts.contextDropout === 0) return read;
  const flag = shown ?? ones([read.shape[0] as number, 1], read.dtype);
  return concat([mul(read, flag), flag], 1);
}

/**
 * {@link drift} with classifier-free guidance of scale s, f(hidden) + s (f(context) − f(hidden)): 1 is the model itself, 0 the
 * model without a context (Ho & Salimans, arXiv:2207.12598, whose w is s − 1).
 */
export function guidedDrift(
  parts: FlowParts,
  p: P,
  { u, time }: Pick<At, "u" | "time">,
  context: Tensor | undefined,
  guidance: number,
): Tensor {
  const shown = drift(parts, p, { u, time, context: shownContext(parts, context) });
  if (guidance === 1 || !context) return shown;
  const nothing = zeros([u.shape[0] as number, 1], u.dtype);
  const hidden = drift(parts, p, { u, time, context: shownContext(parts, context, nothing) });
  return add(hidden, mul(sub(shown, hidden), guidance));
}
