import { add, div, mul, sub, sum, type Tensor, zeros } from "../../../tensor/index.ts";
import type { WithDivergence } from "./divergence.ts";
import { deviations, logDeviations, logStandardNormal } from "./gaussian.ts";
import { rungeKutta } from "./integrate.ts";
import type { FlowParts, P } from "./parts.ts";
import { drift, shownContext } from "./velocity.ts";

/** Rows as whitened modes y = x/√λ of standardised data, `[batch, sites]`, and log |∂y/∂row|. */
export function whiten(parts: FlowParts, p: P, x: Tensor): { readonly y: Tensor; readonly logDet: Tensor } {
  const { value, logDet } = parts.data.inverse(p.data, x);
  const y = div(parts.modes.to(p.modes, value), deviations(p));
  return { y, logDet: sub(logDet, sum(logDeviations(p))) };
}

/** The way back. */
export function unwhiten(parts: FlowParts, p: P, y: Tensor): { readonly x: Tensor; readonly logDet: Tensor } {
  const { value, logDet } = parts.data.forward(p.data, parts.modes.from(p.modes, mul(y, deviations(p))));
  return { x: value, logDet: add(logDet, sum(logDeviations(p))) };
}

/** Noise of rows, `[batch, sites]` in the modes, by the flow's equation. */
export function noiseOf(
  parts: FlowParts,
  p: P,
  x: Tensor,
  context: Tensor | undefined,
  steps: number,
): Tensor {
  const read = shownContext(parts, context);
  const rates = ({ u }: { u: Tensor }, time: Tensor) => ({ u: drift(parts, p, { u, time, context: read }) });
  return rungeKutta(rates, { u: whiten(parts, p, x).y }, { from: 0, to: 1, steps }).u;
}

/**
 * log P of rows by the flow's equation (Chen et al., arXiv:1806.07366, equation 8), `[batch]` nats: log N(u₁) + ∫ div(du/dt) dt and the
 * stretch of whitening. Exact up to the error of the steps, which halving them tells, and of the divergence.
 */
export function logDensity(
  parts: FlowParts,
  p: P,
  x: Tensor,
  context: Tensor | undefined,
  { steps, divergence }: { readonly steps: number; readonly divergence: WithDivergence },
): Tensor {
  const { y, logDet } = whiten(parts, p, x);
  const end = along(parts, p, { start: y, from: 0, to: 1, context, steps, divergence });
  return add(add(logStandardNormal(end.u), end.stretch), logDet);
}

/** Rows from noise by the flow's equation with their log P, likewise. */
export function drawWithDensity(
  parts: FlowParts,
  p: P,
  noise: Tensor,
  context: Tensor | undefined,
  { steps, divergence }: { readonly steps: number; readonly divergence: WithDivergence },
): { readonly x: Tensor; readonly logProb: Tensor } {
  const end = along(parts, p, { start: noise, from: 1, to: 0, context, steps, divergence });
  const { x, logDet } = unwhiten(parts, p, end.u);
  return { x, logProb: sub(sub(logStandardNormal(noise), end.stretch), logDet) };
}

interface Along {
  readonly start: Tensor;
  readonly from: number;
  readonly to: number;
  readonly context: Tensor | undefined;
  readonly steps: number;
  readonly divergence: WithDivergence;
}

/** Where rows come to, and the logarithm of how much space is stretched on the way. */
function along(parts: FlowParts, p: P, { start, from, to, context, steps, divergence }: Along) {
  const read = shownContext(parts, context);
  return rungeKutta(
    ({ u }: { u: Tensor; stretch: Tensor }, time) => {
      const found = divergence((at) => drift(parts, p, { u: at, time, context: read }), u);
      return { u: found.value, stretch: found.divergence };
    },
    { u: start, stretch: zeros([start.shape[0] as number], start.dtype) },
    { from, to, steps },
  );
}
