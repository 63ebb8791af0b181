import { sizeOf } from "../../array.ts";
import type { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { type FourierTransform, fourierTransform2, inverseTransform } from "../../stats/fft.ts";
import type { KappaParameters } from "./parameters.ts";
import { beam, fieldSpectrum, fineGrid, kappaSpectrum, noiseOf } from "./spectrum.ts";

/** Draws maps of the convergence of one cosmology. */
export interface KappaField {
  /** Returns the map of a key, row by row: maps of different keys are independent. */
  draw(key: Key): Float64Array;
  /** See {@link kappaSpectrum}. */
  readonly spectrum: Float64Array;
}

/** Transforms of maps of one shape, which fields of several cosmologies share. */
export interface MapTransforms {
  /** Transform of the fine grid, from waves to points, without a factor. */
  readonly fine: FourierTransform;
  /** Of pixels, and back. */
  readonly pixels: FourierTransform;
  /** From waves to pixels. */
  readonly back: FourierTransform;
}

/** The transforms that maps of these parameters need. */
export function mapTransforms(parameters: Pick<KappaParameters, "shape" | "pixel">): MapTransforms {
  const pixels = fourierTransform2(parameters.shape as [number, number]);
  return {
    fine: fourierTransform2(fineGrid(parameters).shape),
    pixels,
    back: inverseTransform(pixels, sizeOf(parameters.shape)),
  };
}

/**
 * Returns maps of the convergence, Gaussian or lognormal, periodic: a field on a grid of at most 0.85′,
 * averaged over each pixel, with shape noise, then smoothed; the mean of each map is subtracted. With a
 * `footprint` (`rows · columns` values, 0 for masked pixels) the mean is that of the seen pixels, and masked
 * pixels are 0.
 */
export function kappaField(
  parameters: KappaParameters,
  {
    footprint,
    transforms = mapTransforms(parameters),
  }: {
    readonly footprint?: Uint8Array | undefined;
    readonly transforms?: MapTransforms | undefined;
  } = {},
): KappaField {
  const { shape, area, factor } = fineGrid(parameters);
  const spectra = fieldSpectrum(parameters);
  const { variance, shift } = spectra;
  const amplitudes = spectra.gaussian.map((power) => Math.sqrt(power / area));
  const [size, sites] = [amplitudes.length, sizeOf(parameters.shape)];
  const columns = parameters.shape[1] as number;
  const noise = noiseOf(parameters);
  const smoothing = parameters.smooth > 0 ? beam(parameters) : undefined;
  const draw = (key: Key) => {
    const [ofField, ofNoise] = key.split(2) as [Key, Key];
    // Of complex normal waves without a symmetry the real part is a real field of half their power, which is 2.
    const z = normal(ofField, 2 * size, "f64");
    const re = amplitudes.map((amplitude, i) => amplitude * z[i]!);
    const im = amplitudes.map((amplitude, i) => amplitude * z[size + i]!);
    transforms.fine(re, im);
    const map = new Float64Array(sites);
    for (let i = 0; i < size; i++) {
      const value = shift > 0 ? shift * Math.expm1(re[i]! - variance / 2) : re[i]!;
      const [row, column] = [Math.floor(i / shape[1]), i % shape[1]];
      const at = Math.floor(row / factor) * columns + Math.floor(column / factor);
      map[at] = map[at]! + value / factor ** 2;
    }
    if (noise > 0) {
      const shapes = normal(ofNoise, sites, "f64");
      for (let i = 0; i < sites; i++) map[i] = map[i]! + noise * shapes[i]!;
    }
    if (smoothing) {
      const nothing = new Float64Array(sites);
      transforms.pixels(map, nothing);
      for (let i = 0; i < sites; i++) {
        map[i] = map[i]! * smoothing[i]!;
        nothing[i] = nothing[i]! * smoothing[i]!;
      }
      transforms.back(map, nothing);
    }
    subtractMean(map, footprint);
    return map;
  };
  return { draw, spectrum: kappaSpectrum(parameters, spectra) };
}

function subtractMean(map: Float64Array, footprint: Uint8Array | undefined): void {
  let [sum, seen] = [0, 0];
  for (let i = 0; i < map.length; i++)
    if (footprint?.[i] !== 0) {
      sum += map[i]!;
      seen++;
    }
  for (let i = 0; i < map.length; i++) map[i] = footprint && footprint[i] === 0 ? 0 : map[i]! - sum / seen;
}
