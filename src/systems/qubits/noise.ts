import * as z from "zod";
import { realParameter } from "../parameters.ts";
import type { DensityMatrix } from "./state.ts";

const probability = (what: string) =>
  realParameter(`give ${what} from 0 to 1`)
    .refine((p) => p >= 0 && p <= 1, { error: `give ${what} from 0 to 1` })
    .exactOptional();

const pairHint = "give P(1 read | 0) and P(0 read | 1), each from 0 to 1, such as readout=0.01,0.03";

/**
 * Noise between the preparation of a state and the bits that are read, in this order: `drift`, `white`,
 * `depolarise`, `dephase`, `amplitude-damping`, `readout`. All except `white` act on each qubit equally and
 * independently.
 */
export const noiseSchema = z.strictObject({
  /** Angle in radians by which every qubit is turned about y in the second half of the settings; 0 in the first. */
  drift: realParameter("give the angle of drift in radians").exactOptional(),
  /** Share of the maximally mixed state of all qubits: ρ → (1 − p)ρ + p·1/2^N. */
  white: probability("the share of white noise"),
  /** Each qubit is replaced by a maximally mixed one with this probability: ρ → (1 − p)ρ + p·1/2 ⊗ Tr_q ρ. */
  depolarise: probability("the probability of depolarising"),
  /** Loss of coherence of each qubit: ρ₀₁ → (1 − p)ρ₀₁, a flip of phase with probability p/2. */
  dephase: probability("the probability of dephasing"),
  /** The probability that 1 decays to 0 in each qubit. */
  "amplitude-damping": probability("the probability of decay"),
  /** P(1 read | 0) and P(0 read | 1) of each qubit. */
  readout: z
    .union(
      [
        z.array(z.number()),
        z.number().transform((p) => [p, p]),
        z.string().transform((text) => text.split(",").map(Number)),
      ],
      { error: pairHint },
    )
    .refine((pair) => pair.length === 2 && pair.every((p) => p >= 0 && p <= 1), { error: pairHint })
    .exactOptional(),
});

/** See {@link noiseSchema}. */
export type Noise = z.output<typeof noiseSchema>;

/** The names of all kinds of noise. */
export const noiseNames: readonly string[] = Object.keys(noiseSchema.shape);

/** A noisy measurement of one qubit: a sharp one along `axis`, and then P(0 read | outcome 0) and P(0 read | outcome 1). */
export interface EffectiveMeasurement {
  /** Unit vector. */
  readonly axis: readonly [number, number, number];
  /** P(0 read | outcome along the axis). */
  readonly zeroOfZero: number;
  /** P(0 read | outcome against the axis). */
  readonly zeroOfOne: number;
}

/**
 * Returns the measurement before noise that is equivalent to one along the unit vector n after it. Noise of
 * single qubits turns the operator of the outcome 0, ½(1 + n·σ), into ½(c + v·σ) in Heisenberg's picture: a
 * sharp measurement along v/|v| with outcomes that are misread. It is exact for any number of qubits.
 * `isTurned` is whether the state has drifted.
 */
export function effective(
  [x, y, z]: readonly [number, number, number],
  noise: Noise,
  isTurned: boolean,
): EffectiveMeasurement {
  const { depolarise = 0, dephase = 0, "amplitude-damping": decay = 0, drift = 0 } = noise;
  const [p0, p1] = noise.readout ?? [0, 0];
  let c = 1 + decay * z;
  const kept = 1 - depolarise;
  const flat = kept * (1 - dephase) * Math.sqrt(1 - decay);
  let v = [flat * x, flat * y, kept * (1 - decay) * z] as [number, number, number];
  if (isTurned && drift !== 0) {
    // The state is turned by +angle about y: the axis by −angle.
    const [cos, sin] = [Math.cos(drift), Math.sin(drift)];
    v = [cos * v[0] - sin * v[2], v[1], sin * v[0] + cos * v[2]];
  }
  const length = Math.hypot(...v);
  // Rounding must not make a probability negative.
  c = Math.max(c, length);
  const read = (zero: number) => zero * (1 - p0!) + (1 - zero) * p1!;
  return {
    axis: length > 0 ? [v[0] / length, v[1] / length, v[2] / length] : [0, 0, 1],
    zeroOfZero: read(Math.min(1, (c + length) / 2)),
    zeroOfOne: read((c - length) / 2),
  };
}

/** Applies to outcome probabilities `[2^N]`, in place, what is read of each qubit: see {@link EffectiveMeasurement}. */
export function misread(probabilities: Float64Array, qubits: readonly EffectiveMeasurement[]): void {
  qubits.forEach(({ zeroOfZero, zeroOfOne }, q) => {
    if (zeroOfZero === 1 && zeroOfOne === 0) return;
    const step = 2 ** (qubits.length - 1 - q);
    for (let block = 0; block < probabilities.length; block += 2 * step)
      for (let i = block; i < block + step; i++) {
        const [zero, one] = [probabilities[i]!, probabilities[i + step]!];
        const read = zeroOfZero * zero + zeroOfOne * one;
        probabilities[i] = read;
        probabilities[i + step] = Math.max(0, zero + one - read);
      }
  });
}

/** A density matrix after noise, without drift and readout, which are no part of the state. */
export function noisyDensity({ qubits, re, im }: DensityMatrix, noise: Noise): DensityMatrix {
  const { white = 0, depolarise = 0, dephase = 0, "amplitude-damping": decay = 0 } = noise;
  const n = 2 ** qubits;
  const out = { qubits, re: re.map((a) => (1 - white) * a), im: im.map((a) => (1 - white) * a) };
  for (let i = 0; i < n; i++) out.re[i * n + i]! += white / n;
  const coherence = (1 - depolarise) * (1 - dephase) * Math.sqrt(1 - decay);
  for (let step = 1; step < n; step *= 2)
    for (const part of [out.re, out.im])
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          if (i & step || j & step) continue;
          const [zz, zo, oz, oo] = [
            i * n + j,
            i * n + j + step,
            (i + step) * n + j,
            (i + step) * n + j + step,
          ];
          const [a, d] = [part[zz]!, part[oo]!];
          const [mixedA, mixedD] = [a + (depolarise / 2) * (d - a), d + (depolarise / 2) * (a - d)];
          part[zz] = mixedA + decay * mixedD;
          part[oo] = (1 - decay) * mixedD;
          part[zo]! *= coherence;
          part[oz]! *= coherence;
        }
  return out;
}
