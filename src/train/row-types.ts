import { siteShape } from "../data/space.ts";
import { contextSize } from "../models/context.ts";
import { inputType, type ModelBase } from "../models/contract.ts";
import { Spec } from "../runtime/trace.ts";
import type { RowType } from "./course.ts";

/** Returns the type of a row of a model's data, and of its context if the model is conditional. */
export function rowTypes(model: Pick<ModelBase, "space" | "context">): {
  readonly x: RowType;
  readonly context?: RowType;
} {
  const { space, context } = model;
  return {
    x: { shape: siteShape(space), dtype: inputType(space) },
    ...(context && { context: { shape: [contextSize(model)], dtype: "f32" as const } }),
  };
}

/** The type of `lead` rows laid in one array. */
export const rowsOf = ({ shape, dtype }: RowType, ...lead: number[]): Spec =>
  new Spec([...lead, ...shape], dtype);
