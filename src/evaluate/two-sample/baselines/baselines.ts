import { type NDArray, ndarray, sizeOf } from "../../../array.ts";
import { levelCount, type Space } from "../../../data/space.ts";
import { numbers } from "../../../data/values.ts";
import { usageError } from "../../../error.ts";
import type { Key } from "../../../random/key.ts";
import { fourierTransform2, inverseTransform } from "../../../stats/fft.ts";
import type { MapShape } from "../features/map.ts";
import { gaussianMaps, meanMap, meanPower } from "./gaussian-field.ts";
import { columnMoments, gaussianRows } from "./gaussian-table.ts";
import { hermiteCoefficients, marginal, normalCorrelation } from "./hermite.ts";
import { independentSites } from "./independent.ts";

/** Simple models that a good one must beat. */
export const baselineNames = ["independent", "gaussian", "copula"] as const;

/** See {@link baselineNames}. */
export type BaselineName = (typeof baselineNames)[number];

/** More columns make a covariance that takes minutes. */
const mostColumns = 400;
/** Shorter sides have no spectrum: their covariance is taken. */
const leastSide = 6;

/**
 * Draws rows of a baseline fitted to rows `x` of a space: `independent` sites, each with its own values; a `gaussian` with the
 * mean and the power spectrum of maps, or the mean and covariance of tables; or a Gaussian `copula`, which has the distribution of
 * values as well. Maps are taken as periodic and homogeneous except for the Gaussian's mean. Throws a usage error for spaces that a baseline does not suit.
 */
export function drawBaseline(name: BaselineName, space: Space, x: NDArray, rows: number, key: Key): NDArray {
  if (name === "independent") return independentSites(x, rows, key);
  if (space.kind !== "real" && !(space.kind === "binary" && name === "copula"))
    throw usageError(
      `the ${name} baseline needs real numbers${name === "copula" ? " or bits" : ""}; the rows are ${space.kind}: take baseline:independent`,
    );
  const shape = x.shape.slice(1);
  const width = sizeOf(shape);
  const [height = 0, side = 0] = shape;
  const isMap = shape.length === 2 && Math.min(height, side) >= leastSide;
  if (!isMap && width > mostColumns)
    throw usageError(
      `the ${name} baseline of rows of ${width} numbers that are no map needs too large a covariance; it takes up to ${mostColumns}`,
    );
  const draw = isMap ? mapsOf(name, [height, side]) : tableOf(name);
  const out = draw(Float64Array.from(numbers(x)), width, rows, key);
  return stored(space, out, [rows, ...shape], x);
}

type Draw = (values: Float64Array, width: number, rows: number, key: Key) => Float64Array;

function mapsOf(name: "gaussian" | "copula", shape: MapShape): Draw {
  return (values, width, rows, key) => {
    const maps = Array.from({ length: values.length / width }, (_, row) =>
      values.subarray(row * width, (row + 1) * width),
    );
    const out = new Float64Array(rows * width);
    if (name === "gaussian") {
      const mean = meanMap(maps, width);
      gaussianMaps(meanPower(maps, mean, shape), shape, rows, key).forEach((map, row) => {
        for (let at = 0; at < width; at++) out[row * width + at] = map[at]! + mean[at]!;
      });
      return out;
    }
    const of = marginal(values);
    const c = hermiteCoefficients(of);
    const flat = new Float64Array(width).fill(values.reduce((sum, v) => sum + v, 0) / values.length);
    const re = meanPower(maps, flat, shape);
    const im = new Float64Array(width);
    const forward = fourierTransform2(shape);
    // The power is the transform of the covariance: back, lag by lag to that of the normal field, and forth.
    inverseTransform(forward, width)(re, im);
    const correlation = re.map((covariance) => normalCorrelation(covariance, c, c));
    correlation[0] = 1;
    forward(correlation, im.fill(0));
    const scale = correlation.reduce((sum, p) => sum + Math.max(0, p), 0) / width;
    gaussianMaps(
      correlation.map((p) => p / scale),
      shape,
      rows,
      key,
    ).forEach((map, row) => {
      for (let at = 0; at < width; at++) out[row * width + at] = of(map[at]!);
    });
    return out;
  };
}

function tableOf(name: "gaussian" | "copula"): Draw {
  return (values, width, rows, key) => {
    const table = { names: new Array<string>(width).fill(""), rows: values.length / width, values };
    const { mean, covariance } = columnMoments(table);
    if (name === "gaussian")
      return gaussianRows(covariance, width, rows, key).map((v, i) => v + mean[i % width]!);
    const columns = Array.from({ length: width }, (_, col) =>
      marginal(Float64Array.from({ length: table.rows }, (_, row) => values[row * width + col]!)),
    );
    const series = columns.map(hermiteCoefficients);
    const normalised = covariance.map((v, at) => {
      const [i, j] = [Math.floor(at / width), at % width];
      return i === j ? 1 : normalCorrelation(v, series[i]!, series[j]!);
    });
    return gaussianRows(normalised, width, rows, key).map((v, i) => columns[i % width]!(v));
  };
}

/** Numbers as a dataset stores them: within bounds, and bits above one half. */
function stored(space: Space, values: Float64Array, shape: readonly number[], like: NDArray): NDArray {
  if (space.kind === "binary")
    return ndarray(
      "u8",
      shape,
      Uint8Array.from(values, (v) => (v > 0.5 ? 1 : 0)),
    );
  const bounds = space.kind === "real" ? space.bounds : undefined;
  const isLevels = levelCount(space) !== undefined;
  const clipped = bounds ? values.map((v) => Math.min(Math.max(v, bounds[0]), bounds[1])) : values;
  const top = bounds ? bounds[1] - 1e-6 * bounds[1] : 0;
  const kept = isLevels ? clipped.map((v) => Math.min(v, top)) : clipped;
  return like.dtype === "f64" ? ndarray("f64", shape, kept) : ndarray("f32", shape, Float32Array.from(kept));
}
