import { turnQubit } from "./bras.ts";
import type { Interference } from "./interference.ts";

/** Derivatives of a loss by log-moduli and phases, added to. */
export interface AmplitudeSlopes {
  readonly logModulus: Float64Array;
  readonly phase: Float64Array;
}

/**
 * Minus the mean log-likelihood of the shots in nats a shot, for amplitudes exp(logModulus + i phase) of norm 1 at the
 * configurations. Outcomes have the probability (1 − ε)p + ε·n, where n is what white noise on the rotated qubits makes of p: the
 * fit of phases meets no walls where p is 0. Derivatives go to `slopes`, if they are given.
 */
export function interferenceLoss(
  { blocks, shots }: Interference,
  logModulus: ArrayLike<number>,
  phase: ArrayLike<number>,
  noise: number,
  slopes?: AmplitudeSlopes,
): number {
  let loss = 0;
  if (slopes) for (const own of [slopes.logModulus, slopes.phase]) own.fill(0);
  const longest = blocks.reduce((most, { places }) => Math.max(most, places.length), 0);
  // Amplitudes as they are, turned, and what the loss changes by with the turned ones.
  const [ownRe, ownIm, re, im, backRe, backIm] = Array.from(
    { length: 6 },
    () => new Float64Array(longest),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  for (const { bras, places, outcomes, counts } of blocks) {
    const terms = places.length;
    if (terms === 1) {
      const share = counts[0]! / shots;
      loss -= 2 * share * logModulus[places[0]!]!;
      if (slopes) slopes.logModulus[places[0]!]! -= 2 * share;
      continue;
    }
    const size = 2 ** bras.length;
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < terms; k++) if (places[k]! >= 0) top = Math.max(top, logModulus[places[k]!]!);
    if (top === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    let weight = 0;
    for (let k = 0; k < terms; k++) {
      const place = places[k]!;
      const a = place < 0 ? 0 : Math.exp(logModulus[place]! - top);
      const angle = place < 0 ? 0 : phase[place]!;
      re[k] = ownRe[k] = a * Math.cos(angle);
      im[k] = ownIm[k] = a * Math.sin(angle);
      backRe[k] = backIm[k] = 0;
      weight += (a * a) / size;
    }
    for (let k = 0; k < bras.length; k++)
      turnQubit(re, im, { length: terms, step: 2 ** (bras.length - 1 - k), bras: bras[k]! });
    let spread = 0;
    for (let i = 0; i < outcomes.length; i++) {
      const outcome = outcomes[i]!;
      let p = 0;
      for (let k = outcome; k < terms; k += size) p += re[k]! * re[k]! + im[k]! * im[k]!;
      const q = Math.max((1 - noise) * p + noise * weight, 1e-300);
      const share = counts[i]! / shots;
      loss -= share * (2 * top + Math.log(q));
      const slope = (2 * share) / q;
      spread += (noise * slope) / size;
      for (let k = outcome; k < terms; k += size) {
        backRe[k] = (1 - noise) * slope * re[k]!;
        backIm[k] = (1 - noise) * slope * im[k]!;
      }
    }
    if (!slopes) continue;
    for (let k = 0; k < bras.length; k++) {
      const turn = { length: terms, step: 2 ** (bras.length - 1 - k), bras: bras[k]!, adjoint: true };
      turnQubit(backRe, backIm, turn);
    }
    for (let k = 0; k < terms; k++) {
      const place = places[k]!;
      if (place < 0) continue;
      const [a, b] = [ownRe[k]!, ownIm[k]!];
      slopes.logModulus[place]! -= backRe[k]! * a + backIm[k]! * b + spread * (a * a + b * b);
      slopes.phase[place]! -= backIm[k]! * a - backRe[k]! * b;
    }
  }
  return loss;
}
