/**
 * Training: fits and solves, their options, events and checkpoints, and courses of your own.
 *
 * @module ansatz/train
 */

export { checkTarget, formsTolerance } from "./check-target.ts";
export type {
  Course,
  Filled,
  FillRequest,
  Look,
  Next,
  Plan,
  Policy,
  RatePoint,
  RowType,
  Settled,
  Source,
  SourceBatches,
  Watching,
} from "./course.ts";
export { type CourseEvents, eventsByCourse } from "./course-events.ts";
export { type EventOf, type TrainEvent, trainEventSchema } from "./event.ts";
export { fit } from "./fit.ts";
export { fitCourse } from "./fit-course.ts";
export type { ActionWeights } from "./flow-objective.ts";
export type { TrainHooks, TrainPoint } from "./hooks.ts";
export {
  formatMeasure,
  isRange,
  type Measure,
  type Measures,
  type MeasureTraits,
  measureName,
  type Unit,
} from "./measure.ts";
export { type FitOptions, type FitSettings, fitOptionsSchema } from "./options.ts";
export { type OwnSymmetries, ownSymmetries } from "./own-symmetries.ts";
export { fitSettings, solveSettings } from "./settings.ts";
export { solve, solveCourse } from "./solve.ts";
export { solveDefaults } from "./solve-defaults.ts";
export {
  type GradientEstimator,
  gradientEstimators,
  type SolveOptions,
  type SolveSettings,
  solveOptionsSchema,
} from "./solve-options.ts";
export type { DifferentiableTarget, FlowModel, SolveProblem } from "./solve-problem.ts";
export { namedSymmetries, symmetriesOfFit } from "./symmetries-of-fit.ts";
export { train } from "./train.ts";
export { Training } from "./training.ts";
