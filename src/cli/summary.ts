import { levelCount, type Space, siteShape, sites } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import {
  type ApproximateScore,
  type ChainDiagnostics,
  chainDiagnostics,
  compareObservables,
  type ExactScore,
  floats,
  isPlane,
  type ObservableComparison,
  type PartRows,
  partRows,
  score,
  scoreApproximate,
  siteObservables,
  twoPoint,
} from "../evaluate/index.ts";
import { FittedEnergy } from "../models/fitted/energy.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { Key } from "../random/key.ts";
import type { SiteValues } from "../report/figures/configurations.ts";
import type { ConfigurationsData, FigureData } from "../report/index.ts";
import { type FitRecord, type Run, readLog } from "../runs/index.ts";
import { oneSystem, type System } from "../systems/index.ts";
import { describeRows, type RunData } from "./commands/run-data.ts";
import { labelOf } from "./numbers.ts";
import { planeFigures } from "./plane-figures.ts";
import type { Session } from "./terminal/session.ts";
import { trainingFigure } from "./training-figure.ts";

/** What a finished run is worth: its score, its samples' observables beside the right ones, and figures of both. */
export interface Summary {
  readonly score: ExactScore | ApproximateScore;
  /** How the chains of an approximate model moved, and how their energies compare with the data's. */
  readonly chains?: ChainDiagnostics;
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
  fitted: FittedExact | FittedEnergy,
  data: RunData,
  request: { readonly samples: number; readonly seed: number; readonly session: Session },
): Promise<Summary> {
  const { dataset, part } = data;
  const { meta } = dataset;
  const system = meta?.system && oneSystem(meta.system);
  const scored = partRows(dataset, part);
  const result = await scoreOf(fitted, data, request);
  const observed =
    Object.keys(system?.observables ?? siteObservables(dataset.space, dataset.encoding)).length > 0;
  // Chains are told by many rows, whether there are observables or not.
  const few = !observed && !(fitted instanceof FittedEnergy);
  const samples = few ? Math.min(request.samples, shownConfigurations) : request.samples;
  const drawn = await drawSamples(fitted, scored, { ...request, samples });
  const all = partRows(dataset, "all");
  const observables = compareObservables({
    samples: drawn.x,
    sampleChain: drawn.chain,
    system,
    data: all,
    space: dataset.space,
    encoding: dataset.encoding,
  });
  const energies = fitted instanceof FittedEnergy ? await fitted.logWeight(scored.x) : undefined;
  const chains =
    energies && drawn.chain && drawn.logWeight
      ? chainDiagnostics(
          { x: drawn.x, chain: drawn.chain, logWeight: drawn.logWeight },
          { ...scored, logWeight: energies },
          dataset.space,
        )
      : undefined;
  const events = await readLog(run.folder);
  return {
    score: result,
    ...(chains && { chains }),
    rows: describeRows(data, part),
    observables,
    figures: {
      training: trainingFigure(run, events, result),
      ...(!(fitted instanceof FittedEnergy) && {
        planes: await planeFigures(fitted, dataset, {
          system,
          events,
          key: Key.fromSeed(request.seed).fold(2),
        }),
      }),
      // Of points in the plane the densities say more.
      ...(!isPlane(dataset.space) && { configurations: configurationsOf(dataset.space, scored, drawn.x) }),
      observables: {
        ...Object.fromEntries(
          observables.flatMap((o) => (o.values ? [[o.name, histogramOf(o, o.values)]] : [])),
        ),
        ...(energies &&
          drawn.logWeight && {
            logWeight: {
              label: "log-weight (nats)",
              model: { values: drawn.logWeight },
              data: { values: energies },
            },
          }),
      },
      correlation: system && correlationOf(system, all, drawn),
    },
  };
}

function scoreOf(
  fitted: FittedExact | FittedEnergy,
  { dataset, part }: RunData,
  { seed, session }: { readonly seed: number; readonly session: Session },
): Promise<ExactScore | ApproximateScore> {
  if (!(fitted instanceof FittedEnergy)) return score(fitted, dataset, { part });
  const progress = session.progress("log Z");
  return scoreApproximate(fitted, dataset, {
    part,
    key: Key.fromSeed(seed).fold(3),
    signal: session.signal,
    onProgress: (done, total) => progress.update({ fraction: done / total }),
  }).finally(() => progress.end());
}

/** Samples of a model: of one with an approximate likelihood with the chains they are from, and their log-weights. */
async function drawSamples(
  fitted: FittedExact | FittedEnergy,
  { context }: PartRows,
  { samples, seed, session }: { samples: number; seed: number; session: Session },
): Promise<{ x: PartRows["x"]; chain?: Int32Array; logWeight?: Float64Array }> {
  const progress = session.progress(`sample ${fitted.model.family}`);
  const options = {
    key: Key.fromSeed(seed).fold(1),
    signal: session.signal,
    onProgress: (done: number, total: number) => progress.update({ fraction: done / total }),
  };
  // A conditional model is sampled in the contexts of the scored rows.
  const n = context ? (context.shape[0] as number) : samples;
  const drawn =
    fitted instanceof FittedEnergy
      ? fitted.sample(samples, options)
      : fitted.sample(n, { ...options, ...(context && { context: floats(context) }) });
  const { logProb: _, ...rest } = { logProb: undefined, ...(await drawn.finally(() => progress.end())) };
  return rest;
}

function configurationsOf(space: Space, { x }: PartRows, samples: PartRows["x"]): ConfigurationsData {
  const size = sites(space);
  const ofLevels = levelCount(space) !== undefined;
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
