import { type Dataset, takeRows } from "../data/dataset.ts";
import { AnsatzError, inputError } from "../error.ts";
import type { EnergyModel, EnergyParameters, ExactModel, ModelBase, Parameters } from "../models/contract.ts";
import type { FittedEnergy } from "../models/fitted/energy.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { plateau } from "../optim/index.ts";
import { Key } from "../random/key.ts";
import { adaptToData } from "./adapt.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { chunkedStepper } from "./chunked-stepper.ts";
import type { FitEvent } from "./events.ts";
import { makeFeeder } from "./feeder.ts";
import { type Progress, progressSchema, start } from "./fit-progress.ts";
import { unflatten } from "./flatten.ts";
import type { TrainHooks } from "./hooks.ts";
import { learningOf } from "./learning.ts";
import { allFinite, allocateMemory, copiedTree, copyParameters, parametersIn, updateCopy } from "./memory.ts";
import { notFinite } from "./not-finite.ts";
import type { FitOptions } from "./options.ts";
import { CheckpointPace, PROGRESS_SECONDS, seconds } from "./pace.ts";
import { fitSettings, optimiserOf, scheduleOf } from "./settings.ts";
import { type Stepper, singleStepper } from "./stepper.ts";
import { makeValidator, validationRows } from "./validator.ts";

/** Below this many parameters, several steps run in one call. */
const SMALL = 60_000;
/** Steps in one call of a small model. */
const CHUNK = 32;
/** What a fit may be given beside its options; it also keeps a checkpoint after every epoch. */
export interface FitHooks extends TrainHooks<{ readonly epoch: number; readonly step: number }> {
  /** Is told of every epoch before its event is, and may look at a copy of the parameters. */
  readonly afterEpoch?:
    | ((at: { readonly epoch: number; readonly step: number }, parameters: () => Parameters) => Promise<void>)
    | undefined;
}

/** Fits a model with an exact likelihood; see {@link fit}. */
export function fit<P extends Parameters>(
  model: ExactModel<P>,
  dataset: Dataset,
  options?: FitOptions,
  hooks?: FitHooks,
): AsyncGenerator<FitEvent, FittedExact<P>>;
/** Fits an energy model; see {@link fit}. */
export function fit<P extends EnergyParameters>(
  model: EnergyModel<P>,
  dataset: Dataset,
  options?: FitOptions,
  hooks?: FitHooks,
): AsyncGenerator<FitEvent, FittedEnergy<P>>;
export function fit(
  model: ExactModel | EnergyModel,
  dataset: Dataset,
  options?: FitOptions,
  hooks?: FitHooks,
): AsyncGenerator<FitEvent, FittedExact | FittedEnergy>;
/**
 * Fits a model to a dataset by minimising the negative log-likelihood of its training rows, or what stands for it where
 * an energy model is trained by another method.
 *
 * An async generator of {@link FitEvent}s that returns the parameters of the best validation NLL; of the last epoch where
 * the NLL is not known. The same seed gives the same bits on one machine, engine and number of threads, also when stopped
 * and resumed. Throws AnsatzError: `usage` for options, `input` for a dataset too small or of another space, `failure`
 * when the loss is no longer finite, `interrupted` when stopped.
 */
