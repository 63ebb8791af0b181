import * as z from "zod";
import { inputError } from "../error.ts";

const shapeSchema = z.array(z.number().int().positive()).min(1).readonly();

/** The space of a data point, as plain JSON; see `Space`. */
export const spaceSchema = z.discriminatedUnion("kind", [
  z.object({
    /** Sites hold 0 or 1: spin down and up. */
    kind: z.literal("binary"),
    /** The sides of one configuration. */
    shape: shapeSchema,
  }),
  z.object({
    /** Sites hold an integer from 0 to `states` − 1. */
    kind: z.literal("categorical"),
    /** The sides of one configuration. */
    shape: shapeSchema,
    /** Number of values of a site, 2 or more. */
    states: z.number().int().min(2),
  }),
  z.object({
    /** Sites hold a real number. */
    kind: z.literal("real"),
    /** The sides of one configuration. */
    shape: shapeSchema,
    /** Least and largest value of every site; absent for the whole line. */
    bounds: z.tuple([z.number(), z.number()]).readonly().exactOptional(),
    /** Whether files hold grey levels, to which noise between the levels is added; absent if they do not. */
    levels: z.literal(true).exactOptional(),
  }),
  z.object({
    /** Sites hold an angle in radians, in [−π, π). */
    kind: z.literal("circle"),
    /** The sides of one configuration. */
    shape: shapeSchema,
  }),
  z.object({
    /** A row is a list of symbols of any length up to `maxLength`. */
    kind: z.literal("sequence"),
    /** Number of different symbols. */
    states: z.number().int().min(1),
    /** Maximum number of symbols in a row. */
    maxLength: z.number().int().positive(),
  }),
]);

/** A space from parsed JSON (`JSON.stringify(space)` is its text); `where` names the file in the input error. */
export function spaceFromJson(json: unknown, where: string): z.output<typeof spaceSchema> {
  const result = spaceSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw inputError(`${where}: not a space: ${issue?.path.join(".") || "value"}: ${issue?.message}`);
}
