import type { DType, NDArray } from "../array.ts";
import { siteShape } from "../data/space.ts";
import { augment, symmetryGroup } from "../data/symmetry.ts";
import { usageError } from "../error.ts";
import { isArray, modelRows, specsOf, storedRows } from "../models/arrays.ts";
import {
  type DifferentiableModel,
  type ExactModel,
  inputType,
  type Parameters,
  type Symbolic,
} from "../models/contract.ts";
import type { Key } from "../random/key.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, trace } from "../runtime/trace.ts";
import type { Target } from "../systems/system.ts";
import {
  add,
  flatten,
  leaves,
  mean,
  mul,
  type SymbolicKey,
  square,
  sub,
  sum,
  type Tensor,
} from "../tensor/index.ts";
import { lossOf } from "./objective.ts";
import { singleStepper, type TrainingSetup } from "./stepper.ts";

/** Rows of one run of the sampler's graph: fewer pay more for its loop, more lie in no cache. */
const SAMPLER_ROWS = 1000;

/** What is solved: the target, and where annealing starts from another energy, that one. */
export interface SolveProblem {
  readonly target: Target;
  readonly start?: Target | undefined;
}

/** Where a step is taken, and for which action. */
export interface SolveStepInput {
  readonly key: Key;
  /** Factors of the start's energy and of the target's, whose sum is the action. */
  readonly weights: readonly [start: number, target: number];
  /** Learning rate of each of the step's updates. */
  readonly lr: readonly number[];
  /** Number of the first update, from 1. */
  readonly t: number;
  /** Whether to return the batch's log-probabilities. */
  readonly scored: boolean;
}

/** What a step saw before its first update, one number a configuration that it drew. */
export interface SolveStepResult {
  /** The loss at each update: half the batch's variance of log q + action, or its mean; one that is not finite was the last. */
  readonly losses: readonly number[];
  /** The target's energies. */
  readonly energy: Float64Array;
  /** log q, nats, where asked for. */
  readonly logProb: Float64Array | undefined;
}

/** Takes steps, updating parameters and the optimiser's state in place. */
export interface SolveStepper {
  run(input: SolveStepInput): Promise<SolveStepResult>;
  release(): Promise<void>;
}

/**
 * The model as a step of the optimiser sees it, conditioned on βE of each row, with half the batch's variance of
 * f = log q + βE for its loss. The gradient of that is REINFORCE with the leave-one-out baseline,
 * (1/B) Σ_i (f_i − f̄_{≠i}) ∇log q(x_i) (Wu, Wang & Zhang, PRL 122, 080602, eq. 4, with the baseline of Kool et al.
 * 2019), exactly (Richter et al., arXiv:2010.10436, proposition 1); log q is evaluated once for both.
 */
export function varianceLoss<P extends Parameters>(
  model: ExactModel<P>,
  batch: number,
): DifferentiableModel<P> {
  const loss = (p: Symbolic<P>, x: Tensor, _: SymbolicKey, action?: Tensor): Tensor => {
    const f = add(model.logProb(p, x), flatten(action as Tensor));
    return mul(sum(square(sub(f, mean(f)))), 0.5 / (batch - 1));
  };
  return { ...model, contextSize: 1, loss };
}

/** Energies of rows; throws a usage error that names the first that is not finite, which a target's own code may let by. */
function energiesOf(target: Target, x: NDArray): Float64Array {
  const energy = target.energy(x);
  const rows = x.shape[0] as number;
  if (energy.length !== rows)
    throw usageError(`${target.name}: the energy has ${energy.length} numbers for ${rows} rows`);
  const bad = energy.findIndex((e) => !Number.isFinite(e));
  if (bad >= 0)
    throw usageError(`${target.name}: the energy of row ${bad} is ${energy[bad]}; it must be finite`);
  return energy;
}

/**
 * One step: the sampler's graph draws a batch with the parameters where they lie, the host computes energies, and updates
 * by {@link varianceLoss} follow: the first on the batch, the others on images of its rows under random symmetries of the
 * target. Those are drawn from other distributions than q, of which the loss is a divergence too, with the same minimum of
 * zero at q = p (Richter et al., section 3): drawing costs more than learning, and images show where q is not symmetric.
 */
export async function solveStepper<P extends Parameters>(
  setup: TrainingSetup<P>,
  model: ExactModel<P>,
  { target, start }: SolveProblem,
): Promise<SolveStepper> {
  const { batch, threads } = setup;
  const { space } = model;
  const parameters = setup.parameters;
  const params = leaves(parameters, isArray);
  const tree = specsOf(parameters);
  const compile = (f: unknown, specs: readonly unknown[]) =>
    Program.compile(trace(f as never, [tree, ...specs] as never), { threads });
  const sampler = await compile((p: Symbolic<P>, key: SymbolicKey) => model.sample(p, key).x, [KEY]);
  const rows = new Spec([batch, ...siteShape(space)], inputType(space));
  const scorer = await compile((p: Symbolic<P>, x: Tensor) => model.logProb(p, x), [rows]);
  const learner = varianceLoss(model, batch);
  const stepper = await singleStepper({ ...setup, model: learner, objective: lossOf(learner) });

  // Images must have the energy of their rows, at the start too.
  const shared = target.symmetries?.filter((name) => !start || start.symmetries?.includes(name));
  const group = shared?.length ? symmetryGroup(space, shared) : undefined;

  const draw = async (key: Key) => {
    const parts: NDArray<DType>[] = [];
    for (let from = 0; from < batch; from += SAMPLER_ROWS) {
      const count = Math.min(SAMPLER_ROWS, batch - from);
      const [x] = await sampler.run(params, { keys: [key.fold(from / SAMPLER_ROWS)], batch: count });
      parts.push(x as NDArray<DType>);
    }
    return storedRows(space, parts);
  };

  return {
    async run({ key, weights: [w0, w1], lr, t, scored }) {
      const [drawKey, imageKey] = key.split(2) as [Key, Key];
      const drawn = await draw(drawKey);
      const energy = energiesOf(target, drawn);
      const x = modelRows(space, drawn, 0, batch);
      const [logProb] = scored ? await scorer.run([...params, x]) : [];
      const data = x.data as Float32Array | Int32Array;
      const from = start && energiesOf(start, drawn);
      const context = Float32Array.from(energy, (e, i) => w1 * e + (from ? w0 * (from[i] as number) : 0));
      const losses: number[] = [];
      for (const [i, rate] of lr.entries()) {
        if (i > 0 && group) augment(data, batch, group, imageKey.fold(i));
        const [loss] = await stepper.run({ x: data, context, lr: [rate], t: t + i, key });
        losses.push(loss as number);
        if (!Number.isFinite(loss)) break;
      }
      return { losses, energy, logProb: logProb && Float64Array.from(logProb.data as Float32Array) };
    },
    async release() {
      for (const part of [sampler, scorer, stepper]) await part.release();
    },
  };
}
