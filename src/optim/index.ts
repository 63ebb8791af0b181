/**
 * Optimisers over flat vectors, learning-rate schedules and clipping.
 *
 * @module ansatz/optim
 */

export { type AdamOptions, adam } from "./adam.ts";
export { adamw } from "./adamw.ts";
export { averageInto } from "./average.ts";
export { clipScale, globalNorm } from "./clip.ts";
export {
  countNonFinite,
  type FlatOptions,
  type FlatParameters,
  flatParameters,
  restore,
  type Segment,
  type Snapshot,
  type Stretch,
  snapshot,
} from "./flat.ts";
export { defineOptimiser, isElementwise, type Optimiser } from "./optimiser.ts";
export { type Plateau, type PlateauOptions, type PlateauState, plateau } from "./plateau.ts";
export { type RmspropOptions, rmsprop } from "./rmsprop.ts";
export { coalesceRows, type RowGradient, type RowTable, type RowTableOptions, rowTable } from "./rows.ts";
export {
  type Arithmetic,
  type Coefficients,
  type Moments,
  numbers,
  type Region,
  type StepOptions,
  type UpdateRule,
} from "./rule.ts";
export { scaled } from "./scaled.ts";
export {
  type CosineOptions,
  constant,
  cosine,
  type Schedule,
  type StepDecayOptions,
  stepDecay,
  warmup,
} from "./schedule.ts";
export { type SgdOptions, sgd } from "./sgd.ts";
