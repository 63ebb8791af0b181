import * as z from "zod";

const count = z.int().min(0);

/** Everything a fit needs to go on to the same bits, beside the vectors. Plain JSON. */
export const progressSchema = z.object({
  /** Epochs completed. */
  epoch: count,
  /** Steps taken, over all epochs. */
  step: count,
  /** Sum and number of the training losses of the epoch under way. */
  lossSum: z.number(),
  lossCount: count,
  bestEpoch: count,
  /** Validation NLL of the best parameters, nats a row; null before the first epoch ends. */
  bestValid: z.number().nullable(),
  plateau: z.object({ scale: z.number(), best: z.number().nullable(), stale: count }),
  /** Seconds spent fitting so far. */
  seconds: z.number(),
  finished: z.enum(["epochs", "patience"]).nullable(),
});

/** Where a fit is. */
export type Progress = z.output<typeof progressSchema>;

/** Where a fit starts. */
export const start: Progress = {
  epoch: 0,
  step: 0,
  lossSum: 0,
  lossCount: 0,
  bestEpoch: 0,
  bestValid: null,
  plateau: { scale: 1, best: null, stale: 0 },
  seconds: 0,
  finished: null,
};