export async function* fit(
  model: ExactModel | EnergyModel,
  dataset: Dataset,
  options: FitOptions = {},
  hooks: FitHooks = {},
): AsyncGenerator<FitEvent, FittedExact | FittedEnergy> {
  const settings = fitSettings(options);
  const { train, valid } = dataset.splits;
  if (train.length < 2 || valid.length < 2)
    throw inputError(
      `${dataset.name}: too few rows to fit: ${train.length} to train on, ${valid.length} to validate`,
    );
  const refused = model.refuses?.(dataset.x);
  const poor = refused ?? model.refusesTraining?.(dataset.x, train);
  if (poor !== undefined) throw inputError(`${dataset.name}: ${poor}`);
  const context = contextData(model, dataset);
  const root = Key.fromSeed(settings.seed);
  const [initKey, orderKey, augmentKey, lossKey, validKey] = root.split(5) as [Key, Key, Key, Key, Key];
  const validated = validationRows(valid, model.space, settings.validRows, validKey);
  const optimiser = optimiserOf(settings);

  const learning = learningOf(model, dataset, settings, lossKey);
  const { objective, monitor, quantities } = learning;
  const memory = allocateMemory<Parameters>(model, model.init(initKey), optimiser, objective.carried);
  const { layout } = memory;
  if (!hooks.resume) await adaptToData(model, memory, dataset, context, settings.threads, validKey.fold(0));
  const best = copyParameters(memory);
  const batch = Math.min(settings.batch, train.length);
  const stepsPerEpoch = Math.floor(train.length / batch);
  const schedule = scheduleOf(settings, settings.epochs * stepsPerEpoch);
  const watch = plateau();
  let at: Progress = start;
  if (hooks.resume) at = readCheckpoint(hooks.resume, memory, best, progressSchema);

  const { clip, threads } = settings;
  const setup = { ...memory, model: model as ModelBase, objective, optimiser, batch, clip, threads };
  const single = await singleStepper(setup);
  const small = layout.size <= SMALL && memory.tables.size === 0;
  const chunk = small && stepsPerEpoch >= CHUNK ? await chunkedStepper(setup, CHUNK) : undefined;
  const validate = await makeValidator(setup.model, monitor, setup, dataset, validated, context);
  const bracket = learning.bracket?.(takeRows(dataset.x, validated), stepsPerEpoch, validKey.fold(1));
  const feed = makeFeeder(model, dataset, context, { order: orderKey, augment: augmentKey }, batch, settings);

  const rate = (step: number) => schedule(step) * at.plateau.scale;
  let saved = at.step;
  const atOnce = "the data hold numbers too large for single precision; give them another unit";
  /** After so many steps: what diverged was this one, or where parameters or a validation tell it the one before. */
  const diverged = (taken: number, step = taken) => notFinite({ taken, step, lr: rate(step), saved, atOnce });

  const began = seconds() - at.seconds;
  const pace = new CheckpointPace();
  const save = async () => {
    if (!hooks.saveCheckpoint) return;
    at = { ...at, seconds: seconds() - began };
    if (!allFinite(memory)) throw diverged(at.step, Math.max(0, at.step - 1));
    const { epoch, step } = at;
    await pace.keep(async () => hooks.saveCheckpoint?.(writeCheckpoint(memory, best, at), { epoch, step }));
    saved = step;
  };

  try {
    yield {
      type: "start",
      parameters: parametersIn(memory),
      rows: { train: train.length, valid: validated.length },
      epochs: settings.epochs,
      stepsPerEpoch,
      step: at.step,
      ...(quantities && { quantities }),
    };
    // A fit that fails in its first epoch has a checkpoint too.
    if (!hooks.resume) await save();
    while (at.finished === null) {
      const end = (at.epoch + 1) * stepsPerEpoch;
      let shown = seconds();
      let [lossSince, stepsSince] = [0, 0];
      const firstStep = at.step;
      const firstSecond = seconds();
      while (at.step < end) {
        if (hooks.signal?.aborted) {
          await save();
          throw new AnsatzError("interrupted", `stopped at step ${at.step}`);
        }
        const stepper: Stepper = chunk && end - at.step >= chunk.steps ? chunk : single;
        const lr = Array.from({ length: stepper.steps }, (_, i) => rate(at.step + i));
        const losses = await stepper.run({
          ...feed(at.epoch, at.step % stepsPerEpoch, stepper.steps, at.step),
          lr,
          t: at.step + 1,
          key: lossKey.fold(at.step),
        });
        const bad = losses.findIndex((loss) => !Number.isFinite(loss));
        if (bad >= 0) throw diverged(at.step + bad);
        const sum = losses.reduce((s, loss) => s + loss, 0);
        at = {
          ...at,
          step: at.step + stepper.steps,
          lossSum: at.lossSum + sum,
          lossCount: at.lossCount + stepper.steps,
        };
        lossSince += sum;
        stepsSince += stepper.steps;
        const now = seconds();
        if (now - shown > PROGRESS_SECONDS) {
          const perStep = (now - firstSecond) / (at.step - firstStep);
          yield {
            type: "progress",
            epoch: at.epoch,
            step: at.step,
            loss: lossSince / stepsSince,
            lr: lr.at(-1) as number,
            rowsPerSecond: batch / perStep,
            secondsLeft: perStep * (settings.epochs * stepsPerEpoch - at.step),
          };
          shown = now;
          [lossSince, stepsSince] = [0, 0];
        }
        if (pace.due && at.step < end) {
          await save();
          if (hooks.saveCheckpoint) yield { type: "checkpoint", epoch: at.epoch, step: at.step };
        }
      }
      const measured = await validate();
      if (!Number.isFinite(measured.value)) throw diverged(at.step, at.step - 1);
      const train_ = at.lossSum / at.lossCount;
      const better = at.bestValid === null || !monitor.selects || measured.value < at.bestValid;
      if (better) updateCopy(best, memory);
      const epoch = at.epoch + 1;
      const bestEpoch = better ? epoch : at.bestEpoch;
      const lr = rate(at.step - 1);
      at = {
        ...at,
        epoch,
        lossSum: 0,
        lossCount: 0,
        bestEpoch,
        bestValid: better ? measured.value : at.bestValid,
        plateau: settings.schedule === "plateau" ? watch.observe(at.plateau, measured.value) : at.plateau,
        finished:
          settings.patience > 0 && epoch - bestEpoch >= settings.patience
            ? "patience"
            : epoch >= settings.epochs
              ? "epochs"
              : null,
      };
      const nll = await bracket?.(epoch, () => copiedTree(memory) as EnergyParameters);
      await hooks.afterEpoch?.({ epoch, step: at.step }, () => copiedTree(memory));
      // Told before it is saved: whoever logs it has it by the time a resumed fit would not tell it again.
      yield {
        type: "epoch",
        epoch,
        step: at.step,
        train: train_,
        valid: measured,
        ...(nll && { nll }),
        best: better,
        lr,
        seconds: seconds() - began,
      };
      if (at.finished === null && pace.tooSoon) continue;
      await save();
      if (hooks.saveCheckpoint) yield { type: "checkpoint", epoch, step: at.step };
    }
    const { epoch, step, bestEpoch } = at;
    yield { type: "done", reason: at.finished, epoch, step, bestEpoch, seconds: seconds() - began };
    return learning.finished(unflatten(memory.parameters, layout, best.flat, true, best.tables), settings);
  } finally {
    for (const part of [single, chunk, validate]) await part?.release();
  }
}

/** The dataset's context as `[rows, contextSize]`; throws when the model needs one that is missing. */
function contextData(model: ModelBase, dataset: Dataset) {
  if (model.contextSize === 0) return undefined;
  const { context } = dataset;
  const rows = dataset.x.shape[0] as number;
  if (context === undefined || context.data.length !== rows * model.contextSize)
    throw inputError(`${dataset.name}: the model needs ${model.contextSize} context values a row`);
  return { ...context, shape: [rows, model.contextSize] };
}
