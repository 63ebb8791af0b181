import * as z from "zod";
import { sameSpace, siteShape } from "../data/space.ts";
import { AnsatzError, usageError } from "../error.ts";
import type { ExactModel, Parameters } from "../models/contract.ts";
import { FittedExact } from "../models/fitted.ts";
import { Key } from "../random/key.ts";
import { effectiveSampleSize, independentMean } from "../stats/index.ts";
import type { Target } from "../systems/system.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { SolveEvent } from "./events.ts";
import { unflatten } from "./flatten.ts";
import { flowStepper, isDifferentiable, isFlow } from "./flow-step.ts";
import type { TrainHooks } from "./hooks.ts";
import { allFinite, allocateMemory, copyParameters, parametersIn } from "./memory.ts";
import { notFinite } from "./not-finite.ts";
import { CheckpointPace, PROGRESS_SECONDS, seconds } from "./pace.ts";
import { optimiserOf, scheduleOf, solveSettings } from "./settings.ts";
import { solveDefaults } from "./solve-defaults.ts";
import type { SolveOptions, SolveSettings } from "./solve-options.ts";
import { solveStepper } from "./solve-step.ts";

/** Estimates that a solve tells over all its steps. */
const ESTIMATES = 200;

/** What a solve may be given beside its options. */
export interface SolveHooks extends TrainHooks<{ readonly step: number }> {
  /**
   * The target that annealing begins at, such as the same system with other parameters: over the share `anneal` of the steps
   * the action goes linearly from its βE to the target's, and with it every parameter that the energy is linear in. Its own
   * β takes the place of `annealFrom`.
   */
  readonly start?: Target | undefined;
}

const count = z.int().min(0);
const progressSchema = z.object({ step: count, seconds: z.number(), finished: z.boolean() });

/**
 * Learns P(x) ∝ exp(−βE(x)) from the energy alone: minimises the variational free energy F_q = E_q[E + (log q)/β] of a
 * model that can be sampled and scored exactly. A flow on a target with an `energyTensor` follows gradients through its rows
 * (`flowLoss`: Albergo, Kanwar & Shanahan, arXiv:1904.12072); every other model takes REINFORCE with the leave-one-out
 * baseline (variational autoregressive networks: Wu, Wang & Zhang, PRL 122, 080602).
 *
 * An async generator of {@link SolveEvent}s that returns the model. The same seed gives the same bits on one machine,
 * engine and number of threads, also when stopped and resumed. Throws AnsatzError: `usage` for options, a conditional
 * model, a model of another space or β that is not positive, `failure` when the loss is no longer finite, `interrupted`
 * when stopped; and what the target's energy throws.
 */
