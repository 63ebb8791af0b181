import { siteShape } from "../data/space.ts";
import { usageError } from "../error.ts";
import { KEY, Spec, type Traced, trace } from "../runtime/trace.ts";
import type { SymbolicKey } from "../tensor/ops/random.ts";
import { BATCH } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { freeze } from "./arrays.ts";
import { contextSize } from "./context.ts";
import { type Coding, type Domain, inputType, type ModelBase, type Parameters } from "./contract.ts";
import { shaped } from "./shaped.ts";

/** A model that has codes, as far as its graphs need it. */
export type CodingModel<P extends Parameters> = Pick<ModelBase<P>, "family" | "space" | "context"> & {
  readonly coding: Coding<P>;
};

/** The encoder as a graph over any batch: `x [batch, ...sites]`, context → `code [batch, ...sites of codes]`. */
export function traceEncode<P extends Parameters>(model: CodingModel<P>, parameters: P): Traced {
  const { family, space, coding } = model;
  if (!coding.encode)
    throw usageError(`a ${family} makes rows of codes, and has no encoder to find the code of a row`);
  const f = (x: Tensor, context: Tensor | undefined) =>
    shaped(family, "encode", coding.encode?.(freeze(parameters), x, context), shapeOf(coding));
  const x = new Spec([BATCH, ...siteShape(space)], inputType(space));
  return named(trace(f, [x, contextSpec(model)], ["x", "context"]), "code");
}

/** The decoder as a graph over any batch: `code`, context → `x [batch, ...sites]`. */
export function traceDecode<P extends Parameters>(model: CodingModel<P>, parameters: P): Traced {
  const { family, space, coding } = model;
  const f = (code: Tensor, context: Tensor | undefined) =>
    shaped(family, "decode", coding.decode(freeze(parameters), code, context), [BATCH, ...siteShape(space)]);
  return named(trace(f, [codeSpec(coding), contextSpec(model)], ["code", "context"]), "x");
}

/**
 * Returns codes of the model's own samples as a graph over any batch: noise, context → `code`; undefined if
 * codes have no distribution.
 */
export function traceCodes<P extends Parameters>(model: CodingModel<P>, parameters: P): Traced | undefined {
  const { family, coding } = model;
  if (!coding.draw) return undefined;
  const f = (key: SymbolicKey, context: Tensor | undefined) =>
    shaped(family, "draw of codes", coding.draw?.(freeze(parameters), key, context), shapeOf(coding));
  return named(trace(f, [KEY, contextSpec(model)], ["key", "context"]), "code");
}

const shapeOf = ({ codes }: Coding<never>) => [BATCH, ...siteShape(codes)];

const codeSpec = (coding: Coding<never>) => new Spec(shapeOf(coding), inputType(coding.codes));

const contextSpec = (model: Domain): Spec | undefined =>
  model.context && new Spec([BATCH, contextSize(model)]);

const named = (traced: Traced, name: string): Traced => ({
  ...traced,
  outputs: traced.outputs.map((output) => ({ ...output, name })),
});
