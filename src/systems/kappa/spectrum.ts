import { sizeOf } from "../../array.ts";
import { fourierTransform2 } from "../../stats/fft.ts";
import { waveNumber } from "../../stats/wave-number.ts";
import { convergenceSpectrum } from "./limber.ts";
import { fineFactor, type KappaParameters } from "./parameters.ts";

/** A minute of arc in radians. */
const arcminute = Math.PI / 180 / 60;

/** The grid on which fields are drawn: periodic, as the map is. */
export interface FineGrid {
  /** Points along each side. */
  readonly shape: readonly [number, number];
  /** Points along the side of a pixel. */
  readonly factor: number;
  /** The area of the map in steradian. */
  readonly area: number;
}

/** The area of a map in steradian. */
export function mapArea({ shape, pixel }: Pick<KappaParameters, "shape" | "pixel">): number {
  return sizeOf(shape) * (pixel * arcminute) ** 2;
}

/** The grid of the maps of these parameters. */
export function fineGrid({ shape, pixel }: Pick<KappaParameters, "shape" | "pixel">): FineGrid {
  const [rows = 1, columns = 1] = shape;
  const factor = fineFactor(pixel);
  return {
    shape: [rows * factor, columns * factor],
    factor,
    area: mapArea({ shape, pixel }),
  };
}

/** The shift of lognormal maps, −κ of an empty line of sight (Hilbert et al., Astron. Astrophys. 536 (2011) A85, equation B.1). */
export function lognormalShift(z: number): number {
  return z * (0.008 + z * (0.029 + z * (-0.0079 + 0.00065 * z)));
}

/** ℓ of each mode of a map of `shape` with points `spacing` radians apart, in the order of a Fourier transform. */
export function modes([rows, columns]: readonly [number, number], spacing: number): Float64Array {
  const [u, v] = [(2 * Math.PI) / (rows * spacing), (2 * Math.PI) / (columns * spacing)];
  return Float64Array.from({ length: rows * columns }, (_, i) =>
    Math.hypot(u * waveNumber(Math.floor(i / columns), rows), v * waveNumber(i % columns, columns)),
  );
}

/** The spectrum from which a field is drawn, and the spectrum of the resulting convergence. */
export interface FieldSpectrum {
  /** Power of the Gaussian field at each mode of the fine grid, in steradian. */
  readonly gaussian: Float64Array;
  /** Power of the convergence at each mode of the fine grid. */
  readonly field: Float64Array;
  /** Variance of the Gaussian field at a point. */
  readonly variance: number;
  /** The shift of a lognormal field; 0 of a Gaussian one. */
  readonly shift: number;
}

/**
 * Returns the spectra on the fine grid. A lognormal field λ(e^{g − σ²/2} − 1) has the correlations λ²(e^{ξ_g}
 * − 1): those of g follow from C_ℓ, and modes of g that would need negative power are set to 0. `field` is
 * the exact spectrum of the result.
 */
export function fieldSpectrum(parameters: KappaParameters): FieldSpectrum {
  const { shape, area, factor } = fineGrid(parameters);
  const size = shape[0] * shape[1];
  const power = convergenceSpectrum(parameters, parameters.redshift);
  const input = modes(shape, (parameters.pixel * arcminute) / factor).map((ell) => power(ell));
  input[0] = 0; // of the mean, which is subtracted
  if (parameters.method === "gaussian")
    return { gaussian: input, field: input, variance: sum(input) / area, shift: 0 };
  const shift = lognormalShift(parameters.redshift);
  const transform = fourierTransform2(shape);
  // Spectra and correlations are even, so that a transform is its own inverse but for a factor.
  const convert = (from: Float64Array, scale: number) => {
    const re = from.map((value) => value * scale);
    transform(re, new Float64Array(size));
    return re;
  };
  const correlations = convert(input, 1 / area);
  const wanted = convert(
    correlations.map((xi) => Math.log1p(Math.max(xi / shift ** 2, -0.99))),
    area / size,
  );
  const gaussian = wanted.map((value) => Math.max(0, value));
  const drawn = convert(gaussian, 1 / area);
  const field = convert(
    drawn.map((xi) => shift ** 2 * Math.expm1(xi)),
    area / size,
  );
  return { gaussian, field, variance: drawn[0]!, shift };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

/** exp(−ℓ²θ²/2) at each mode of a map. */
export function beam({ shape, pixel, smooth }: KappaParameters): Float64Array {
  const width = smooth * arcminute;
  return modes(shape as [number, number], pixel * arcminute).map((ell) =>
    Math.exp(-0.5 * (ell * width) ** 2),
  );
}

/** The standard deviation of shape noise in a pixel, σ_e/√(2 n A); 0 without galaxies. */
export function noiseOf({ noise, sigmaE, pixel }: KappaParameters): number {
  return noise === 0 ? 0 : sigmaE / Math.sqrt(2 * noise * pixel * pixel);
}

/**
 * Returns the exact power spectrum of maps without a mask, `[rows, columns]` in the order of a Fourier
 * transform, in steradian: the mean of A |X|²/N² over maps, where X is the transform of the N pixels and A
 * the area of a map. It contains the average over a pixel with the waves that alias onto each other, the
 * noise and the smoothing; the power of the mean is 0.
 */
export function kappaSpectrum(
  parameters: KappaParameters,
  { field } = fieldSpectrum(parameters),
): Float64Array {
  const [rows = 1, columns = 1] = parameters.shape;
  const { shape, factor } = fineGrid(parameters);
  const [across, along] = [pixelWindow(rows, factor), pixelWindow(columns, factor)];
  const out = new Float64Array(sizeOf(parameters.shape));
  for (let i = 0; i < shape[0]; i++)
    for (let j = 0; j < shape[1]; j++) {
      const at = (i % rows) * columns + (j % columns);
      out[at] = out[at]! + field[i * shape[1] + j]! * across[i]! * along[j]!;
    }
  const white = (noiseOf(parameters) * parameters.pixel * arcminute) ** 2;
  const smoothing = beam(parameters);
  for (let i = 0; i < out.length; i++) out[i] = (out[i]! + white) * smoothing[i]! ** 2;
  out[0] = 0;
  return out;
}

/** |W|² of the average over `factor` points, for each of the n · factor waves along a side. */
function pixelWindow(n: number, factor: number): Float64Array {
  return Float64Array.from({ length: n * factor }, (_, i) => {
    const phase = (Math.PI * i) / (n * factor);
    return i === 0 ? 1 : (Math.sin(factor * phase) / (factor * Math.sin(phase))) ** 2;
  });
}
