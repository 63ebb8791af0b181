import type { DType, NDArray } from "../array.ts";
import { siteShape } from "../data/space.ts";
import { isArray, modelRows, storedRows } from "../models/arrays.ts";
import {
  type ExactModel,
  inputType,
  type ModelBase,
  type Parameters,
  type Traced,
} from "../models/contract.ts";
import type { Key } from "../random/key.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, trace } from "../runtime/trace.ts";
import type { Target } from "../systems/system.ts";
import {
  add,
  flatten,
  leaves,
  mapTree,
  mean,
  mul,
  type SymbolicKey,
  square,
  sub,
  sum,
  type Tensor,
} from "../tensor/index.ts";
import { type StepperSetup, singleStepper } from "./stepper.ts";

/** Rows of one run of the sampler's graph: fewer pay more for its loop, more lie in no cache. */
const SAMPLER_ROWS = 1000;

/** Where a step is taken, and at which inverse temperature. */
export interface SolveStepInput {
  readonly key: Key;
  readonly beta: number;
  readonly lr: number;
  /** Number of the step, from 1. */
  readonly t: number;
  /** Whether to return the batch's log-probabilities. */
  readonly scored: boolean;
}

/** What a step saw before its update, one number a configuration that it drew. */
export interface SolveStepResult {
  /** Half the batch's variance of log q + βE: not finite where nothing was updated. */
  readonly loss: number;
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
export function varianceLoss<P extends Parameters>(model: ExactModel<P>, batch: number): ModelBase<P> {
  const loss = (p: Traced<P>, x: Tensor, _: SymbolicKey, action?: Tensor): Tensor => {
    const f = add(model.logProb(p, x), flatten(action as Tensor));
    return mul(sum(square(sub(f, mean(f)))), 0.5 / (batch - 1));
  };
  return { ...model, contextSize: 1, loss };
}

/**
 * One step: the sampler's graph draws a batch with the parameters where they lie, the host computes energies, and a step
 * on {@link varianceLoss} follows.
 */
export async function solveStepper<P extends Parameters>(
  setup: StepperSetup<P>,
  model: ExactModel<P>,
  target: Target,
): Promise<SolveStepper> {
  const { batch, threads } = setup;
  const { space } = model;
  const parameters = setup.parameters;
  const params = leaves(parameters, isArray);
  const tree = mapTree(parameters, isArray, ({ shape }) => new Spec(shape));
  const compile = (f: unknown, specs: readonly unknown[]) =>
    Program.compile(trace(f as never, [tree, ...specs] as never), { threads });
  const sampler = await compile((p: Traced<P>, key: SymbolicKey) => model.sample(p, key).x, [KEY]);
  const rows = new Spec([batch, ...siteShape(space)], inputType(space));
  const scorer = await compile((p: Traced<P>, x: Tensor) => model.logProb(p, x), [rows]);
  const stepper = await singleStepper({ ...setup, model: varianceLoss(model, batch) });

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
    async run({ key, beta, lr, t, scored }) {
      const drawn = await draw(key);
      const energy = target.energy(drawn);
      const x = modelRows(space, drawn, 0, batch);
      const [logProb] = scored ? await scorer.run([...params, x]) : [];
      const context = Float32Array.from(energy, (e) => beta * e);
      const [loss] = await stepper.run({ x: x.data as Float32Array, context, lr: [lr], t, key });
      return {
        loss: loss as number,
        energy,
        logProb: logProb && Float64Array.from(logProb.data as Float32Array),
      };
    },
    async release() {
      for (const part of [sampler, scorer, stepper]) await part.release();
    },
  };
}
