import * as z from "zod";

/**
 * Schema of a finite number, as a number or as command-line text; the message `error` states what to give.
 */
export function realParameter(error: string): z.ZodType<number> {
  return z
    .union([z.number(), z.string().trim().min(1).transform(Number)], { error })
    .pipe(z.number({ error }));
}

/** A whole number from `least` to `most`, as such or as a command line writes it. */
export function wholeParameter(least: number, most: number, error: string): z.ZodType<number> {
  return realParameter(error).refine((n) => Number.isInteger(n) && n >= least && n <= most, { error });
}

/** Sides of a configuration: `[8, 8]`, or `"8x8"` and `"64"` as a command line writes them. */
export function shapeParameter(error: string): z.ZodType<number[]> {
  return z.union(
    [
      z.array(z.number()),
      z
        .string()
        .refine((text) => text.split(/[x×,]/i).every((side) => side.trim() && Number.isFinite(Number(side))))
        .transform((text) => text.split(/[x×,]/i).map(Number)),
    ],
    { error },
  );
}
