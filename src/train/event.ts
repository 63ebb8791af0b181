import * as z from "zod";
import { symmetryNames } from "../data/symmetry.ts";
import { measureSchema, numberSchema } from "./measure.ts";

const count = z.int().min(0);
const values = z.record(z.string(), numberSchema);
const measures = z.record(z.string(), measureSchema);

/**
 * The events of a training, as plain JSON: progress bars, log files and web pages are readers of these. A
 * `round` is the stretch between two looks at the model: an epoch of a fit, some steps of a solve.
 */
export const trainEventSchema = z.discriminatedUnion("type", [
  z.object({
    /** Training begins, or continues from a checkpoint. */
    type: z.literal("start"),
    /** Trained parameters. */
    parameters: count,
    /** Steps of the course, at most; `Number.MAX_SAFE_INTEGER` if only seconds limit it. */
    steps: count,
    /** Step to continue from; 0 for a fresh training. */
    step: count,
    /** Steps between two looks. */
    round: count,
    /** Rows of one step. */
    batch: count,
    /** Numbers of rows trained on, and of rows looked at after each round, if there are data. */
    rows: z.object({ train: count, valid: count }).exactOptional(),
    /** Symmetries that rows of data are taken by at random. */
    symmetries: z.array(z.enum(symmetryNames)).exactOptional(),
    /** The measure that the course is watched by. */
    watched: z.string().exactOptional(),
    /** Units of the losses, by name; losses without an entry have no unit. */
    units: z.record(z.string(), z.literal("nats")).exactOptional(),
    /** Which course of a plan of several this is, from 0. */
    course: count.exactOptional(),
  }),
  z.object({
    /** A reason why the training says less than it seems to. */
    type: z.literal("warning"),
    /** The warning, in one line. */
    text: z.string(),
  }),
  z.object({
    /** Some steps were taken since the last event; sent between two rounds, at most every few seconds. */
    type: z.literal("progress"),
    /** Rounds completed. */
    round: count,
    /** Steps taken. */
    step: count,
    /** Mean of each player's loss, and of its parts, since the last event. */
    losses: values,
    /** Measures of the model from the last batch, if any. */
    measures: measures.exactOptional(),
    /** Scalars of the last step, such as the inverse temperature of a solve. */
    knobs: values.exactOptional(),
    /** The learning rate of the last step. */
    lr: numberSchema,
    /** Steps in a second since training began or went on; NaN within a step. */
    stepsPerSecond: numberSchema,
    /** Time to the end in seconds at that speed; of all steps that are possible if `atMost`; NaN within a step. */
    secondsLeft: numberSchema,
    /** Whether it may end sooner. */
    atMost: z.boolean().exactOptional(),
  }),
  z.object({
    /** The model was looked at after a round. */
    type: z.literal("round"),
    /** Number of rounds completed. */
    round: count,
    /** Steps taken. */
    step: count,
    /** Mean of each player's loss, and of its parts, over the round. */
    losses: values,
    /** The measures that the model is watched by. */
    measures,
    /** Scalars of the last step, such as the inverse temperature of a solve. */
    knobs: values.exactOptional(),
    /** Whether this round's parameters are the best so far. */
    best: z.boolean(),
    /** The learning rate of the last step. */
    lr: numberSchema,
    /** Seconds of training up to here, earlier parts of a resumed one included. */
    seconds: numberSchema,
  }),
  z.object({
    /** Something to draw of the model during training; `name` says how to read its data. */
    type: z.literal("picture"),
    /** Rounds completed. */
    round: count,
    /** Steps taken. */
    step: count,
    /** The figure that it is for. */
    name: z.string(),
    /** Plain JSON; its shape follows from `name`. */
    data: z.unknown(),
  }),
  z.object({
    /** A checkpoint was kept. */
    type: z.literal("checkpoint"),
    /** Rounds completed. */
    round: count,
    /** Steps taken. */
    step: count,
  }),
  z.object({
    /** Training has ended by itself. */
    type: z.literal("done"),
    /** Why it ended: `epochs`, `steps`, `patience`. */
    reason: z.string(),
    /** Rounds completed. */
    round: count,
    /** Steps taken. */
    step: count,
    /** The round of the parameters that are kept. */
    best: count,
    /** Their step; in older logs it follows from the round. */
    bestStep: count.exactOptional(),
    /** Seconds of training, earlier parts of a resumed one included. */
    seconds: numberSchema,
  }),
]);

/** See {@link trainEventSchema}. */
export type TrainEvent = z.output<typeof trainEventSchema>;

/** One kind of {@link TrainEvent}. */
export type EventOf<T extends TrainEvent["type"]> = Extract<TrainEvent, { readonly type: T }>;
