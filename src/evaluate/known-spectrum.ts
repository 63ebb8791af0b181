import { type NDArray, sizeOf } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { gaussLegendre } from "../stats/index.ts";
import {
  areMaps,
  type KappaParameters,
  kappaParameters,
  kappaSpectrum,
  mapArea,
  maskedSpectrum,
  rangedNames,
} from "../systems/index.ts";
import { wavesOf } from "./spectrum.ts";

/**
 * Returns the exact power spectrum of rows with a recorded theory (maps of the convergence), at the wave
 * numbers and in the units of {@link spectrum}. For a range of cosmologies it is the mean over the range;
 * pixels that are 0 in every row count as masked. Undefined for all other rows.
 */
export function knownSpectrum({
  meta,
  x,
}: Pick<Dataset, "meta" | "x">): { readonly k: number; readonly value: number }[] | undefined {
  if (!meta?.system || !areMaps(meta)) return undefined;
  const { mask, ...given } = meta.system.parameters as Readonly<Record<string, unknown>>;
  const points = cosmologiesOf(given);
  if (!points) return undefined;
  const { shape } = points[0]!.parameters;
  const whole = new Float64Array(sizeOf(shape));
  for (const { parameters, weight } of points)
    kappaSpectrum(parameters).forEach((power, i) => {
      whole[i] = whole[i]! + weight * power;
    });
  const sides = shape as [number, number];
  const power = mask === true ? maskedSpectrum(whole, footprintOf(x, whole.length), sides) : whole;
  const toUnits = sizeOf(shape) / mapArea(points[0]!.parameters);
  const shells = Math.floor(Math.max(...shape) / 2);
  const [totals, counts] = [new Float64Array(shells + 1), new Float64Array(shells + 1)];
  wavesOf(sides).forEach((wave, i) => {
    const k = Math.round(wave);
    if (k > shells) return;
    totals[k] = totals[k]! + power[i]! * toUnits;
    counts[k] = counts[k]! + 1;
  });
  return Array.from({ length: shells }, (_, i) => ({ k: i + 1, value: totals[i + 1]! / counts[i + 1]! }));
}

/**
 * Cosmologies with weights for the mean over the ranges of a file: Gauss's rule in each range, with 3 points
 * for up to four ranges and 2 for more. Spectra are smooth in the cosmology. Undefined for parameters that
 * are not a cosmology.
 */
function cosmologiesOf(
  given: Readonly<Record<string, unknown>>,
): { readonly parameters: KappaParameters; readonly weight: number }[] | undefined {
  const ranges = rangedNames.flatMap((name) => {
    const [, low, high] = /^(.+)\.\.(.+)$/.exec(String(given[name])) ?? [];
    return low === undefined || high === undefined ? [] : [{ name, low: Number(low), high: Number(high) }];
  });
  const each = ranges.length > 4 ? 2 : 3;
  let points: { values: Record<string, unknown>; weight: number }[] = [{ values: { ...given }, weight: 1 }];
  for (const { name, low, high } of ranges) {
    const rule = gaussLegendre(each, low, high);
    points = points.flatMap(({ values, weight }) =>
      Array.from(rule.points, (at, i) => ({
        values: { ...values, [name]: at },
        weight: (weight * rule.weights[i]!) / (high - low),
      })),
    );
  }
  const parsed = points.map(({ values, weight }) => ({ made: kappaParameters.safeParse(values), weight }));
  return parsed.every(({ made }) => made.success)
    ? parsed.map(({ made, weight }) => ({ parameters: made.data as KappaParameters, weight }))
    : undefined;
}

/** 1 for each pixel that any row has a value other than 0 in. */
function footprintOf({ data }: NDArray, size: number): Uint8Array {
  const seen = new Uint8Array(size);
  for (let i = 0; i < data.length; i++) if (Number(data[i]) !== 0) seen[i % size] = 1;
  return seen;
}
