import { takeRows } from "../array.ts";
import { check } from "../data/check.ts";
import type { Dataset } from "../data/dataset.ts";
import { requireKnownSites } from "../data/mask.ts";
import { describe, isPlain, sites, spaceName } from "../data/space.ts";
import { inputError, usageError } from "../error.ts";
import { contextFor } from "../models/context.ts";
import type { Model, ModelBase, Parameters } from "../models/contract.ts";
import { Key } from "../random/key.ts";
import { adaptToData } from "./adapt.ts";
import { averaged } from "./average.ts";
import { checkObjective } from "./check-objective.ts";
import type { Course } from "./course.ts";
import { divergence } from "./diverged.ts";
import { rowSource } from "./fit-source.ts";
import { type Learning, learningOf } from "./learning.ts";
import type { Measure, Measures } from "./measure.ts";
import { updatesIn } from "./memory.ts";
import type { FitSettings } from "./options.ts";
import type { OwnSymmetries } from "./own-symmetries.ts";
import { endsItself, pacingOf } from "./pacing.ts";
import { optimiserOf } from "./settings.ts";
import { validationMean } from "./validation-mean.ts";
import { makeValidator, validationRows } from "./validator.ts";

/** Steps of a small model in one call. */
const TOGETHER = 32;

/** Validation rows of a fit that ends by itself: they are looked at often. */
const ROWS_LOOKED_AT = 5000;

/** Returns the course of a fit; see `fit` for what it throws. All randomness follows from `root`. */
export function fitCourse(
  model: Model,
  dataset: Dataset,
  settings: FitSettings,
  { used: symmetries, unlike }: OwnSymmetries,
  root = Key.fromSeed(settings.seed),
): Course {
  const { train, valid } = dataset.splits;
  // Rows that are not split are all fitted, and nothing watches the fit.
  const isWhole = dataset.splits.by === "none";
  if (isWhole && endsItself(settings))
    throw usageError(
      `${dataset.name}: is not split, so that no rows say when to end; give a schedule other than auto, and epochs`,
    );
  if (train.length < 2 || (valid.length < 2 && !isWhole))
    throw inputError(
      `${dataset.name}: too few rows to fit: ${train.length} to train on, ${valid.length} to validate (at least 2 of each)`,
    );
  if (dataset.mask) requireKnownSites(dataset, [...train, ...valid], `a fit of ${model.family}`);
  else check(model.space, dataset.x, dataset.name, true);
  const refused = model.refuses?.(dataset.x);
  const poor = refused ?? model.refusesTraining?.(dataset.x, train, dataset.columns);
  if (poor !== undefined) throw inputError(`${dataset.name}: ${poor}`);
  const context = contextFor(model, dataset.context, dataset.x.shape[0] as number, dataset.name);
  checkContexts(model, dataset);
  const [initKey, orderKey, augmentKey, lossKey, validKey] = root.split(5) as [Key, Key, Key, Key, Key];
  const most = settings.validRows || (endsItself(settings) ? ROWS_LOOKED_AT : 0);
  const validated = validationRows(valid, model.space, most, validKey);
  const optimiser = optimiserOf(settings);
  const learning = learningOf(model, { dataset, settings, optimiser, key: lossKey });
  checkObjective(model.family, learning.objective);
  const monitor = isWhole ? undefined : learning.monitor;
  const initial = model.init(initKey) as Parameters;
  const batch = Math.min(settings.batch, train.length);
  const updates = Math.max(1, updatesIn(learning.objective));
  const stepsPerEpoch = Math.max(1, Math.floor(Math.floor(train.length / batch) / updates));
  const { threads, clip } = settings;
  const objective =
    settings.average > 0 ? averaged(learning.objective, initial, settings.average) : learning.objective;
  const source = rowSource(
    model,
    dataset,
    context,
    { order: orderKey, augment: augmentKey },
    batch,
    symmetries,
  );
  const mean = validationMean(dataset, validated);
  const pacing = pacingOf(settings, {
    ...{ model, initial, objective, source, batch },
    ...{ stepsPerEpoch, validated: validated.length, selects: monitor?.selects ?? false },
    ...{ ends: monitor?.ends ?? true, mean },
  });
  const validator =
    monitor &&
    makeValidator({ model, monitor, parameters: initial, dataset, valid: validated, context, threads, mean });
  const bracket = isWhole
    ? undefined
    : learning.bracket?.(takeRows(dataset.x, validated), {
        ...{ stepsPerEpoch, epochs: pacing.epochs, doubling: endsItself(settings) },
        key: validKey.fold(1),
        mean,
      });
  const base = model as ModelBase;

  const isUnused = dataset.context !== undefined && model.context === undefined;
  const doubts = [
    ...unlike.map(
      (name) =>
        `the training rows are not symmetric under ${name}, although their system is; this symmetry is not used`,
    ),
    ...(isUnused ? [`its contexts are ignored: this ${model.family} is not conditional`] : []),
    ...(model.doubtsTraining?.(dataset.x, train, dataset.columns) ?? []),
    ...(learning.objective.warnings ?? []),
  ];
  const course: Course<Parameters> = {
    model: base,
    initial,
    begin: (parameters) => adaptToData(base, parameters, dataset, context, threads, validKey.fold(0)),
    ...{ objective, source },
    policy: pacing.policy,
    key: lossKey,
    ...{ batch, clip, threads, steps: pacing.steps, round: stepsPerEpoch },
    ...(learning.objective.knobs && { knobs: learning.objective.knobs }),
    ...(stepsPerEpoch >= TOGETHER && { together: TOGETHER }),
    async watch({ round, parameters }) {
      const own = await validator?.measure(parameters);
      const nll = await bracket?.(round, parameters as never);
      return {
        measures: { ...(own && measured(monitor, own.mean)), ...(nll && { NLL: nll }) },
        rows: own?.rows,
      };
    },
    ...(monitor &&
      validator && {
        start: async (parameters) => (await validator.measure(parameters)).mean,
        verdict: (at) => divergence(at, { ...monitor, sites: sites(model.space) }),
      }),
    watched: monitor?.name,
    ...{ selects: monitor?.selects ?? false, keepsLater: monitor?.ends === false },
    ...{ keepsBest: true, savesRounds: true },
    rows: { train: train.length, valid: validated.length },
    symmetries,
    warnings: [...doubts.map((doubt) => `${dataset.name}: ${doubt}`), ...pacing.doubts],
    atOnce:
      "the data hold numbers too large for single precision; rescale them, or correct the loss if it is your own",
    release: async () => validator?.release(),
  };
  return course as Course;
}

/**
 * Throws an input error if the contexts of a dataset are declared to be of another space than the model's:
 * labels are not real numbers. Undeclared contexts, which count as real numbers, only need values of the
 * model's space.
 */
function checkContexts({ context, family }: Model, { contextSpace: given, name }: Dataset): void {
  if (!context || !given || isPlain(given)) return;
  if (spaceName(given) === spaceName(context) && sites(given) === sites(context)) return;
  throw inputError(
    `${name}: its contexts are ${describe(given)}; those of this ${family} are ${describe(context)}`,
  );
}

/** The estimate of a monitor, under its name. */
function measured(monitor: Learning["monitor"], estimate: Measure): Measures {
  if (!monitor) return {};
  const { name, unit, bound } = monitor;
  return { [name]: { ...estimate, ...(unit && { unit }), ...(bound && { bound }) } };
}
