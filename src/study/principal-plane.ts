import { symmetricEigen } from "../stats/symmetric-eigen.ts";

/** Numbers of a code from which on the two of largest variance are taken, without a rotation. */
const MANY = 256;

/** The mean and the covariance of the rows of `values: [rows, width]`. */
export function moments(values: ArrayLike<number>, width: number) {
  const rows = values.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < values.length; i++) (mean[i % width] as number) += (values[i] as number) / rows;
  const variance = new Float64Array(width);
  for (let i = 0; i < values.length; i++) {
    const away = (values[i] as number) - (mean[i % width] as number);
    (variance[i % width] as number) += (away * away) / rows;
  }
  return { rows, mean, variance };
}

/** Columns of largest variance, largest first. */
export const widest = (variance: Float64Array, count: number): number[] =>
  Array.from(variance.keys())
    .sort((a, b) => (variance[b] as number) - (variance[a] as number))
    .slice(0, count);

/** Rows `[rows, width]` along their two principal axes, `[rows, 2]`. */
export function principalPlane(values: ArrayLike<number>, width: number): Float64Array {
  const { rows, mean, variance } = moments(values, width);
  const axes =
    width >= MANY ? widest(variance, 2).map((k) => unit(k, width)) : principalAxes(values, width, mean);
  const out = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row++)
    axes.forEach((axis, k) => {
      let sum = 0;
      for (let i = 0; i < width; i++)
        sum += (axis[i] as number) * ((values[row * width + i] as number) - (mean[i] as number));
      out[2 * row + k] = sum;
    });
  return out;
}

const unit = (k: number, width: number) => Float64Array.from({ length: width }, (_, i) => Number(i === k));

function principalAxes(values: ArrayLike<number>, width: number, mean: Float64Array): Float64Array[] {
  const rows = values.length / width;
  const covariance = new Float64Array(width * width);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) {
      const a = (values[row * width + i] as number) - (mean[i] as number);
      for (let j = 0; j <= i; j++)
        (covariance[i * width + j] as number) +=
          (a * ((values[row * width + j] as number) - (mean[j] as number))) / rows;
    }
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++) covariance[j * width + i] = covariance[i * width + j] as number;
  const { vectors } = symmetricEigen(covariance, width);
  return [0, 1].map((k) => vectors.slice(k * width, (k + 1) * width));
}
