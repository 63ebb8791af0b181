import * as z from "zod";
import { type Estimate, formatEstimate } from "../stats/estimate.ts";
import type { Range } from "../stats/range.ts";

/** The unit of a measure. */
export type Unit = "nats";

/** Properties of a measure in addition to its value. */
export interface MeasureTraits {
  /** The unit; omitted for numbers without one. */
  readonly unit?: Unit;
  /** Whether it bounds what it is called from one side: an NLL with `upper` is at most this on average. */
  readonly bound?: "lower" | "upper";
  /** Reasons not to rely on it, one line each. */
  readonly warnings?: readonly string[];
}

/** One number that a training is watched by: an estimate, or a range of two sides. */
export type Measure = (Estimate | Range) & MeasureTraits;

/** Measures by name: `NLL`, `bound`, `reconstruction`, `ESS`. */
export type Measures = Readonly<Record<string, Measure>>;

/** Whether a measure has two sides. */
export function isRange(measure: Measure): measure is Range & MeasureTraits {
  return "lower" in measure;
}

/** A measure's name for readers; a bound has "bound" after its name. */
export function measureName(name: string, { bound }: MeasureTraits): string {
  return bound === undefined ? name : `${name} bound`;
}

/** A measure as text: `0.54 ± 0.01`, or of one with two sides `between 0.54 ± 0.01 and 0.56 ± 0.02`. */
export function formatMeasure(measure: Measure): string {
  if (!isRange(measure)) return formatEstimate(measure);
  return `between ${formatEstimate(measure.lower)} and ${formatEstimate(measure.upper)}`;
}

// JSON has no NaN, which is written as null: the error of a single row, or a loss that went astray.
export const numberSchema = z.union([z.number(), z.null().transform(() => Number.NaN)]);
export const estimateSchema = z.object({ value: numberSchema, error: numberSchema });

const traits = {
  unit: z.literal("nats").exactOptional(),
  bound: z.enum(["lower", "upper"]).exactOptional(),
  warnings: z.array(z.string()).readonly().exactOptional(),
};

/** A {@link Measure} as a log holds it. */
export const measureSchema = z.union([
  z.object({ lower: estimateSchema, upper: estimateSchema, ...traits }),
  estimateSchema.extend(traits),
]);
