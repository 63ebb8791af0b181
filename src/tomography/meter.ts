/** One qubit's part of a measurement: the probabilities of its two outcomes are s_b + d_b n·r. */
export interface Meter {
  /** The axis n; `letter` is 1, 2 or 3 for X, Y or Z, else 0. */
  readonly axis: readonly [number, number, number];
  readonly letter: number;
  /** `[s₀, d₀, s₁, d₁]`. */
  readonly weights: Float64Array;
}

/** Weights of a qubit's outcomes, (1 ± n·r)/2, after readout. */
export function meterOf(axis: readonly [number, number, number], confusion?: Float64Array, qubit = 0): Meter {
  const read = (b: number, t: number) => confusion?.[4 * qubit + 2 * b + t] ?? (b === t ? 1 : 0);
  const weights = [0, 1].flatMap((b) => [(read(b, 0) + read(b, 1)) / 2, (read(b, 0) - read(b, 1)) / 2]);
  const letter = axis.filter((v) => v === 0).length === 2 ? axis.indexOf(1) + 1 : 0;
  return { axis, letter, weights: Float64Array.from(weights) };
}

/** `from: [blocks, 4, rest]` → `to: [blocks, 2, rest]`. */
export function measure(
  meter: Meter,
  from: Float64Array,
  to: Float64Array,
  blocks: number,
  rest: number,
): void {
  const { axis, letter, weights } = meter;
  const [s0, d0, s1, d1] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!];
  const [nx, ny, nz] = [axis[0], axis[1], axis[2]];
  for (let block = 0; block < blocks; block++) {
    const at = 4 * block * rest;
    const low = 2 * block * rest;
    const high = low + rest;
    // Along a letter two numbers are read of four: nine tenths of all work is here.
    const along = at + letter * rest;
    if (letter > 0)
      for (let i = 0; i < rest; i++) {
        const u = from[at + i]!;
        const v = from[along + i]!;
        to[low + i] = s0 * u + d0 * v;
        to[high + i] = s1 * u + d1 * v;
      }
    else
      for (let i = 0; i < rest; i++) {
        const u = from[at + i]!;
        const v = nx * from[at + rest + i]! + ny * from[at + 2 * rest + i]! + nz * from[at + 3 * rest + i]!;
        to[low + i] = s0 * u + d0 * v;
        to[high + i] = s1 * u + d1 * v;
      }
  }
}

/** Adds the transpose of {@link measure}: `from: [blocks, 2, rest]` → `to: [blocks, 4, rest]`. */
export function spreadBack(
  meter: Meter,
  from: Float64Array,
  to: Float64Array,
  blocks: number,
  rest: number,
): void {
  const { axis, letter, weights } = meter;
  const [s0, d0, s1, d1] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!];
  const [nx, ny, nz] = [axis[0], axis[1], axis[2]];
  for (let block = 0; block < blocks; block++) {
    const at = 4 * block * rest;
    const low = 2 * block * rest;
    const high = low + rest;
    const along = at + letter * rest;
    if (letter > 0)
      for (let i = 0; i < rest; i++) {
        const a = from[low + i]!;
        const b = from[high + i]!;
        to[at + i]! += s0 * a + s1 * b;
        to[along + i]! += d0 * a + d1 * b;
      }
    else
      for (let i = 0; i < rest; i++) {
        const a = from[low + i]!;
        const b = from[high + i]!;
        to[at + i]! += s0 * a + s1 * b;
        const v = d0 * a + d1 * b;
        to[at + rest + i]! += nx * v;
        to[at + 2 * rest + i]! += ny * v;
        to[at + 3 * rest + i]! += nz * v;
      }
  }
}
