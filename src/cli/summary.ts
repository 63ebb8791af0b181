import { type Space, siteShape, sites } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import {
  compareObservables,
  type ExactScore,
  floats,
  isPlane,
  type ObservableComparison,
  type PartRows,
  partRows,
  score,
  siteObservables,
  twoPoint,
} from "../evaluate/index.ts";
import type { FittedExact } from "../models/fitted.ts";
import { Key } from "../random/key.ts";
import type { SiteValues } from "../report/figures/configurations.ts";
import type { ConfigurationsData, CurvePoint, FigureData } from "../report/index.ts";
import { type FitRecord, type Run, readLog } from "../runs/index.ts";
import { oneSystem, type System } from "../systems/index.ts";
import { labelOf } from "./numbers.ts";
import { planeFigures } from "./plane-figures.ts";
import { describeRows, type RunData } from "./run-data.ts";
import type { Session } from "./session.ts";

/** What a finished run is worth: its score, its samples' observables beside the right ones, and figures of both. */
export interface Summary {
  readonly score: ExactScore;
  /** What the scored rows are to the model, in words. */
  readonly rows: string;
  readonly observables: readonly ObservableComparison[];
  readonly figures: FigureData;
}

/** Configurations that a figure may show. */
export const shownConfigurations = 16;

/**
 * Scores a run's model on rows of data, held out where it can be, draws `samples` configurations from it, and compares
 * their observables; where there are none, no more are drawn than a figure shows.
 */
export async function summarise(
  run: Run<FitRecord>,
  fitted: FittedExact,
  data: RunData,
  request: { readonly samples: number; readonly seed: number; readonly session: Session },
): Promise<Summary> {
  const { dataset, part } = data;
  const { meta } = dataset;
  const system = meta?.system && oneSystem(meta.system);
  const scored = partRows(dataset, part);
  const result = await score(fitted, dataset, { part });
  const observed =
    Object.keys(system?.observables ?? siteObservables(dataset.space, dataset.encoding)).length > 0;
  const x = await drawSamples(fitted, scored, {
    ...request,
    samples: observed ? request.samples : Math.min(request.samples, shownConfigurations),
  });
  const all = partRows(dataset, "all");
  const observables = compareObservables({
    samples: x,
    system,
    data: all,
    space: dataset.space,
    encoding: dataset.encoding,
  });
  const model = { x };
  return {
    score: result,
    rows: describeRows(data, part),
    observables,
    figures: {
      training: await trainingOf(run, result, sites(dataset.space)),
      planes: await planeFigures(fitted, dataset, {
        system,
        events: await readLog(run.folder),
        key: Key.fromSeed(request.seed).fold(2),
      }),
      // Of points in the plane the densities say more.
      ...(!isPlane(dataset.space) && { configurations: configurationsOf(dataset.space, scored, x) }),
      observables: Object.fromEntries(
        observables.flatMap((o) => (o.values ? [[o.name, histogramOf(o, o.values)]] : [])),
      ),
      correlation: system && correlationOf(system, all, model),
    },
  };
}

async function drawSamples(
  fitted: FittedExact,
  { context }: PartRows,
  { samples, seed, session }: { samples: number; seed: number; session: Session },
) {
  const progress = session.progress(`sample ${fitted.model.family}`);
  // A conditional model is sampled in the contexts of the scored rows.
  const n = context ? (context.shape[0] as number) : samples;
  const { x } = await fitted
    .sample(n, {
      key: Key.fromSeed(seed).fold(1),
      signal: session.signal,
      onProgress: (done, total) => progress.update({ fraction: done / total }),
      ...(context && { context: floats(context) }),
    })
    .finally(() => progress.end());
  return x;
}

async function trainingOf(
  run: Run<FitRecord>,
  { entropyPerSite }: ExactScore,
  n: number,
): Promise<FigureData["training"]> {
  const epochs = (await readLog(run.folder)).filter((event) => event.type === "epoch");
  const train: CurvePoint[] = epochs.map((event) => ({ at: event.epoch, value: event.train / n }));
  const validation: CurvePoint[] = epochs.map(({ epoch, valid }) => ({
    at: epoch,
    value: valid.value / n,
    error: valid.error / n,
  }));
  return {
    train,
    validation,
    best: run.record.result?.bestEpoch,
    ...(entropyPerSite !== undefined && { exact: { value: entropyPerSite } }),
  };
}

function configurationsOf(space: Space, { x }: PartRows, samples: PartRows["x"]): ConfigurationsData {
  const size = sites(space);
  const ofLevels = space.kind === "real" && space.levels === true;
  const first = (rows: PartRows["x"]) => {
    const values = numbers(rows).slice(0, shownConfigurations * size);
    return ofLevels ? values.map(Math.floor) : values;
  };
  const data = first(x);
  const model = first(samples);
  return { site: siteOf(space), shape: siteShape(space), data, model, count: shownConfigurations };
}

/** What a site of a space holds, as figures draw it. */
export function siteOf(space: Space): SiteValues {
  if (space.kind === "categorical") return { kind: "categorical", states: space.states };
  if (space.kind === "sequence") return { kind: "categorical", states: space.states + 1 };
  return { kind: space.kind };
}

function histogramOf(
  { name, reference }: ObservableComparison,
  values: NonNullable<ObservableComparison["values"]>,
) {
  return {
    label: labelOf(name),
    model: { values: values.model },
    ...(values.data && { data: { values: values.data } }),
    ...(reference?.source === "exact" && { reference: { value: reference.value } }),
  };
}

function correlationOf(system: System, data: PartRows, model: PartRows): FigureData["correlation"] {
  const [ofData, ofModel] = [twoPoint(system, data), twoPoint(system, model)];
  return ofData && ofModel && { label: "G(r)", data: ofData, model: ofModel };
}
