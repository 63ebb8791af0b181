import { sameSpace, siteShape } from "../data/space.ts";
import { usageError } from "../error.ts";
import type { Model, Parameters, Solvable } from "../models/contract.ts";
import { type Fitted, fitted, type ParametersOf } from "../models/fitted/fitted.ts";
import { Key } from "../random/key.ts";
import { effectiveSampleSize, independentMean } from "../stats/index.ts";
import type { Target } from "../systems/system.ts";
import type { Course } from "./course.ts";
import { type ActionWeights, flowObjective } from "./flow-objective.ts";
import type { TrainHooks } from "./hooks.ts";
import type { Measures } from "./measure.ts";
import { stepPolicy } from "./policies.ts";
import { energySource, varianceObjective } from "./reinforce.ts";
import { optimiserOf, scheduleOf, solveSettings } from "./settings.ts";
import { solveDefaults } from "./solve-defaults.ts";
import type { SolveOptions, SolveSettings } from "./solve-options.ts";
import { differentiable, isFlow, type SolveProblem } from "./solve-problem.ts";
import { train } from "./train.ts";
import type { Training } from "./training.ts";

/** Looks at the model over all steps of a solve. */
const LOOKS = 200;

/**
 * Learns P(x) ∝ exp(−βE(x)) from the energy alone: minimises the variational free energy F_q = E_q[E + (log
 * q)/β] of a model that draws samples with their log q. A flow on a target with an `energyTensor` follows
 * gradients through its rows (`flowLoss`: Albergo, Kanwar & Shanahan, arXiv:1904.12072); every other model
 * uses REINFORCE with the leave-one-out baseline (variational autoregressive networks: Wu, Wang & Zhang, PRL
 * 122, 080602). With a `start`, annealing begins at its energy; see {@link SolveProblem}.
 *
 * Returns a {@link Training}: an async iterable of events with a `result()`, the model. The same seed gives
 * the same bits on one machine, engine and number of threads, also when stopped and resumed. Throws
 * AnsatzError: `usage` for options, a conditional model, a model of another space or a β that is not
 * positive, `failure` when the loss is no longer finite, `interrupted` when stopped; and what the target's
 * energy throws.
 */
export function solve<M extends Model & Solvable>(
  model: M,
  of: Target | SolveProblem,
  options: SolveOptions = {},
  hooks: TrainHooks = {},
): Training<Fitted<M>> {
  const problem = "energy" in of ? { target: of } : of;
  return train(
    {
      async next([ended]) {
        const settings = solveSettings({ ...solveDefaults(model, problem.target), ...options });
        if (!ended) return { course: solveCourse(model, problem, settings) };
        return { result: fitted(model, ended.parameters as ParametersOf<M>, settings) };
      },
    },
    hooks,
  );
}

