import {
  full,
  greater,
  mean,
  mul,
  neg,
  normal,
  reshape,
  type SymbolicKey,
  scalar,
  stack,
  type Tensor,
  uniform,
  where,
} from "../../../tensor/index.ts";
import type { BoundedModel, ExactModel, TimeDrawing, TimeFlow } from "../../contract.ts";
import { drawWithDensity, logDensity } from "./density.ts";
import { fullDivergence, probedDivergence, type WithDivergence } from "./divergence.ts";
import { gaussianAt } from "./gaussian.ts";
import { velocityErrors } from "./objective.ts";
import { type FlowMatchingParameters, type FlowParts, type P, realType, rowsOf } from "./parts.ts";
import { flowFrom } from "./sampler.ts";
import { shownContext, velocity } from "./velocity.ts";

/** Sites up to which the divergence is that of all of them. */
export const FULL_DIVERGENCE = 64;

/** What {@link flowTime} needs beside the parts. */
export interface FlowTimeSetup {
  /** The model, which has no capability of this kind yet. */
  readonly model: Omit<BoundedModel<FlowMatchingParameters>, "flowTime">;
  /** Steps of codes and of log P, and those of samples. */
  readonly steps: number;
  readonly drawnSteps: number;
  /** The model with other hyperparameters. */
  remade(how: TimeDrawing): BoundedModel<FlowMatchingParameters>;
}

/** What may be asked of the way between noise and rows. */
export function flowTime(
  parts: FlowParts,
  { model, steps, drawnSteps, remade }: FlowTimeSetup,
): TimeFlow<FlowMatchingParameters, BoundedModel<FlowMatchingParameters>> {
  const isFull = parts.sites <= FULL_DIVERGENCE;
  return {
    ...{ steps, drawnSteps, divergence: isFull ? "full" : "probed", drawing: remade },
    logProb(p, x, { steps: count, key, context }) {
      const divergence = isFull ? fullDivergence : probedDivergence(signsOf(parts, p, x, key));
      return logDensity(parts, p, x, context, { steps: count, divergence });
    },
    velocity(p, z, time, context) {
      const flat = reshape(z, [z.shape[0] as number, parts.sites]);
      return reshape(velocity(parts, p, flat, time, context), z.shape);
    },
    moments(p, key, times, context) {
      let from = 1;
      let u = normal(key, [rowsOf(context), parts.sites], realType(p));
      const rows = times.map((to) => {
        const share = Math.max(1, Math.ceil(steps * Math.abs(from - to)));
        if (to !== from) u = flowFrom(parts, p, u, context, { steps: share, guidance: 1, from, to });
        from = to;
        const { root } = gaussianAt(parts.path, p, full([u.shape[0] as number], to, u.dtype));
        const z = parts.modes.from(p.modes, mul(u, root));
        return parts.data.forward(p.data, z).value;
      });
      return stack(rows, 0);
    },
    errors: (p, x, key, context) => velocityErrors(parts, p, x, key, shownContext(parts, context)),
    ...(isFull && { exact: exactModel(parts, model, { steps, divergence: fullDivergence }) }),
  };
}

/** Independent ±1, `[batch, sites]`. */
function signsOf(parts: FlowParts, p: P, x: Tensor, key: SymbolicKey): Tensor {
  const dtype = realType(p);
  const u = uniform(key, [x.shape[0] as number, parts.sites], dtype);
  return where(greater(u, 0.5), scalar(1, dtype), -1);
}

/** The deterministic flow as an exact model: log P up to the error of the steps. */
function exactModel(
  parts: FlowParts,
  { family, hyperparameters, space, context: given, init }: FlowTimeSetup["model"],
  how: { readonly steps: number; readonly divergence: WithDivergence },
): ExactModel<FlowMatchingParameters> {
  const logProb = (p: P, x: Tensor, context?: Tensor) => logDensity(parts, p, x, context, how);
  return {
    kind: "exact",
    ...{ family, hyperparameters, space, init, logProb },
    ...(given && { context: given }),
    loss: (p, x, _, context) => neg(mean(logProb(p, x, context))),
    sample: (p, key, context) =>
      drawWithDensity(parts, p, normal(key, [rowsOf(context), parts.sites], realType(p)), context, how),
  };
}
