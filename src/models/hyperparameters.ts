import type * as z from "zod";
import { usageError } from "../error.ts";
import { issueOf } from "../issue.ts";
import { alternatives } from "../nearest.ts";

/**
 * Hyperparameters that have been checked, and the schema they were checked against. They are frozen, what
 * is inside them too, so that it stays true.
 */
const checked = new WeakMap<object, z.ZodObject>();

/**
 * Returns hyperparameters checked against a family's schema, with defaults filled in; an object that this
 * function returned before is returned unchanged, so that it is parsed once on its way to a model. Throws a
 * usage error that names what is wrong, and suggests the nearest for an unknown one.
 */
export function checkHyperparameters<S extends z.ZodObject>(
  family: string,
  schema: S,
  given: unknown,
): z.output<S> {
  if (typeof given === "object" && given !== null && checked.get(given) === schema)
    return given as z.output<S>;
  const known = Object.keys(schema.shape);
  for (const key of Object.keys(given ?? {}))
    if (!known.includes(key))
      throw usageError(`${family} has no hyperparameter '${key}'${alternatives(key, known, "it has")}`);
  const parsed = schema.safeParse(given);
  if (parsed.success) {
    checked.set(deeplyFrozen(parsed.data), schema);
    return parsed.data;
  }
  const { key, text } = issueOf(schema, given);
  throw usageError(`${family}: hyperparameter ${key}: ${text}`);
}

/** A value that nothing can be changed of, lists inside it included; plain data alone. */
function deeplyFrozen<T extends object>(value: T): T {
  if (Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  for (const inside of Object.values(value))
    if (typeof inside === "object" && inside !== null) deeplyFrozen(inside);
  return Object.freeze(value);
}