/** Returns the course of a solve; see {@link solve}, also for what it throws. */
export function solveCourse(model: Solvable, problem: SolveProblem, settings: SolveSettings): Course {
  const { target, start } = problem;
  checkTarget(model, target);
  if (start) checkStart(start, target, settings);
  const smooth = isFlow(model) ? differentiable(problem) : undefined;
  if (settings.gradient !== "path" && !(isFlow(model) && differentiable({ target })))
    throw usageError(
      `${model.family} takes REINFORCE here; the gradient can be chosen for flows on energies that can be differentiated`,
    );
  const { steps, batch, updates, clip, threads } = settings;
  const [initKey, drawKey] = Key.fromSeed(settings.seed).split(2) as [Key, Key];
  const initial: Parameters = model.init(initKey);
  const optimiser = optimiserOf(settings);
  const from = start?.beta ?? settings.annealFrom;
  const action = (step: number) => actionAt(step, target.beta, from, settings);
  const weights = (step: number): ActionWeights<number> => {
    const { weights: own, beta } = action(step);
    return start ? own : { start: 0, target: beta };
  };
  const schedule = scheduleOf(settings, steps * updates);
  const measure = ({ energy, logProb }: Readonly<Record<string, Float64Array>>) =>
    measuresOf(energy as Float64Array, logProb as Float64Array, target.beta);
  const course: Course<Parameters, null> = {
    ...{ model, initial, batch, clip, threads, steps, key: drawKey },
    ...(isFlow(model) && smooth
      ? {
          objective: flowObjective(model, smooth, { optimiser, updates, estimator: settings.gradient }),
          knobs: (step) => ({ ...weights(step) }),
        }
      : {
          objective: varianceObjective(model, batch, { optimiser, updates }),
          source: energySource(model, initial, problem, { batch, threads, weights, key: drawKey }),
        }),
    tells: (step) => ({ beta: action(step).beta }),
    round: Math.max(1, Math.floor(steps / LOOKS)),
    policy: stepPolicy(schedule),
    watch: async ({ seen }) => ({ measures: measure(seen) }),
    glance: measure,
    ...{ selects: false, keepsBest: false, savesRounds: false },
    atOnce: `beta ${target.beta} times the energy is too large for single precision; take a smaller beta, or another unit`,
  };
  return course as Course;
}

function checkTarget(model: Solvable, { name, space, beta }: Target): void {
  if (model.context)
    throw usageError(`a conditional ${model.family} cannot be solved for: no context is given`);
  if (model.refuses)
    throw usageError(
      `this ${model.family} allows only part of the configurations of ${name} (a fixed magnetisation, or bounds): its log Z would be ` +
        "that of the part; leave the constraint out",
    );
  const [own, asked] = [model.space, space].map((s) => JSON.stringify({ ...s, shape: siteShape(s) }));
  if (own !== asked) throw usageError(`${name}: its configurations are ${asked}; the model is one of ${own}`);
  if (!(beta > 0 && beta < Number.POSITIVE_INFINITY))
    throw usageError(`${name}: solving needs a positive inverse temperature, not beta ${beta}`);
}

function checkStart(start: Target, { name, space }: Target, { anneal, annealFrom }: SolveSettings): void {
  if (!sameSpace(start.space, space))
    throw usageError(`${name}: annealing starts from an energy of other configurations than the target's`);
  if (!(start.beta >= 0 && start.beta < Number.POSITIVE_INFINITY))
    throw usageError(`${name}: annealing starts from a beta of 0 or more, not ${start.beta}`);
  if (anneal === 0)
    throw usageError(
      `${name}: annealing from other parameters takes a share of the steps; set anneal, such as 0.3`,
    );
  if (annealFrom !== 0)
    throw usageError(`${name}: annealing starts from the beta of its parameters; leave annealFrom out`);
}

/**
 * The action of a step, (1 − t) β₀E₀ + t βE: t rises linearly over the first part of the steps, then holds at 1. `beta` is
 * (1 − t) β₀ + t β.
 */
function actionAt(
  step: number,
  beta: number,
  from: number,
  { anneal, steps }: SolveSettings,
): { readonly weights: ActionWeights<number>; readonly beta: number } {
  const rise = anneal * steps;
  if (step >= rise) return { weights: { start: 0, target: beta }, beta };
  const t = step / rise;
  return { weights: { start: (1 - t) * from, target: t * beta }, beta: from + (beta - from) * t };
}

/**
 * Measures of the model from the rows of a step, at the target's β: a lower bound of log Z, effective sample
 * size, mean total energy.
 */
function measuresOf(energy: Float64Array, logProb: Float64Array, beta: number): Measures {
  const logWeights = energy.map((e, i) => 0 - beta * e - (logProb[i] as number));
  return {
    "log Z": { ...independentMean(logWeights), unit: "nats", bound: "lower" },
    ESS: { value: effectiveSampleSize(logWeights), error: Number.NaN },
    energy: independentMean(energy),
  };
}
