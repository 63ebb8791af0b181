import { fourierTransform2, inverseTransform } from "../../../stats/fft.ts";
import { type MakeMapStatistic, type MapShape, placeOn } from "./map.ts";

const angles = 4;
const mostScales = 3;
/** Keeps logarithms of constant maps finite. */
const least = 1e-9;

interface Wavelet {
  /** Octave: the wavelength is 8/3 · 2^scale pixels. */
  readonly scale: number;
  readonly angle: number;
  /** The transform of the wavelet on the padded grid, real. */
  readonly response: Float64Array;
}

/**
 * Scattering coefficients: the logarithm of S₁ = ⟨|κ ∗ ψ|⟩ for three octaves and four orientations, and of S₂/S₁ for
 * S₂ = ⟨||κ ∗ ψ| ∗ ψ′|⟩ with ψ′ coarser, by octaves and relative orientation. Sides that are no powers of 2 are padded by mirrored
 * pixels.
 *
 * Source: Bruna & Mallat, IEEE PAMI 35 (2013) 1872; Cheng et al., MNRAS 499 (2020) 5902.
 */
export const scattering: MakeMapStatistic = (shape) => {
  const size = shape.map((n) => 2 ** Math.ceil(Math.log2(n))) as [number, number];
  const scales = Math.max(1, Math.min(mostScales, Math.floor(Math.log2(Math.min(...shape))) - 2));
  const wavelets = Array.from({ length: scales * angles }, (_, w) =>
    morlet(size, Math.floor(w / angles), w % angles),
  );
  const pairs: (readonly [number, number])[] = [];
  for (let a = 0; a < scales; a++) for (let b = a + 1; b < scales; b++) pairs.push([a, b]);
  const names = [
    ...wavelets.map(({ scale, angle }) => `ln S1(${scale}, ${(180 / angles) * angle}°)`),
    ...pairs.flatMap(([a, b]) =>
      Array.from({ length: angles }, (_, turn) => `ln S2/S1(${a}, ${b}, ${(180 / angles) * turn}°)`),
    ),
  ];
  const filter = filtering(size);
  const pad = padder(shape, size);
  return {
    names,
    write(map, out, at) {
      const [re, im] = pad(map);
      filter.forward(re, im);
      const first = new Float64Array(wavelets.length);
      const second = new Float64Array(pairs.length * angles);
      wavelets.forEach((wavelet, w) => {
        const modulus = filter.modulus(re, im, wavelet, wavelet.scale === scales - 1);
        first[w] = modulus.mean;
        if (!modulus.map) return;
        const [mre, mim] = [modulus.map, new Float64Array(modulus.map.length)];
        filter.forward(mre, mim);
        for (const [p, [a, b]] of pairs.entries()) {
          if (a !== wavelet.scale) continue;
          for (let angle = 0; angle < angles; angle++) {
            const { mean } = filter.modulus(mre, mim, wavelets[b * angles + angle] as Wavelet, true);
            const turn = (angle - wavelet.angle + angles) % angles;
            second[p * angles + turn] = second[p * angles + turn]! + mean;
          }
        }
      });
      first.forEach((s, w) => {
        out[at + w] = Math.log(s + least);
      });
      for (const [p, [a]] of pairs.entries()) {
        let total = least;
        for (let angle = 0; angle < angles; angle++) total += first[a * angles + angle]!;
        for (let turn = 0; turn < angles; turn++)
          out[at + wavelets.length + p * angles + turn] = Math.log(
            (second[p * angles + turn]! + least) / total,
          );
      }
    },
  };
};

/** Morlet's wavelet, without a mean. */
function morlet([height, width]: MapShape, scale: number, angle: number): Wavelet {
  const sigma = 0.8 * 2 ** scale;
  const peak = (0.75 * Math.PI) / 2 ** scale;
  const slant = 4 / angles;
  const [c, s] = [Math.cos((Math.PI * angle) / angles), Math.sin((Math.PI * angle) / angles)];
  const offset = Math.exp(-((sigma * peak) ** 2) / 2);
  const gauss = (along: number, across: number) =>
    Math.exp((-(sigma ** 2) / 2) * (along ** 2 + (across / slant) ** 2));
  const response = new Float64Array(height * width);
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      let sum = 0;
      // The frequencies of a grid are periodic.
      for (let di = -1; di <= 1; di++)
        for (let dj = -1; dj <= 1; dj++) {
          const y = 2 * Math.PI * (i / height + di);
          const x = 2 * Math.PI * (j / width + dj);
          const along = c * x + s * y;
          const across = c * y - s * x;
          sum += gauss(along - peak, across) - offset * gauss(along, across);
        }
      response[i * width + j] = sum;
    }
  response[0] = 0;
  return { scale, angle, response };
}

/**
 * Convolutions with wavelets; those of coarse scales use a grid of half the sides, which holds their
 * frequencies.
 */
function filtering([height, width]: MapShape) {
  const forward = fourierTransform2([height, width]);
  const fine = grid([height, width]);
  const coarse = Math.min(height, width) >= 16 ? grid([height / 2, width / 2]) : undefined;
  return {
    forward,
    /** The mean of |x ∗ ψ| from the transform of x, and the map itself unless `meanOnly`. */
    modulus(re: Float64Array, im: Float64Array, { scale, response }: Wavelet, meanOnly: boolean) {
      const { shape, inverse, a, b } = scale >= 2 && meanOnly && coarse ? coarse : fine;
      const [h, w] = shape;
      const share = (h * w) / (height * width);
      for (let i = 0; i < h; i++) {
        const from = (i < h / 2 ? i : i + height - h) * width;
        for (let j = 0; j < w; j++) {
          const at = from + (j < w / 2 ? j : j + width - w);
          a[i * w + j] = re[at]! * response[at]! * share;
          b[i * w + j] = im[at]! * response[at]! * share;
        }
      }
      inverse(a, b);
      let total = 0;
      const map = meanOnly ? undefined : new Float64Array(a.length);
      for (let k = 0; k < a.length; k++) {
        const size = Math.sqrt(a[k]! * a[k]! + b[k]! * b[k]!);
        total += size;
        if (map) map[k] = size;
      }
      return { mean: total / a.length, map };
    },
  };
}

function grid(shape: MapShape) {
  const size = shape[0] * shape[1];
  const inverse = inverseTransform(fourierTransform2(shape), size);
  return { shape, inverse, a: new Float64Array(size), b: new Float64Array(size) };
}

/** Maps on a grid that may be larger, mirrored beyond their edges: real and imaginary parts. */
function padder([height, width]: MapShape, [rows, columns]: MapShape) {
  const from = Int32Array.from(
    { length: rows * columns },
    (_, at) =>
      placeOn(Math.floor(at / columns), height, "mirror") * width + placeOn(at % columns, width, "mirror"),
  );
  return (map: Float64Array): [Float64Array, Float64Array] => [
    Float64Array.from(from, (at) => map[at]!),
    new Float64Array(from.length),
  ];
}
