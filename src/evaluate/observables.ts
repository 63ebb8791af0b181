import type { NDArray } from "../array.ts";
import type { Encoding } from "../data/encoding.ts";
import type { Space } from "../data/space.ts";
import {
  type Deviation,
  difference,
  type Estimate,
  type Importance,
  weightedMoments,
} from "../stats/index.ts";
import { rowMean } from "../stats/row-mean.ts";
import type { System } from "../systems/system.ts";
import { observedOf } from "./observed.ts";
import { partMean } from "./part-mean.ts";
import type { PartRows } from "./rows.ts";
import { rowStatistic } from "./statistic.ts";

/** Reference value of an observable's mean: an exact value (no error), or a Monte Carlo value. */
export interface ObservableReference {
  /** The mean, in the observable's unit. */
  readonly value: number;
  /** Its standard error; absent for an exact value. */
  readonly error?: number;
  /** Source of the value: a closed form or enumeration, a simulation, or the rows of the data. */
  readonly source: "exact" | "Monte Carlo" | "data";
}

/** An observable of a model's samples, with its reference value. */
export interface ObservableComparison {
  /** Name of the observable in the system. */
  readonly name: string;
  /** The mean over the model's samples, with its standard error. */
  readonly model: Estimate;
  /** The expected mean; absent if it is known neither from the system nor from data. */
  readonly reference?: ObservableReference;
  /** Model minus reference, in units of the error of that difference too. */
  readonly deviation?: Deviation;
  /** Number of the model's samples. */
  readonly count: number;
  /**
   * The observable of every sample, and of every row of the data if given; absent for a statistic of means.
   */
  readonly values?: { readonly model: Float64Array; readonly data?: Float64Array };
}

/** See {@link compareObservables}. */
export interface CompareOptions {
  /** Samples of the model, [samples, ...sites], as datasets store them. */
  readonly samples: NDArray;
  /** The Markov chain of each sample; omit for independent samples. */
  readonly sampleChain?: Int32Array | undefined;
  /** The system that the model represents, if known. */
  readonly system?: System | undefined;
  /**
   * The space of a configuration and the encoding of its data; they decide the observables if no system is
   * known.
   */
  readonly space?: Space | undefined;
  /** Encoding of binary values in the data; it decides whether a mean is of bits or of spins. */
  readonly encoding?: Encoding | undefined;
  /** The number subtracted from each column of samples and data. */
  readonly offset?: Float64Array | undefined;
  /** Whether samples and data are maps of the sky, which have variances but no energy; see `areMaps`. */
  readonly maps?: boolean | undefined;
  /** Rows of the data, for what is not known exactly. */
  readonly data?: PartRows | undefined;
}

/**
 * Returns observables of a model's samples with errors, and the system's statistics, each with its reference:
 * the exact mean if known, else the mean over the data's rows. Without a system the observables are the
 * {@link siteObservables} of the space.
 */
export function compareObservables(options: CompareOptions): ObservableComparison[] {
  const { samples, sampleChain: chain, system, data, space, encoding, offset, maps } = options;
  const count = samples.shape[0] as number;
  const compared = (name: string, model: Estimate, ofData: Estimate | undefined) => {
    const reference = referenceOf(name, system, ofData);
    const deviation = reference && difference(model, { value: reference.value, error: reference.error ?? 0 });
    return { name, model, count, ...(reference && deviation && { reference, deviation }) };
  };
  const observed = observedOf({ system, maps, space, encoding, offset });
  const means = Object.entries(observed.observables).map(([name, observable]) => {
    const values = observable(samples);
    const ofData = data && observable(data.x);
    return {
      ...compared(name, rowMean(values, chain), ofData && data && partMean(ofData, data)),
      values: { model: values, ...(ofData && { data: ofData }) },
    };
  });
  // Pooled over contexts, a fluctuation would be that of the contexts.
  const isPooled = system === undefined && data?.context !== undefined;
  const statistics = Object.entries(isPooled ? {} : observed.statistics).map(([name, statistic]) =>
    compared(
      name,
      rowStatistic(statistic, { x: samples, ...(chain && { chain }) }),
      data && rowStatistic(statistic, data),
    ),
  );
  return [...means, ...statistics];
}

function referenceOf(
  name: string,
  system: System | undefined,
  data: Estimate | undefined,
): ObservableReference | undefined {
  const known = system && exactMean(system, name);
  if (known !== undefined) return { value: known, source: "exact" };
  return data && { ...data, source: system ? "Monte Carlo" : "data" };
}

/** Returns the exact mean of a system's observable or statistic, if known. */
export function exactMean({ exact, exactMeans, sites }: System, name: string): number | undefined {
  return name === "energy" && exact ? exact.energy / sites : exactMeans?.[name];
}

/** The two-point function at one distance. */
export interface TwoPoint extends Estimate {
  /** Distance in lattice spacings. */
  readonly r: number;
}

/**
 * Returns the two-point function G(r) of rows along the lattice's axes, averaged over all axes as long as the
 * longest, with errors as {@link partMean} takes them, or as for independent rows with importance weights;
 * `undefined` for a system without a lattice.
 */
export function twoPoint(system: System, rows: PartRows, weights?: Importance): TwoPoint[] | undefined {
  const { correlation } = system;
  if (!correlation) return undefined;
  const longest = Math.max(...system.shape);
  const axes = system.shape.flatMap((side, axis) => (side === longest ? [axis] : []));
  const each = axes.map((axis) => correlation(rows.x, axis));
  const [count, distances] = (each[0] as NDArray<"f64">).shape as [number, number];
  return Array.from({ length: distances }, (_, r) => {
    const column = Float64Array.from({ length: count }, (_, row) => {
      const total = each.reduce((sum, g) => sum + (g.data[row * distances + r] as number), 0);
      return total / each.length;
    });
    // Of spins every row has G(0) = 1.
    const fixed = column.every((value) => value === column[0]);
    if (fixed) return { r, value: column[0] as number, error: 0 };
    return { r, ...(weights ? weightedMoments(weights, column).mean : partMean(column, rows)) };
  });
}
