import { z } from "zod";
import { siteShape } from "../data/space.ts";
import { AnsatzError, usageError } from "../error.ts";
import type { ExactModel, Parameters } from "../models/contract.ts";
import { FittedExact } from "../models/fitted.ts";
import { Key } from "../random/key.ts";
import { effectiveSampleSize, independentMean } from "../stats/index.ts";
import type { Target } from "../systems/system.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { SolveEvent } from "./events.ts";
import { unflatten } from "./flatten.ts";
import type { TrainHooks } from "./hooks.ts";
import { allFinite, allocateMemory, copyParameters, parametersIn } from "./memory.ts";
import { CheckpointPace, PROGRESS_SECONDS, seconds } from "./pace.ts";
import { optimiserOf, scheduleOf, solveSettings } from "./settings.ts";
import type { SolveOptions, SolveSettings } from "./solve-options.ts";
import { solveStepper } from "./solve-step.ts";

/** Estimates that a solve tells over all its steps. */
const ESTIMATES = 200;

/** What a solve may be given beside its options. */
export type SolveHooks = TrainHooks<{ readonly step: number }>;

const count = z.int().min(0);
const progressSchema = z.object({ step: count, seconds: z.number(), finished: z.boolean() });

/**
 * Learns P(x) ∝ exp(−βE(x)) from the energy alone: minimises the variational free energy F_q = E_q[E + (log q)/β] of a
 * model that can be sampled and scored exactly, by REINFORCE with the leave-one-out baseline (variational autoregressive
 * networks: Wu, Wang & Zhang, PRL 122, 080602).
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
  const settings = solveSettings(options);
  checkTarget(model, target);
  const { steps, batch, updates, clip, threads } = settings;
  const [initKey, drawKey] = Key.fromSeed(settings.seed).split(2) as [Key, Key];
  const optimiser = optimiserOf(settings);
  const memory = allocateMemory(model, model.init(initKey), optimiser);
  const schedule = scheduleOf(settings, steps * updates);
  const rate = (step: number) => schedule(step * updates);
  let at: z.output<typeof progressSchema> = { step: 0, seconds: 0, finished: false };
  if (hooks.resume) at = readCheckpoint(hooks.resume, memory, undefined, progressSchema);
  const stepper = await solveStepper({ ...memory, model, optimiser, batch, clip, threads }, model, target);

  const notFinite = (step: number) => {
    const kept = hooks.saveCheckpoint ? "; the last good checkpoint is kept" : "";
    return new AnsatzError(
      "failure",
      `the loss is no longer finite at step ${step} (learning rate ${rate(step).toPrecision(3)}); ` +
        `try a smaller learning rate or clip the gradient${kept}`,
    );
  };
  const began = seconds() - at.seconds;
  const pace = new CheckpointPace();
  const save = async () => {
    if (!hooks.saveCheckpoint) return;
    at = { ...at, seconds: seconds() - began };
    if (!allFinite(memory)) throw notFinite(Math.max(0, at.step - 1));
    const { step } = at;
    await pace.keep(async () => hooks.saveCheckpoint?.(writeCheckpoint(memory, undefined, at), { step }));
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
      const beta = betaAt(at.step, target.beta, settings);
      const lr = rate(at.step);
      const step = at.step + 1;
      const told = step % every === 0 || step >= steps;
      const scored = told || seconds() - shown > PROGRESS_SECONDS;
      const first = at.step * updates;
      const result = await stepper.run({
        key: drawKey.fold(at.step),
        beta,
        lr: Array.from({ length: updates }, (_, i) => schedule(first + i)),
        t: first + 1,
        scored,
      });
      if (!result.losses.every(Number.isFinite)) throw notFinite(at.step);
      at = { ...at, step, finished: step >= steps };
      const now = seconds();
      const { logProb } = result;
      if (logProb) {
        const measured = { step, beta, lr, ...measure(result.energy, logProb, target.beta) };
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
      `this ${model.family} allows only part of the configurations of ${name} (a fixed magnetisation): its log Z would be ` +
        "that of the part; leave the constraint out",
    );
  const [own, asked] = [model.space, space].map((s) => JSON.stringify({ ...s, shape: siteShape(s) }));
  if (own !== asked) throw usageError(`${name}: its configurations are ${asked}; the model is one of ${own}`);
  if (!(beta > 0 && beta < Number.POSITIVE_INFINITY))
    throw usageError(`${name}: solving needs a positive inverse temperature, not beta ${beta}`);
}

/** β of a step: it rises linearly over the first part of the steps, then holds. */
function betaAt(step: number, beta: number, { anneal, annealFrom, steps }: SolveSettings): number {
  const rise = anneal * steps;
  return step >= rise ? beta : annealFrom + (beta - annealFrom) * (step / rise);
}

function measure(energy: Float64Array, logProb: Float64Array, beta: number) {
  const logWeights = energy.map((e, i) => 0 - beta * e - (logProb[i] as number));
  return {
    bound: independentMean(logWeights),
    ess: effectiveSampleSize(logWeights),
    energy: independentMean(energy),
  };
}
