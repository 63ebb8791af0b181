import { siteShape } from "../data/space.ts";
import { KEY, Spec, type Traced, trace } from "../runtime/trace.ts";
import type { SymbolicKey } from "../tensor/ops/random.ts";
import { BATCH } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { freeze } from "./arrays.ts";
import { contextSize } from "./context.ts";
import { type BoundedModel, type Domain, inputType, type Parameters, type TimeFlow } from "./contract.ts";
import { shaped } from "./shaped.ts";

/** A model with a way in time, as far as its graphs need it. */
export type TimeFlowModel<P extends Parameters> = Pick<BoundedModel<P>, "family" | "space" | "context"> & {
  readonly flowTime: TimeFlow<P>;
};

/** log P by the flow's equation as a graph over any batch: noise of probes, `x`, context → `[batch]`, nats. */
export function traceFlowLogProb<P extends Parameters>(
  model: TimeFlowModel<P>,
  parameters: P,
  steps: number,
): Traced {
  const f = (key: SymbolicKey, x: Tensor, context: Tensor | undefined) =>
    shaped(
      model.family,
      "logProb of flowTime",
      model.flowTime.logProb(freeze(parameters), x, { steps, key, context }),
      [BATCH],
    );
  return trace(f, [KEY, rowSpec(model), contextSpec(model)], ["key", "x", "context"]);
}

/** Rows at moments of the way as a graph over any batch: noise, context → `[moments, batch, ...sites]`. */
export function traceMoments<P extends Parameters>(
  model: TimeFlowModel<P>,
  parameters: P,
  times: readonly number[],
): Traced {
  const f = (key: SymbolicKey, context: Tensor | undefined) =>
    shaped(model.family, "moments", model.flowTime.moments(freeze(parameters), key, times, context), [
      times.length,
      BATCH,
      ...siteShape(model.space),
    ]);
  return trace(f, [KEY, contextSpec(model)], ["key", "context"]);
}

/** The velocity as a graph over any batch: `z [batch, ...sites]`, `time [batch]`, context → `velocity [batch, ...sites]`. */
export function traceVelocity<P extends Parameters>(model: TimeFlowModel<P>, parameters: P): Traced {
  const f = (z: Tensor, time: Tensor, context: Tensor | undefined) =>
    shaped(
      model.family,
      "velocity",
      model.flowTime.velocity(freeze(parameters), z, time, context),
      rowSpec(model).shape,
    );
  const traced = trace(f, [rowSpec(model), new Spec([BATCH]), contextSpec(model)], ["z", "time", "context"]);
  return { ...traced, outputs: traced.outputs.map((output) => ({ ...output, name: "velocity" })) };
}

/** Squared errors of the velocity as a graph over any batch: noise, `x`, context → the model's and the Gaussian's, `[batch]` each. */
export function traceVelocityErrors<P extends Parameters>(model: TimeFlowModel<P>, parameters: P): Traced {
  const f = (key: SymbolicKey, x: Tensor, context: Tensor | undefined) => {
    const { own, gaussian } = model.flowTime.errors(freeze(parameters), x, key, context);
    return [own, gaussian];
  };
  return trace(f, [KEY, rowSpec(model), contextSpec(model)], ["key", "x", "context"]);
}

const rowSpec = ({ space }: Domain) => new Spec([BATCH, ...siteShape(space)], inputType(space));

const contextSpec = (model: Domain): Spec | undefined =>
  model.context && new Spec([BATCH, contextSize(model)]);
