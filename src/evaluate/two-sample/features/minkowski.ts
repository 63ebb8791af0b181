import { type Edge, type MakeMapStatistic, type MapShape, placeOn, smoother, valuesOf } from "./map.ts";
import { coarseLevels } from "./scale.ts";

/** Pixels of smoothing before derivatives are taken. */
export const minkowskiSmoothing = 1;
const quantiles = [0.02, 0.1, 0.25, 0.4, 0.6, 0.75, 0.9, 0.98] as const;

/** Minkowski functionals of a map per pixel; see {@link minkowskiCurves}. */
export interface MinkowskiCurves {
  /** Area above each level: one number a level. */
  readonly v0: Float64Array;
  /** A quarter of the length of the boundary: one number an interval between levels. */
  readonly v1: Float64Array;
  /** 1/(2π) times the integral of the curvature along the boundary: one number an interval. */
  readonly v2: Float64Array;
}

/**
 * Returns a function for the Minkowski functionals of a smooth map above increasing `levels`, per pixel:
 *
 *     V₀ = ⟨Θ(κ − ν)⟩,  V₁ = ¼⟨δ(κ − ν) |∇κ|⟩,
 *     V₂ = (1/2π)⟨δ(κ − ν) (2κ_x κ_y κ_xy − κ_x² κ_yy − κ_y² κ_xx)/|∇κ|²⟩,
 *
 * with central differences, and δ as the mean over an interval of levels divided by its width.
 *
 * Source: Schmalzing & Górski, MNRAS 297 (1998) 355, section 3.
 */
export function minkowskiCurves(
  [height, width]: MapShape,
  levels: readonly number[],
  edge: Edge = "mirror",
): (map: Float64Array) => MinkowskiCurves {
  const sides = (n: number) => ({
    below: Int32Array.from({ length: n }, (_, i) => placeOn(i - 1, n, edge)),
    above: Int32Array.from({ length: n }, (_, i) => placeOn(i + 1, n, edge)),
  });
  const [ys, xs] = [sides(height), sides(width)];
  const size = height * width;
  return (map) => {
    const v0 = new Float64Array(levels.length);
    const v1 = new Float64Array(Math.max(0, levels.length - 1));
    const v2 = new Float64Array(v1.length);
    for (let i = 0; i < height; i++) {
      const [up, down] = [ys.below[i]! * width, ys.above[i]! * width];
      for (let j = 0; j < width; j++) {
        const value = map[i * width + j]!;
        let above = 0;
        while (above < levels.length && value >= levels[above]!) above++;
        for (let l = 0; l < above; l++) v0[l] = v0[l]! + 1 / size;
        const bin = above - 1;
        if (bin < 0 || bin >= v1.length) continue;
        const [left, right] = [xs.below[j]!, xs.above[j]!];
        const [west, east] = [map[i * width + left]!, map[i * width + right]!];
        const [north, south] = [map[up + j]!, map[down + j]!];
        const x = (east - west) / 2;
        const y = (south - north) / 2;
        const slope = x * x + y * y;
        if (slope < 1e-20) continue;
        const per = 1 / (size * (levels[bin + 1]! - levels[bin]!));
        v1[bin] = v1[bin]! + 0.25 * Math.sqrt(slope) * per;
        const xx = east + west - 2 * value;
        const yy = south + north - 2 * value;
        const xy = (map[down + right]! - map[down + left]! - map[up + right]! + map[up + left]!) / 4;
        const bend = (2 * x * y * xy - x * x * yy - y * y * xx) / slope;
        v2[bin] = v2[bin]! + (bend * per) / (2 * Math.PI);
      }
    }
    return { v0, v1, v2 };
  };
}

/** Levels of smoothed reference maps that Minkowski functionals are taken at. */
function minkowskiLevels(shape: MapShape, reference: readonly Float64Array[]): number[] {
  const smooth = smoother(shape, minkowskiSmoothing);
  return coarseLevels(valuesOf(reference.map(smooth)), quantiles).sort((a, b) => a - b);
}

/** One functional of smoothed maps at levels of the reference, as features. */
export function minkowski(which: keyof MinkowskiCurves): MakeMapStatistic {
  return (shape, reference) => {
    const levels = minkowskiLevels(shape, reference);
    const smooth = smoother(shape, minkowskiSmoothing);
    const curves = minkowskiCurves(shape, levels);
    const at = which === "v0" ? levels : levels.slice(1).map((level, i) => (level + levels[i]!) / 2);
    return {
      at,
      names: at.map((level) => `${which.toUpperCase()}(${level.toFixed(2)})`),
      write(map, out, from) {
        out.set(curves(smooth(map))[which], from);
      },
    };
  };
}
