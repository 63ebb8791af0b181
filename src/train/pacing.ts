import { usageError } from "../error.ts";
import type { Estimate } from "../stats/index.ts";
import { autoPolicy, BETWEEN_LOOKS } from "./auto-policy.ts";
import type { Course, Policy } from "./course.ts";
import type { FitSettings } from "./options.ts";
import { epochPolicy } from "./policies.ts";
import { unlimitedSteps } from "./unlimited-steps.ts";
import { workOfStep } from "./work.ts";

/** Default number of epochs of a schedule that ends with them. */
const EPOCHS = 50;
/** Operations of a training that is given no end: some minutes of one core. */
const MOST_WORK = 7e12;
/** Maximum number of epochs if nothing shows when training is done, or how much work it is. */
const MOST_EPOCHS = 200;
/** Steps before the first look, at least. */
const FIRST_LOOK = 100;
/**
 * Minimum epochs and steps before the rate falls, unless they exceed this amount of work: a minute of one
 * core or less.
 */
const LEAST = { epochs: 15, steps: 2000, work: 1e12 };
/** Share of the training that looks may cost, by rows: one that is looked at costs a third of one that is trained on. */
const LOOK_SHARE = 0.1;

/** Whether settings leave the end of a fit to itself. */
export const endsItself = ({ schedule }: Pick<FitSettings, "schedule">): boolean => schedule === "auto";

/** The properties of a fit that decide its pace. */
export interface Paced extends Pick<Course, "initial" | "model" | "objective" | "source" | "batch"> {
  readonly stepsPerEpoch: number;
  /** Rows looked at. */
  readonly validated: number;
  /** Whether the monitor ranks parameters. */
  readonly selects: boolean;
  /** Whether training is done once that gains no more. */
  readonly ends: boolean;
  /** See `AutoSetup.mean`. */
  mean(values: Float64Array): Estimate;
}

/** The length of a fit, its learning rate, and its looks. */
export interface Pacing {
  readonly policy: Policy<unknown>;
  /** At most. */
  readonly steps: number;
  /** At most, the last one perhaps in part. */
  readonly epochs: number;
  /** Warnings about the end of the training. */
  readonly doubts: readonly string[];
}

/**
 * Returns the pace that settings ask for. If they leave the end to the fit, it is limited by work: held-out
 * rows decide when training is done, see `autoPolicy`, up to 7·10¹² operations or the given epochs; if
 * nothing ranks its parameters, it gets a schedule over that many epochs.
 */
export function pacingOf(settings: FitSettings, paced: Paced): Pacing {
  const { stepsPerEpoch } = paced;
  const byEpochs = (epochs: number, patience = settings.patience): Pacing => ({
    policy: epochPolicy({ ...settings, epochs, patience }, stepsPerEpoch) as Policy<unknown>,
    ...{ epochs, steps: epochs * stepsPerEpoch, doubts: [] },
  });
  if (!endsItself(settings)) return byEpochs(settings.epochs ?? EPOCHS);
  const work = workOfStep(paced);
  // Closed players tell no work: alone, they get the epochs of trainings that nothing ends.
  const affordable = work > 0 ? Math.floor(MOST_WORK / work) : MOST_EPOCHS * stepsPerEpoch;
  const { time } = settings;
  const cap = settings.epochs
    ? settings.epochs * stepsPerEpoch
    : time
      ? unlimitedSteps
      : Math.max(stepsPerEpoch, affordable);
  const epochs = Math.ceil(cap / stepsPerEpoch);
  if (!paced.selects && time)
    throw usageError(
      "time needs a validation measure that ranks parameters, which this model lacks; give epochs",
    );
  if (!paced.selects) return byEpochs(settings.epochs ?? Math.min(MOST_EPOCHS, epochs), 0);
  const doubts =
    !settings.epochs && !time && affordable < stepsPerEpoch
      ? [
          "one epoch already exceeds the default limit on work, so training ends after one epoch; --epochs allows more",
        ]
      : [];
  // A look costs a third of its rows.
  const rows = paced.validated / 3 / (LOOK_SHARE * BETWEEN_LOOKS);
  const first = Math.min(cap, Math.max(FIRST_LOOK, Math.ceil(rows / paced.batch)));
  const { lr, warmup } = settings;
  const least = Math.min(Math.max(LEAST.epochs * stepsPerEpoch, LEAST.steps), Math.floor(LEAST.work / work));
  const policy = autoPolicy({ lr, warmup, first, least, cap, time, ends: paced.ends, mean: paced.mean });
  return { policy: policy as Policy<unknown>, steps: cap, epochs, doubts };
}