export async function* solve<P extends Parameters>(
  model: ExactModel<P>,
  target: Target,
  options: SolveOptions = {},
  hooks: SolveHooks = {},
): AsyncGenerator<SolveEvent, FittedExact<P>> {
  const { start } = hooks;
  const settings = solveSettings({ ...solveDefaults(model, target), ...options });
  checkTarget(model, target);
  if (start) checkStart(start, target, settings);
  if (settings.gradient !== "path" && !(isFlow(model) && isDifferentiable(target)))
    throw usageError(
      `${model.family} takes REINFORCE here; the gradient can be chosen for flows on energies that can be differentiated`,
    );
  const { steps, batch, updates, clip, threads } = settings;
  const [initKey, drawKey] = Key.fromSeed(settings.seed).split(2) as [Key, Key];
  const optimiser = optimiserOf(settings);
  const memory = allocateMemory(model, model.init(initKey), optimiser);
  const schedule = scheduleOf(settings, steps * updates);
  const rate = (step: number) => schedule(step * updates);
  let at: z.output<typeof progressSchema> = { step: 0, seconds: 0, finished: false };
  if (hooks.resume) at = readCheckpoint(hooks.resume, memory, undefined, progressSchema);
  const setup = { ...memory, model, optimiser, batch, clip, threads };
  const stepper =
    isFlow(model) && isDifferentiable(target) && (!start || isDifferentiable(start))
      ? await flowStepper(setup, model, { target, start }, settings.gradient)
      : await solveStepper(setup, model, { target, start });

  let saved = at.step;
  const atOnce = `beta ${target.beta} times the energy is too large for single precision; take a smaller beta, or another unit`;
  /** After so many steps: what diverged was this one, or where parameters or a validation tell it the one before. */
  const diverged = (taken: number, step = taken) => notFinite({ taken, step, lr: rate(step), saved, atOnce });
  const began = seconds() - at.seconds;
  const pace = new CheckpointPace();
  const save = async () => {
    if (!hooks.saveCheckpoint) return;
    at = { ...at, seconds: seconds() - began };
    if (!allFinite(memory)) throw diverged(at.step, Math.max(0, at.step - 1));
    const { step } = at;
    await pace.keep(async () => hooks.saveCheckpoint?.(writeCheckpoint(memory, undefined, at), { step }));
    saved = step;
  };
  const every = Math.max(1, Math.floor(steps / ESTIMATES));

  try {
    yield { type: "start", parameters: parametersIn(memory), steps, batch, step: at.step };
    if (!hooks.resume) await save();
    let shown = seconds();
    const [firstStep, firstSecond] = [at.step, seconds()];
    while (!at.finished) {
      if (hooks.signal?.aborted) {
        await save();
        throw new AnsatzError("interrupted", `stopped at step ${at.step}`);
      }
      const action = actionAt(at.step, target.beta, start?.beta ?? settings.annealFrom, settings);
      const lr = rate(at.step);
      const step = at.step + 1;
      const told = step % every === 0 || step >= steps;
      const scored = told || seconds() - shown > PROGRESS_SECONDS;
      const first = at.step * updates;
      const result = await stepper.run({
        key: drawKey.fold(at.step),
        weights: start ? action.weights : [0, action.beta],
        lr: Array.from({ length: updates }, (_, i) => schedule(first + i)),
        t: first + 1,
        scored,
      });
      if (!result.losses.every(Number.isFinite)) throw diverged(at.step);
      at = { ...at, step, finished: step >= steps };
      const now = seconds();
      const { logProb } = result;
      if (logProb) {
        const measured = { step, beta: action.beta, lr, ...measure(result.energy, logProb, target.beta) };
        const perStep = (now - firstSecond) / (step - firstStep);
        yield told
          ? { type: "estimate", ...measured, seconds: now - began }
          : { type: "progress", ...measured, secondsLeft: perStep * (steps - step) };
        shown = now;
      }
      if (at.finished || pace.due) {
        await save();
        if (hooks.saveCheckpoint) yield { type: "checkpoint", step };
      }
    }
    yield { type: "done", step: at.step, seconds: seconds() - began };
    const last = copyParameters(memory);
    const parameters = unflatten(memory.parameters, memory.layout, last.flat, true, last.tables);
    return new FittedExact(model, parameters, settings);
  } finally {
    await stepper.release();
  }
}

function checkTarget(model: ExactModel, { name, space, beta }: Target): void {
  if (model.contextSize > 0)
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
function actionAt(step: number, beta: number, from: number, { anneal, steps }: SolveSettings) {
  const rise = anneal * steps;
  if (step >= rise) return { weights: [0, beta] as const, beta };
  const t = step / rise;
  return { weights: [(1 - t) * from, t * beta] as const, beta: from + (beta - from) * t };
}

function measure(energy: Float64Array, logProb: Float64Array, beta: number) {
  const logWeights = energy.map((e, i) => 0 - beta * e - (logProb[i] as number));
  return {
    bound: independentMean(logWeights),
    ess: effectiveSampleSize(logWeights),
    energy: independentMean(energy),
  };
}
