import { flippedText } from "../data/measurements/confusion.ts";
import { inputError, usageError } from "../error.ts";
import { BornTree } from "./born-tree.ts";
import type { Tally } from "./counts.ts";
import { type MaximumLikelihoodState, maximumLikelihood } from "./maximum-likelihood.ts";
import { toPauli } from "./pauli.ts";

/** Shots of known basis states, which measure the readout. */
export interface Calibration {
  /** `[circuits, N]`: the bit that each qubit was prepared in. */
  readonly prepared: ArrayLike<number>;
  /** `[circuits, 2^N]`: how often each outcome was read; qubit 0 is the most significant bit. */
  readonly counts: ArrayLike<number>;
}

/** A state and a readout that are likeliest together. */
export interface ReadoutFit {
  /** The state of greatest likelihood under this readout. */
  readonly state: MaximumLikelihoodState;
  /** `[N, 2, 2]`: P(bit read | true bit) as [qubit][read][true]. */
  readonly confusion: Float64Array;
  /** Of the shots and of the calibration together, nats. */
  readonly logLikelihood: number;
  /** Whether the last round gained less than the tolerance. */
  readonly converged: boolean;
  /** Rounds taken. */
  readonly rounds: number;
}

/** See {@link fitReadout}. */
export interface ReadoutOptions {
  /** The fit ends when a round gains fewer nats (default 10⁻³). */
  readonly tolerance?: number;
  /** Maximum number of rounds (default 200). */
  readonly rounds?: number;
}

/**
 * Fits the state and the readout of each qubit to shots and calibration circuits together, in turns: the
 * state of greatest likelihood under the readout so far, then one step of expectation maximisation for the
 * readout. The likelihood never falls. A qubit must have been prepared in both bits: otherwise flips that are
 * equally likely both ways look like local depolarisation, and no shots distinguish them. Throws AnsatzError
 * (input) otherwise, (usage) for sizes that do not fit.
 */
export function fitReadout(
  tally: Tally,
  calibration: Calibration,
  { tolerance = 1e-3, rounds: most = 200 }: ReadoutOptions = {},
): ReadoutFit {
  const known = calibrated(tally, calibration);
  // A flip that was never seen must not stay impossible.
  let confusion = maximised(known.map((n) => n + 0.5));
  let state: MaximumLikelihoodState | undefined;
  let [logLikelihood, rounds] = [Number.NEGATIVE_INFINITY, 0];
  for (;;) {
    const own = { ...tally, confusion };
    state = maximumLikelihood(own, { tolerance: tolerance / 10, ...(state && { start: state.rho }) });
    let now = -state.loss * tally.shots;
    known.forEach((n, i) => {
      if (n > 0) now += n * Math.log(confusion[i]!);
    });
    const converged = now - logLikelihood < tolerance;
    logLikelihood = now;
    rounds++;
    if (converged || rounds === most) return { state, confusion, logLikelihood, converged, rounds };
    const flips = expectedReads(own, state);
    confusion = maximised(known.map((n, i) => n + flips[i]!));
  }
}

/** `[N, 2, 2]`: how often each bit was read of each that was prepared. */
function calibrated({ qubits, name }: Tally, { prepared, counts }: Calibration): Float64Array {
  const outcomes = 2 ** qubits;
  const circuits = counts.length / outcomes;
  if (!Number.isInteger(circuits) || prepared.length !== circuits * qubits)
    throw usageError(
      `${name}: a calibration of ${qubits} qubits has ${qubits} prepared bits and ${outcomes} counts for each circuit; ` +
        `these are ${prepared.length} bits and ${counts.length} counts`,
    );
  const out = new Float64Array(4 * qubits);
  for (let i = 0; i < counts.length; i++) {
    const circuit = Math.floor(i / outcomes);
    for (let q = 0; q < qubits; q++)
      out[4 * q + 2 * bitOf(i % outcomes, q, qubits) + prepared[circuit * qubits + q]!]! += counts[i]!;
  }
  for (let q = 0; q < qubits; q++)
    for (const bit of [0, 1])
      if (!(out[4 * q + bit]! + out[4 * q + 2 + bit]! > 0))
        throw inputError(
          `${name}: qubit ${q} has no calibration shots prepared in ${bit}, and without them flips of its bits cannot be told from ` +
            "local depolarisation of the state; add them, or give the readout confusion",
        );
  const flipped = flippedText(maximised(out));
  if (flipped !== undefined)
    throw inputError(
      `${name}: in the calibration ${flipped}; check the order of its prepared and read bits, and whether they are inverted`,
    );
  return out;
}

const bitOf = (outcome: number, qubit: number, qubits: number) => (outcome >> (qubits - 1 - qubit)) & 1;

/** Counts `[N, 2, 2]` as probabilities of the bit read. */
const maximised = (counts: Float64Array): Float64Array =>
  counts.map((n, i) => n / (counts[i - (i & 2)]! + counts[i - (i & 2) + 2]!));

/** `[N, 2, 2]`: how often each bit was read of each true one in the shots, in the mean given what was read. */
function expectedReads(
  tally: Tally & { readonly confusion: Float64Array },
  { rho }: MaximumLikelihoodState,
): Float64Array {
  const { qubits, settings, shotsOf, counts, confusion } = tally;
  const outcomes = 2 ** qubits;
  const tree = new BornTree({ qubits, settings }, (s) => shotsOf[s]! > 0);
  const p = tree.probabilities(toPauli(rho));
  const out = new Float64Array(4 * qubits);
  shotsOf.forEach((shots, s) => {
    if (shots === 0) return;
    const seen = counts.subarray(s * outcomes, (s + 1) * outcomes);
    for (let q = 0; q < qubits; q++) {
      // The true bit of this qubit beside the bits that are read of the others.
      const beside = p.slice(s * outcomes, (s + 1) * outcomes);
      for (let other = 0; other < qubits; other++)
        if (other !== q)
          read(beside, confusion.subarray(4 * other, 4 * other + 4), 2 ** (qubits - 1 - other));
      const mask = 2 ** (qubits - 1 - q);
      for (let a = 0; a < outcomes; a++) {
        if (seen[a] === 0) continue;
        const b = bitOf(a, q, qubits);
        const zero = confusion[4 * q + 2 * b]! * Math.max(beside[a & ~mask]!, 0);
        const one = confusion[4 * q + 2 * b + 1]! * Math.max(beside[a | mask]!, 0);
        out[4 * q + 2 * b]! += (seen[a]! * zero) / (zero + one);
        out[4 * q + 2 * b + 1]! += (seen[a]! * one) / (zero + one);
      }
    }
  });
  return out;
}

/** Converts probabilities of true bits into those of read bits, in place, for the qubit with this stride. */
function read(p: Float64Array, c: Float64Array, stride: number): void {
  for (let block = 0; block < p.length; block += 2 * stride)
    for (let i = block; i < block + stride; i++) {
      const [zero, one] = [p[i]!, p[i + stride]!];
      p[i] = c[0]! * zero + c[1]! * one;
      p[i + stride] = c[2]! * zero + c[3]! * one;
    }
}
