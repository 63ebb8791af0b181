import { fourierTransform2 } from "../../stats/fft.ts";

/**
 * Returns the exact power spectrum of maps behind a mask, `[rows, columns]` in the order of a Fourier
 * transform, from the spectrum `power` of whole maps in the same order and units: the spectrum of M (κ − m),
 * where M is the `footprint` (0 for masked pixels) and m the mean of a map's seen pixels. The mask mixes
 * waves; the power of the mean of a whole map does not matter.
 */
export function maskedSpectrum(
  power: Float64Array,
  footprint: ArrayLike<number>,
  shape: readonly [number, number],
): Float64Array {
  const size = power.length;
  const transform = fourierTransform2(shape);
  const transformed = (re: Float64Array) => {
    const im = new Float64Array(size);
    transform(re, im);
    return { re, im };
  };
  const mask = Float64Array.from({ length: size }, (_, i) => (footprint[i] === 0 ? 0 : 1));
  const seen = mask.reduce((sum, v) => sum + v, 0);
  const hat = transformed(mask.slice());
  const square = hat.re.map((v, i) => v * v + hat.im[i]! ** 2);
  // Covariances of pixels and of the mask with itself are even: their transforms are real, and their own inverse but for a factor.
  const covariance = transformed(power.map((v) => v / size)).re;
  const overlap = transformed(square.map((v) => v / size)).re;
  const ofMasked = transformed(covariance.map((v, i) => (v * overlap[i]!) / size)).re;
  // The covariance of each pixel with the sum of the seen ones: a convolution with the mask.
  const spread = {
    re: hat.re.map((v, i) => (v * power[i]!) / size),
    im: hat.im.map((v, i) => (-v * power[i]!) / size),
  };
  transform(spread.re, spread.im);
  const withSum = transformed(spread.re.map((v, i) => (v * mask[i]!) / size));
  const ofSum = withSum.re[0]!;
  return ofMasked.map((v, i) => {
    const mixed = withSum.re[i]! * hat.re[i]! + withSum.im[i]! * hat.im[i]!;
    return v - (2 * mixed) / seen + (square[i]! * ofSum) / seen ** 2;
  });
}
