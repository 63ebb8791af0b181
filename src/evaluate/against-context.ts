import { takeRows } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { sites } from "../data/space.ts";
import { type Estimate, perSite } from "../stats/index.ts";
import { areMaps, firstSystem } from "../systems/known.ts";
import { createSystem, isKnownSystem } from "../systems/registry.ts";
import type { System } from "../systems/system.ts";
import { type ContextAxis, type ContextBin, contextAxes } from "./context-bins.ts";
import { exactMean } from "./observables.ts";
import { observedOf } from "./observed.ts";
import { partMean, type RowDependence } from "./part-mean.ts";
import type { PartRows } from "./rows.ts";
import { rowStatistic } from "./statistic.ts";

/** A number at one context, or over one bin of contexts. */
export interface AtContext {
  /** The context; for a bin, the mean context of its scored rows. */
  readonly at: number;
  /** The model's value. */
  readonly model: Estimate;
  /** The value from data; absent for a negative log-likelihood. */
  readonly data?: Estimate;
  /** The exact value, if the system at this context is known. */
  readonly exact?: number;
}

/** A number against one number of the contexts. */
export interface ContextCurve {
  /** Name of the observable or statistic; `nll` for the negative log-likelihood per site. */
  readonly name: string;
  /** Which number of the context; absent if the contexts are named as wholes. */
  readonly index?: number;
  /** Whether each point is of one value of the context; else of a bin of values. */
  readonly distinct: boolean;
  /** Names of contexts that are no numbers, by place. */
  readonly names?: readonly string[];
  /** In the order of the axis. */
  readonly points: readonly AtContext[];
}

/** See {@link againstContext}. */
export interface AgainstContextOptions {
  /** The dataset that rows are of. */
  readonly dataset: Dataset;
  /** The rows that were scored; the model drew one sample in the context of each. */
  readonly scored: PartRows;
  /** All rows of the dataset. */
  readonly all: PartRows;
  /** One sample of the model for each scored row, as datasets store them. */
  readonly samples: PartRows["x"];
  /** log P of each scored row or its lower bound, nats; without it there is no curve of the NLL. */
  readonly logProb?: ArrayLike<number> | undefined;
}

/**
 * Returns the NLL per site and every observable of samples and data against the contexts of the rows, sorted
 * by {@link contextAxes}. Errors are those of {@link partMean} and {@link rowStatistic} over the rows of a
 * bin. If the context is the temperature of a known system, exact values are added. Returns nothing for rows
 * without contexts.
 */
export function againstContext(options: AgainstContextOptions): ContextCurve[] {
  const { dataset, scored, all } = options;
  if (!scored.context || !all.context || !dataset.contextSpace) return [];
  const axes = contextAxes(dataset.contextSpace, scored.context, all.context);
  return axes.flatMap((axis) => curvesOn(axis, options));
}

/** The curves against one axis. */
function curvesOn(axis: ContextAxis, { dataset, scored, all, samples, logProb }: AgainstContextOptions) {
  const { meta, space, encoding, offset } = dataset;
  const { bins, ...shared } = axis;
  const systems = bins.map(({ at }) => (axis.index === 0 ? systemAt(dataset, at) : undefined));
  const curve = (
    name: string,
    measure: (bin: ContextBin) => Pick<AtContext, "model" | "data">,
    exactOf: (system: System) => number | undefined,
  ): ContextCurve => {
    const points = bins.map((bin, i) => {
      const exact = systems[i] && exactOf(systems[i]);
      return { at: bin.at, ...measure(bin), ...(exact !== undefined && { exact }) };
    });
    return { name, ...shared, points };
  };
  const both = (name: string, estimate: (rows: PartRows) => Estimate): ContextCurve =>
    curve(
      name,
      (bin) => ({
        model: estimate({ x: takeRows(samples, bin.scored) }),
        data: estimate(bin.all ? rowsOf(all, bin.all) : rowsOf(scored, bin.scored)),
      }),
      (system) => exactMean(system, name),
    );
  const { observables, statistics } = observedOf({
    ...{ system: meta?.system && firstSystem(meta.system), maps: areMaps(meta), space, encoding, offset },
  });
  const nll = (values: ArrayLike<number>) =>
    curve(
      "nll",
      ({ scored: which }) => ({ model: perSite(meanOf(values, which, scored), sites(space)) }),
      (system) => system.exact && system.exact.entropy / system.sites,
    );
  return [
    ...(logProb ? [nll(Float64Array.from(logProb, (value) => -value))] : []),
    ...Object.entries(observables).map(([name, observable]) =>
      both(name, (rows) => partMean(observable(rows.x), rows)),
    ),
    ...Object.entries(statistics).map(([name, statistic]) =>
      both(name, (rows) => rowStatistic(statistic, rows)),
    ),
  ];
}

/** The system at a temperature that the data were drawn at. */
function systemAt({ meta }: Dataset, beta: number): System | undefined {
  const known = meta?.system;
  if (!known?.betas || !isKnownSystem(known.name)) return undefined;
  const own = known.betas.find((one) => Math.fround(one) === beta);
  return own === undefined ? undefined : createSystem(known.name, { ...known.parameters, beta: own });
}

/** Some of the rows, with what belongs to them. */
const rowsOf = (rows: PartRows, which: Uint32Array): PartRows => ({
  x: takeRows(rows.x, which),
  ...dependenceOf(rows, which),
});

/** The mean of one number per row over some of the rows. */
function meanOf(values: ArrayLike<number>, which: Uint32Array, rows: PartRows): Estimate {
  const chosen = Float64Array.from(which, (row) => values[row] as number);
  return partMean(chosen, dependenceOf(rows, which));
}

function dependenceOf({ chain, parent, spacing }: PartRows, which: Uint32Array): RowDependence {
  return {
    ...(chain && { chain: Int32Array.from(which, (row) => chain[row] as number) }),
    ...(parent && { parent: Int32Array.from(which, (row) => parent[row] as number) }),
    ...(spacing && { spacing }),
  };
}
