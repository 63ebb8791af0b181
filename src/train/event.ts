import * as z from "zod";
import { symmetryNames } from "../data/symmetry.ts";
import { measureSchema, numberSchema } from "./measure.ts";

const count = z.int().min(0);
const values = z.record(z.string(), numberSchema);
const measures = z.record(z.string(), measureSchema);

/**
 * What training tells as it goes: a bar, a log file and a web page are just readers of these. Plain JSON. A `round` is what
 * lies between two looks at the model: an epoch of a fit, some steps of a solve.
 */
export const trainEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("start"),
    /** Trained parameters. */
    parameters: count,
    /** Steps of the course, at most. */
    steps: count,
    /** Step it goes on from; 0 for a fresh one. */
    step: count,
    /** Steps between two looks. */
    round: count,
    /** Rows of one step. */
    batch: count,
    /** Rows of data trained on, and rows looked at after each round, where there are data. */
    rows: z.object({ train: count, valid: count }).exactOptional(),
    /** Symmetries that rows of data are taken by at random. */
    symmetries: z.array(z.enum(symmetryNames)).exactOptional(),
    /** The measure that the course is watched by. */
    watched: z.string().exactOptional(),
    /** What losses are counted in, by name; those that are left out have no unit. */
    units: z.record(z.string(), z.literal("nats")).exactOptional(),
    /** Which course of a plan of several this is, from 0. */
    course: count.exactOptional(),
  }),
  /** Something that makes the training say less than it seems to, one line. */
  z.object({ type: z.literal("warning"), text: z.string() }),
  z.object({
    type: z.literal("progress"),
    /** Rounds completed. */
    round: count,
    /** Steps taken. */
    step: count,
    /** Mean of each player's loss, and of its parts, since the last event. */
    losses: values,
    /** What the last batch says of the model, where it does. */
    measures: measures.exactOptional(),
    knobs: values.exactOptional(),
    lr: numberSchema,
    stepsPerSecond: numberSchema,
    secondsLeft: numberSchema,
    /** Whether it may end sooner. */
    atMost: z.boolean().exactOptional(),
  }),
  z.object({
    type: z.literal("round"),
    /** Number of rounds completed. */
    round: count,
    step: count,
    /** Mean of each player's loss, and of its parts, over the round. */
    losses: values,
    /** What the model is watched by. */
    measures,
    /** Scalars of the last step, such as the inverse temperature of a solve. */
    knobs: values.exactOptional(),
    /** Whether this round's parameters are the best so far. */
    best: z.boolean(),
    lr: numberSchema,
    /** Seconds of training up to here, earlier parts of a resumed one included. */
    seconds: numberSchema,
  }),
  z.object({
    /** Something to draw of the model on its way; its data are as the `name` says. */
    type: z.literal("picture"),
    round: count,
    step: count,
    name: z.string(),
    data: z.unknown(),
  }),
  z.object({ type: z.literal("checkpoint"), round: count, step: count }),
  z.object({
    type: z.literal("done"),
    /** Why it ended: `epochs`, `steps`, `patience`. */
    reason: z.string(),
    round: count,
    step: count,
    /** The round of the parameters that are kept. */
    best: count,
    /** Their step; in older logs it follows from the round. */
    bestStep: count.exactOptional(),
    seconds: numberSchema,
  }),
]);

/** See {@link trainEventSchema}. */
export type TrainEvent = z.output<typeof trainEventSchema>;

/** One kind of {@link TrainEvent}. */
export type EventOf<T extends TrainEvent["type"]> = Extract<TrainEvent, { readonly type: T }>;
