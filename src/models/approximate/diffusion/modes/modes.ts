import type { NDArray } from "../../../../array.ts";
import { log, maximum, mean, mul, square, type Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";

/** A mode has at least this share of the mean variance: rows may lack one but for rounding, as maps without their mean do. */
const LEAST = 1e-9;

/** Variances of modes, as logarithms `[sites]`; with the axes of the modes where they are not known beforehand. */
export type ModeParameters = Parameters & { readonly logVariance: NDArray<"f32"> };

/** An orthogonal change of axes in which the covariance of centred rows is diagonal or nearly so. */
export interface Modes {
  /** Number of its parameters. */
  readonly count: number;
  /** The modes before they are adapted: variances of 1. */
  init(): ModeParameters;
  /** Axes and variances of rows `x: [rows, sites]`, centred. */
  adapt(parameters: Symbolic<ModeParameters>, x: Tensor): Symbolic<ModeParameters>;
  /** Rows `[batch, sites]` → amplitudes of their modes, `[batch, sites]`. */
  to(parameters: Symbolic<ModeParameters>, x: Tensor): Tensor;
  /** The way back. */
  from(parameters: Symbolic<ModeParameters>, amplitudes: Tensor): Tensor;
}

/** Logarithms of the mean squares of amplitudes `[rows, sites]`, from below by a share of the mean over modes. */
export function logVariances(amplitudes: Tensor, average = (variances: Tensor) => variances): Tensor {
  const variances = average(mean(square(amplitudes), 0));
  return log(maximum(variances, maximum(mul(mean(variances), LEAST), 1e-30)));
}
