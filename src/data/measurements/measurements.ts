/**
 * Outcomes of projective measurements of qubits: in each setting every qubit is measured along its own axis,
 * and a shot gives one bit per qubit. Bit 0 is the outcome along the axis (+1), bit 1 the opposite one (−1).
 * Qubit 0 comes first everywhere: in rows, in axes, in the names of settings, and as the most significant
 * digit of a state's index.
 */
export interface Measurements {
  /** Number of qubits, N. */
  readonly qubits: number;
  /** `[shots, N]`, row-major: the bit of each qubit. */
  readonly bits: Uint8Array;
  /** `[shots]`: which setting a shot was taken in. */
  readonly setting: Uint32Array;
  /** Settings in a fixed order; one without shots is kept. */
  readonly settings: readonly Setting[];
  /** `[N, 2, 2]`, row-major: P(bit read | true bit) of each qubit as [qubit][read][true], if known. */
  readonly confusion?: Float64Array | undefined;
  /** Name of the data in messages: their file. */
  readonly name: string;
}

/** The axes along which the qubits are measured. */
export interface Setting {
  /**
   * One letter per qubit if every axis is X, Y or Z, such as `XZY`; else a number in brackets, such as `[3]`.
   */
  readonly name: string;
  /** `[N, 3]`, row-major: a unit vector of the Bloch sphere for each qubit. */
  readonly axes: Float64Array;
}
