import { type NDArray, ndarray, sizeOf } from "../../array.ts";
import { type DatasetMeta, metaVersion } from "../../data/meta.ts";
import { real } from "../../data/space.ts";
import { inputError } from "../../error.ts";
import { Key } from "../../random/key.ts";
import { uniform } from "../../random/uniform.ts";
import { type Estimate, independentMean } from "../../stats/index.ts";
import { pauser } from "../pause.ts";
import { kappaField, mapTransforms } from "./maps.ts";
import { type KappaParameters, kappaParameters, type RangedName, rangedNames } from "./parameters.ts";
import { mapArea } from "./spectrum.ts";

/** Ends of the ranges of parameters that each map has its own value of. */
export type KappaRanges = { readonly [N in RangedName]?: readonly [number, number] };

/** Request of {@link simulateKappa}. */
export interface KappaRequest {
  /** Complete parameters; a ranged parameter has no value common to all maps. */
  readonly parameters: KappaParameters;
  /** Ranges, within which the values of each map are uniform and independent. */
  readonly ranges?: KappaRanges | undefined;
  /** Number of maps. */
  readonly samples: number;
  /** Seed of the maps (default 0); a map depends on it and on its number alone. */
  readonly seed?: number | undefined;
  /** `rows · columns` values, 0 where nothing is seen. */
  readonly footprint?: Uint8Array | undefined;
  /** Is called with the number of maps so far. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Maps of the convergence, and what is known of them. */
export interface KappaMaps {
  /** `[samples, rows, columns]`. */
  readonly x: NDArray<"f32">;
  /** `[samples, ranges]`: the parameters of each map that have a range, in the order of {@link rangedNames}. */
  readonly context?: NDArray<"f32">;
  /** `[samples]`: the realisation of each map; all differ. */
  readonly parent: NDArray<"i32">;
  /** `[rows, columns]`: the exact power spectrum without a mask, averaged over the maps' cosmologies; see {@link kappaSpectrum}. */
  readonly spectrum: NDArray<"f64">;
  /**
   * The mean square of a pixel, and its exact value from the spectrum; the exact value is unknown with a
   * mask.
   */
  readonly variance: { readonly estimate: Estimate; readonly exact?: number };
  /** Metadata for a file of the maps. */
  readonly meta: DatasetMeta;
}

/** Draws independent maps of the convergence; yields to the event loop as it goes. */
export async function simulateKappa(request: KappaRequest): Promise<KappaMaps> {
  const { parameters, ranges = {}, samples, seed = 0, footprint, onProgress, signal } = request;
  const { shape } = parameters;
  const sites = sizeOf(shape);
  if (footprint && !footprint.some((seen) => seen !== 0))
    throw inputError("the mask hides every pixel; 1 marks an observed pixel");
  const ranged = rangedNames.filter((name) => ranges[name]);
  const [ofMaps, ofRanges] = Key.fromSeed(seed).split(2) as [Key, Key];
  const transforms = mapTransforms(parameters);
  const shared = ranged.length === 0 ? kappaField(parameters, { footprint, transforms }) : undefined;
  const x = ndarray("f32", [samples, ...shape]);
  const context = ndarray("f32", [samples, ranged.length]);
  const spectrum = new Float64Array(sites);
  const squares = new Float64Array(samples);
  const pause = pauser(signal, "simulation stopped; nothing was written");
  for (let n = 0; n < samples; n++) {
    const u = uniform(ofRanges.fold(n), ranged.length, "f64");
    const own = Object.fromEntries(
      ranged.map((name, i) => {
        const [low, high] = ranges[name]!;
        return [name, Math.fround(low + u[i]! * (high - low))];
      }),
    );
    context.data.set(Object.values(own), n * ranged.length);
    const field =
      shared ?? kappaField(kappaParameters.parse({ ...parameters, ...own }), { footprint, transforms });
    const map = field.draw(ofMaps.fold(n));
    x.data.set(map, n * sites);
    squares[n] = map.reduce((sum, value) => sum + value * value, 0) / sites;
    field.spectrum.forEach((power, i) => {
      spectrum[i] = spectrum[i]! + power / samples;
    });
    await pause(() => onProgress?.(n + 1, samples));
  }
  onProgress?.(samples, samples);
  return {
    x,
    ...(ranged.length > 0 && { context }),
    parent: ndarray(
      "i32",
      [samples],
      Int32Array.from({ length: samples }, (_, i) => i),
    ),
    spectrum: ndarray("f64", shape, spectrum),
    variance: {
      estimate: independentMean(squares),
      ...(!footprint && { exact: spectrum.reduce((sum, power) => sum + power, 0) / mapArea(parameters) }),
    },
    meta: {
      version: metaVersion,
      space: real(shape),
      encoding: "plain",
      system: {
        name: "kappa",
        parameters: {
          ...parameters,
          shape: [...shape],
          ...rangeTexts(ranges),
          ...(footprint && { mask: true }),
        },
      },
      seed,
    },
  };
}

/** Ranges as a file and a command line write them: `0.2..0.4`. */
export function rangeTexts(ranges: KappaRanges): Record<string, string> {
  return Object.fromEntries(Object.entries(ranges).map(([name, [low, high]]) => [name, `${low}..${high}`]));
}
