import {
  add,
  cast,
  div,
  expandDims,
  less,
  mean,
  mul,
  normal,
  type SymbolicKey,
  sigmoid,
  square,
  sub,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";
import type { Monitor, Objective, ObjectiveRequest } from "../../contract.ts";
import { whiten } from "./density.ts";
import { gaussianAt, residual, whitenedAt } from "./gaussian.ts";
import type { FlowMatchingParameters, FlowParts, P } from "./parts.ts";
import { estimate, gate, shownContext } from "./velocity.ts";

/** The name of the loss and of the monitor. */
export const LOSS = "velocity error";
/** The name of the same of the exact Gaussian alone, on the same rows and noise. */
export const BASELINE = "Gaussian";
/** What a fit is watched by: the difference of both, row by row, in which most of their noise cancels. */
export const WATCHED = "velocity error less the Gaussian's";

/**
 * |v − v̂|² of each row at one time and one noise, averaged over sites, `[batch]`, of the model and of the Gaussian alone: times are σ of
 * a normal number (Esser et al., arXiv:2403.03206, equation 19). In units of the standardised data. Both normal draws may be taken with
 * the other sign.
 */
export function velocityErrors(
  parts: FlowParts,
  p: P,
  x: Tensor,
  key: SymbolicKey,
  context: Tensor | undefined,
  { ofTime = 1, ofNoise = 1 }: { readonly ofTime?: 1 | -1; readonly ofNoise?: 1 | -1 } = {},
) {
  const { y } = whiten(parts, p, x);
  const [batch] = y.shape as [number, number];
  const dtype = y.dtype as "f32";
  const { middle, width } = parts.times;
  const time = sigmoid(add(mul(normal(key.fold(0), [batch], dtype), ofTime * width), middle));
  const gaussian = gaussianAt(parts.path, p, time);
  const epsilon = mul(normal(key.fold(1), y.shape, dtype), ofNoise);
  const left = residual(gaussian, y, epsilon);
  const at = { u: whitenedAt(gaussian, y, epsilon), time, context };
  const missed = sub(left, mul(gate(gaussian), estimate(parts, p, at)));
  const scale = mul(div(gaussian.deviation, gaussian.root), parts.path.turn);
  const weighed = (error: Tensor) => mean(square(mul(error, scale)), 1);
  return { own: weighed(missed), gaussian: weighed(left) };
}

/** What a flow in time is trained by: the mean squared error of its velocity, with the Gaussian's beside it. */
export const flowObjective =
  (parts: FlowParts) =>
  ({ optimiser }: ObjectiveRequest): Objective<FlowMatchingParameters> => ({
    players: [
      {
        name: LOSS,
        optimiser,
        loss({ parameters, x, key, context }) {
          const { own, gaussian } = velocityErrors(
            parts,
            parameters,
            x,
            key.fold(0),
            hidden(parts, context, key.fold(1)),
          );
          return { loss: mean(own), parts: { [BASELINE]: mean(gaussian) } };
        },
      },
    ],
  });

/**
 * What it is watched by: how far the error of held-out rows lies below the Gaussian's. `mirrored` takes every time and noise with either
 * sign, which cancels much of the chance in it, for four times the work.
 */
export const flowMonitor = (parts: FlowParts, mirrored: boolean): Monitor<FlowMatchingParameters> => ({
  name: WATCHED,
  rows(p, x, key, context) {
    const read = shownContext(parts, context);
    const gain = (ofTime: 1 | -1, ofNoise: 1 | -1) => {
      const { own, gaussian } = velocityErrors(parts, p, x, key, read, { ofTime, ofNoise });
      return sub(own, gaussian);
    };
    if (!mirrored) return gain(1, 1);
    return mul(add(add(gain(1, 1), gain(1, -1)), add(gain(-1, 1), gain(-1, -1))), 0.25);
  },
  ...{ estimated: true, selects: true },
});

/** The context as a network reads it in training, hidden in a share of the rows. */
function hidden(parts: FlowParts, context: Tensor | undefined, key: SymbolicKey): Tensor | undefined {
  if (!context || parts.contextDropout === 0) return shownContext(parts, context);
  const u = uniform(key, [context.shape[0] as number], context.dtype as "f32");
  return shownContext(parts, context, expandDims(cast(less(parts.contextDropout, u), context.dtype), 1));
}
