/**
 * The bras of both outcomes of a qubit measured along the unit vector (x, y, z), as `[⟨+|0⟩, ⟨+|1⟩, ⟨−|0⟩, ⟨−|1⟩]`, real and imaginary
 * part of each. |+⟩ = (cos θ/2, e^{iφ} sin θ/2) and |−⟩ = (sin θ/2, −e^{iφ} cos θ/2); for X and Y these are [[1, 1], [1, −1]]/√2 and
 * [[1, −i], [1, i]]/√2.
 */
export function brasOf(x: number, y: number, z: number): Float64Array {
  const [c, s] = [Math.sqrt(Math.max(0, (1 + z) / 2)), Math.sqrt(Math.max(0, (1 - z) / 2))];
  const length = Math.hypot(x, y);
  // e^{−iφ}
  const [pr, pi] = length > 0 ? [x / length, -y / length] : [1, 0];
  return Float64Array.of(c, 0, s * pr, s * pi, s, 0, -c * pr, -c * pi);
}

/** Whether a qubit measured along an axis is read in another basis than its bits are of: any axis but z. */
export const isRotated = (axes: ArrayLike<number>, q: number): boolean =>
  axes[3 * q] !== 0 || axes[3 * q + 1] !== 0 || !(axes[3 * q + 2]! > 0);

/** How {@link turnQubit} turns a qubit. */
export interface Turn {
  /** Amplitudes that are turned, from the first on. */
  readonly length: number;
  /** What the bit of the qubit is worth in the place of an amplitude. */
  readonly step: number;
  /** {@link brasOf} the axis. */
  readonly bras: Float64Array;
  /** Whether the adjoint is applied (default false). */
  readonly adjoint?: boolean;
}

/** Turns the amplitudes of one qubit in place: from the bits 0 and 1 to the two outcomes. */
export function turnQubit(re: Float64Array, im: Float64Array, turn: Turn): void {
  const { length, step, bras, adjoint = false } = turn;
  const sign = adjoint ? -1 : 1;
  const [first, second] = adjoint ? [4, 2] : [2, 4];
  const [ar, ai] = [bras[0]!, sign * bras[1]!];
  const [br, bi] = [bras[first]!, sign * bras[first + 1]!];
  const [cr, ci] = [bras[second]!, sign * bras[second + 1]!];
  const [dr, di] = [bras[6]!, sign * bras[7]!];
  for (let block = 0; block < length; block += 2 * step)
    for (let i = block; i < block + step; i++) {
      const j = i + step;
      const ur = re[i]!;
      const ui = im[i]!;
      const vr = re[j]!;
      const vi = im[j]!;
      re[i] = ar * ur - ai * ui + br * vr - bi * vi;
      im[i] = ar * ui + ai * ur + br * vi + bi * vr;
      re[j] = cr * ur - ci * ui + dr * vr - di * vi;
      im[j] = cr * ui + ci * ur + dr * vi + di * vr;
    }
}
