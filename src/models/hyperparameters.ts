import type * as z from "zod";
import { usageError } from "../error.ts";
import { issueOf } from "../issue.ts";
import { alternatives } from "../nearest.ts";

/**
 * Hyperparameters checked against a family's schema, defaults filled in. Throws a usage error that names what is wrong,
 * and suggests the nearest for an unknown one.
 */
export function checkHyperparameters<S extends z.ZodObject>(
  family: string,
  schema: S,
  given: unknown,
): z.output<S> {
  const known = Object.keys(schema.shape);
  for (const key of Object.keys(given ?? {}))
    if (!known.includes(key))
      throw usageError(`${family} has no hyperparameter '${key}'${alternatives(key, known, "it has")}`);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const { key, text } = issueOf(schema, given);
  throw usageError(`${family}: hyperparameter ${key}: ${text}`);
}
