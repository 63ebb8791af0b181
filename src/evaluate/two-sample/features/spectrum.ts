import { fourierTransform2 } from "../../../stats/fft.ts";
import { waveNumber } from "../../../stats/wave-number.ts";
import type { MakeMapStatistic, MapShape } from "./map.ts";

/** Maximum number of bins of wave numbers. */
const mostBins = 12;
/** Keeps the logarithm of a constant map's power finite. */
const least = 1e-12;

/** The wave numbers of a map in bins of equal width, and the bin of each mode. */
export interface SpectrumBins {
  /** The mean wave number of each bin, in cycles per pixel. */
  readonly k: Float64Array;
  /** The bin of each mode of the transform; −1 for the mean of the map. */
  readonly bin: Int32Array;
  /** Modes in each bin. */
  readonly modes: Float64Array;
}

/** Bins of |k| from 0 to the corner of the Brillouin zone; at most 12, fewer for small maps. */
export function spectrumBins([height, width]: MapShape): SpectrumBins {
  const wave = (i: number, n: number) => waveNumber(i, n) / n;
  const size = Float64Array.from({ length: height * width }, (_, at) =>
    Math.hypot(wave(Math.floor(at / width), height), wave(at % width, width)),
  );
  const most = Math.min(mostBins, Math.max(2, Math.floor(Math.min(height, width) / 2)));
  const top = Math.SQRT1_2 + 1e-9;
  const raw = Int32Array.from(size, (k) => (k === 0 ? -1 : Math.floor((k / top) * most)));
  const used = [...new Set(raw)].filter((b) => b >= 0).sort((a, b) => a - b);
  const bin = raw.map((b) => used.indexOf(b));
  const k = new Float64Array(used.length);
  const modes = new Float64Array(used.length);
  bin.forEach((b, at) => {
    if (b < 0) return;
    k[b] = k[b]! + size[at]!;
    modes[b] = modes[b]! + 1;
  });
  return { k: k.map((sum, b) => sum / modes[b]!), bin, modes };
}

/** Returns a function for the power |F(k)|²/sites of a map, averaged over the modes of each bin. */
export function powerSpectrum(shape: MapShape): (map: Float64Array) => Float64Array {
  const { bin, modes } = spectrumBins(shape);
  const transform = fourierTransform2(shape);
  const size = shape[0] * shape[1];
  const [re, im] = [new Float64Array(size), new Float64Array(size)];
  return (map) => {
    re.set(map);
    im.fill(0);
    transform(re, im);
    const power = new Float64Array(modes.length);
    for (let at = 0; at < size; at++) {
      const b = bin[at]!;
      if (b >= 0) power[b] = power[b]! + (re[at]! ** 2 + im[at]! ** 2) / size / modes[b]!;
    }
    return power;
  };
}

/** The logarithm of the power spectrum in bins of |k|. */
export const spectrum: MakeMapStatistic = (shape) => {
  const of = powerSpectrum(shape);
  const { k } = spectrumBins(shape);
  return {
    at: [...k],
    names: Array.from(k, (value) => `ln P(k = ${value.toFixed(3)})`),
    write(map, out, at) {
      of(map).forEach((power, b) => {
        out[at + b] = Math.log(power + least);
      });
    },
  };
};
