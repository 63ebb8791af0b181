import type { z } from "zod";
import { usageError } from "../error.ts";
import { nearest } from "../nearest.ts";

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
      throw usageError(
        `${family} has no hyperparameter '${key}'; did you mean ${nearest(key, known)}? (it has ${known.join(", ")})`,
      );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw usageError(`${family}: hyperparameter ${issue?.path.join(".")}: ${issue && issueText(issue, given)}`);
}

/** What is wrong with one of the `given` settings, in words; of text where a number belongs it shows the text. */
export function issueText(issue: z.core.$ZodIssue, given: unknown): string {
  if (issue.code === "invalid_type" && issue.expected === "number") {
    const value = issue.path.reduce<unknown>(
      (at, key) => (at as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key],
      given,
    );
    return `takes a number, not ${typeof value === "string" ? `'${value}'` : JSON.stringify(value)}`;
  }
  return issue.message;
}
