import { type NDArray, sizeOf } from "../../../array.ts";
import type { Encoding } from "../../../data/encoding.ts";
import { type Space, sites } from "../../../data/space.ts";
import { numbers } from "../../../data/values.ts";
import type { System } from "../../../systems/system.ts";
import type { Observable } from "../../observable.ts";
import { siteObservables } from "../../site-observables.ts";
import type { FieldChannel } from "./field-channels.ts";

/** Maximum number of columns that are each an observable of their own. */
const mostColumns = 32;

/**
 * Returns the observables with distributions that are compared one by one: those of the system if known; else
 * for maps mean, deviation, skewness, kurtosis, largest and smallest value and mean gradient, for tables each
 * of up to 32 columns. Channels of `fixedMean` have no mean.
 */
export function rowObservables(
  space: Space,
  channels: readonly FieldChannel[] | undefined,
  system?: System,
  encoding?: Encoding,
  fixedMean: readonly string[] = [],
): Readonly<Record<string, Observable>> {
  if (system) return system.observables;
  if (channels)
    return Object.fromEntries(
      channels.flatMap((channel) =>
        Object.entries(
          ofMap(
            channel,
            space.kind !== "binary" && space.kind !== "categorical",
            fixedMean.includes(channel.name),
          ),
        ),
      ),
    );
  if (space.kind === "sequence") return { length: sequenceLength(space.maxLength, space.states) };
  const width = sites(space);
  if (space.kind === "real" && width <= mostColumns)
    return Object.fromEntries(Array.from({ length: width }, (_, c) => [`column ${c}`, column(c)]));
  return siteObservables(space, encoding);
}

/**
 * Returns the names of channels in which every map has mean 0 except for rounding, as if it had been
 * subtracted. The remaining mean is no unit to measure others in: a model that is right to 10⁻⁶ would be
 * thousands of units away.
 */
export function fixedMeans(channels: readonly FieldChannel[], reference: NDArray): string[] {
  const isZero = (map: Float64Array) => meanOf(map) ** 2 < 1e-10 * centralMoments(map).variance;
  return channels.filter((channel) => channel.maps(reference).every(isZero)).map(({ name }) => name);
}

const column =
  (c: number): Observable =>
  (x) => {
    const width = sizeOf(x.shape.slice(1));
    const values = numbers(x);
    return Float64Array.from({ length: x.shape[0] as number }, (_, row) => values[row * width + c] as number);
  };

const sequenceLength =
  (most: number, end: number): Observable =>
  (x) => {
    const symbols = numbers(x);
    return Float64Array.from({ length: x.shape[0] as number }, (_, row) => {
      let length = 0;
      while (length < most && symbols[row * most + length] !== end) length++;
      return length;
    });
  };

function ofMap(
  channel: FieldChannel,
  isContinuous: boolean,
  hasFixedMean: boolean,
): Record<string, Observable> {
  const [, width] = channel.shape;
  const each =
    (of: (map: Float64Array) => number): Observable =>
    (x: NDArray) =>
      Float64Array.from(channel.maps(x), of);
  // A constant map has no shape: it counts as symmetric, without tails.
  const standardised = (map: Float64Array, p: 3 | 4) => {
    const { mean, variance, third, fourth } = centralMoments(map);
    if (!(variance > 1e-20 * (1 + mean ** 2))) return p === 3 ? 0 : 3;
    return p === 3 ? third / variance ** 1.5 : fourth / variance ** 2;
  };
  const gradient = (map: Float64Array) => {
    let [sum, count] = [0, 0];
    for (let at = 0; at < map.length; at++) {
      if ((at + 1) % width === 0 || at + width >= map.length) continue;
      const [right, down] = [map[at + 1]! - map[at]!, map[at + width]! - map[at]!];
      sum += Math.sqrt(right * right + down * down);
      count++;
    }
    return sum / count;
  };
  const named = (name: string, of: (map: Float64Array) => number) =>
    [`${name}${channel.name}`, each(of)] as const;
  return Object.fromEntries([
    ...(hasFixedMean ? [] : [named("mean", meanOf)]),
    named("mean gradient", gradient),
    ...(isContinuous
      ? [
          named("standard deviation", (map) => Math.sqrt(centralMoments(map).variance)),
          named("skewness", (map) => standardised(map, 3)),
          named("kurtosis", (map) => standardised(map, 4)),
          named("largest value", (map) => map.reduce((a, b) => Math.max(a, b), -Infinity)),
          named("smallest value", (map) => map.reduce((a, b) => Math.min(a, b), Infinity)),
        ]
      : []),
  ]);
}

function meanOf(map: Float64Array): number {
  let sum = 0;
  for (const v of map) sum += v;
  return sum / map.length;
}

function centralMoments(map: Float64Array) {
  const mean = meanOf(map);
  let [second, third, fourth] = [0, 0, 0];
  for (const v of map) {
    const square = (v - mean) * (v - mean);
    second += square;
    third += square * (v - mean);
    fourth += square * square;
  }
  const n = map.length;
  return { mean, variance: second / n, third: third / n, fourth: fourth / n };
}
