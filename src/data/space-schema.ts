import * as z from "zod";
import { inputError } from "../error.ts";

const shapeSchema = z.array(z.number().int().positive()).min(1).readonly();

/** What a data point is, as plain JSON; see `Space`. */
export const spaceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("binary"), shape: shapeSchema }),
  z.object({ kind: z.literal("categorical"), shape: shapeSchema, states: z.number().int().min(2) }),
  z.object({
    kind: z.literal("real"),
    shape: shapeSchema,
    bounds: z.tuple([z.number(), z.number()]).readonly().exactOptional(),
    levels: z.literal(true).exactOptional(),
  }),
  z.object({ kind: z.literal("circle"), shape: shapeSchema }),
  z.object({
    kind: z.literal("sequence"),
    states: z.number().int().min(1),
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
