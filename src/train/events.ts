import type { Estimate } from "../stats/estimate.ts";
import type { Range } from "../stats/range.ts";

/**
 * What a number of a fit is, by row: `NLL`, or an upper bound of it; minus the pseudo-likelihood, each site given the others; the `contrast`
 * between data and chains, which is no likelihood; the loss of score matching.
 */
export type Quantity = "NLL" | "NLL bound" | "pseudo-NLL" | "contrast" | "score matching";

/** Whether a quantity is in nats, as what compares log-probabilities or log-weights is; the loss of score matching is not. */
export const isInNats = (quantity: Quantity): boolean => quantity !== "score matching";

/** The negative log-likelihood of rows between the two sides of log Z, nats a row. */
export interface BracketedNll extends Range {
  /** Why the bracket is not to be relied on, one line each. */
  readonly warnings: readonly string[];
}

/** What a fit tells as it goes: a bar, a log file and a web page are just readers of these. Plain JSON. */
export type FitEvent =
  | {
      readonly type: "start";
      readonly parameters: number;
      /** Rows trained on, and rows scored after each epoch. */
      readonly rows: { readonly train: number; readonly valid: number };
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      /** Step the fit goes on from; 0 for a fresh one. */
      readonly step: number;
      /** What the training loss and the validation are; NLL where left out. */
      readonly quantities?: { readonly train: Quantity; readonly valid: Quantity };
    }
  | {
      readonly type: "progress";
      readonly epoch: number;
      readonly step: number;
      /** Mean training loss since the last event, nats a row. */
      readonly loss: number;
      readonly lr: number;
      readonly rowsPerSecond: number;
      readonly secondsLeft: number;
    }
  | {
      readonly type: "epoch";
      /** Number of epochs completed. */
      readonly epoch: number;
      readonly step: number;
      /** Mean training loss over the epoch, nats a row. */
      readonly train: number;
      /** Negative log-likelihood of the validation rows, nats a row, or what the start says it is. */
      readonly valid: Estimate;
      /** Where log Z is not summed: after some epochs, the last among them, the NLL of the same rows from both sides. */
      readonly nll?: BracketedNll;
      /** This epoch's parameters are the best so far. */
      readonly best: boolean;
      readonly lr: number;
      /** Seconds spent fitting up to here, earlier parts of a resumed fit included. */
      readonly seconds: number;
    }
  | {
      /** A model of the plane on its way to the data: what a log keeps for a picture of it. */
      readonly type: "density";
      readonly epoch: number;
      readonly step: number;
      /** The rectangle of the plane, cut into `size` × `size` cells. */
      readonly x: readonly [number, number];
      readonly y: readonly [number, number];
      readonly size: number;
      /** Density at the centre of each cell, from the top row down. */
      readonly values: readonly number[];
    }
  | { readonly type: "checkpoint"; readonly epoch: number; readonly step: number }
  | {
      readonly type: "done";
      readonly reason: "epochs" | "patience";
      readonly epoch: number;
      readonly step: number;
      readonly bestEpoch: number;
      readonly seconds: number;
    };

/** What a solve tells as it goes. Plain JSON. */
export type SolveEvent =
  | {
      readonly type: "start";
      readonly parameters: number;
      readonly steps: number;
      readonly batch: number;
      /** Step the solve goes on from; 0 for a fresh one. */
      readonly step: number;
    }
  | ({ readonly type: "progress"; readonly secondsLeft: number } & SolveMeasurement)
  | ({
      readonly type: "estimate";
      /** Seconds spent up to here, earlier parts of a resumed solve included. */
      readonly seconds: number;
    } & SolveMeasurement)
  | { readonly type: "checkpoint"; readonly step: number }
  | { readonly type: "done"; readonly step: number; readonly seconds: number };

/** What the batch of one step says of the model before that step's update. */
export interface SolveMeasurement {
  /** Number of steps taken, this one included. */
  readonly step: number;
  /** Inverse temperature of the step, which annealing changes. */
  readonly beta: number;
  readonly lr: number;
  /** E_q[−βE − log q] at the target's β, nats: it bounds log Z from below, whatever β the step was taken at. */
  readonly bound: Estimate;
  /** Effective sample size of the batch's weights at the target's β, a fraction. */
  readonly ess: number;
  /** Mean total energy of the batch. */
  readonly energy: Estimate;
}
