import { log } from "./log.ts";

/**
 * Returns the quantile of the standard normal: z with Φ(z) = p, to about 1 part in 10^16; −∞ below 2^-1022, ∞
 * at 1, NaN outside [0, 1].
 *
 * Its bits do not depend on the platform: + − × ÷ and the square root only. Above p = 1 − 10^-3 or so the
 * spacing of doubles near 1 limits the precision of p; use −normalQuantile(1 − p) if 1 − p is known.
 *
 * Source: Wichura, Applied Statistics 37 (1988) 477, algorithm AS 241, PPND16.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 2 ** -1022 && p < 1)) return p === 1 ? Infinity : p >= 0 && p < 1 ? -Infinity : Number.NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return centralQuantile(q);
  return p < 0.5 ? -upperQuantile(p) : upperQuantile(1 - p);
}

/**
 * Writes the quantiles of ½ + q[0], ..., ½ + q[n − 1] to z, for q in (−½, ½): the inner loop of `normal`.
 *
 * By its distance q from ½ a probability near 1 is as fine as one near 0. The tails, 15 % of a uniform q in no
 * pattern, are done in a second pass, for a branch on them would be mispredicted; `tails` is room for n + 1 places.
 */
export function fillCentredQuantiles(q: Float64Array, z: Float64Array, n: number, tails: Uint32Array): void {
  let count = 0;
  for (let i = 0; i < n; i++) {
    const centred = q[i]!;
    z[i] = centralQuantile(centred);
    tails[count] = i;
    // 1 in the tails, 0 elsewhere: truncation of a number in [0, 1.4).
    count += (centred * centred * (1 / 0.180625)) | 0;
  }
  for (let j = 0; j < count; j++) {
    const i = tails[j]!;
    const centred = q[i]!;
    z[i] = Math.sign(centred) * upperQuantile(0.5 - Math.abs(centred));
  }
}

function centralQuantile(q: number): number {
  const r = 0.180625 - q * q;
  const numerator =
    ((((((2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087) * r + 45921.95393154987) * r +
      13731.69376550946) *
      r +
      1971.5909503065513) *
      r +
      133.14166789178438) *
      r +
    3.3871328727963665;
  const denominator =
    ((((((5226.495278852854 * r + 28729.085735721943) * r + 39307.89580009271) * r + 21213.794301586597) * r +
      5394.196021424751) *
      r +
      687.1870074920579) *
      r +
      42.31333070160091) *
      r +
    1;
  return (q * numerator) / denominator;
}

/** The quantile of 1 − p, for p < 0.075. */
function upperQuantile(p: number): number {
  const r = Math.sqrt(-log(p));
  return r <= 5 ? nearTail(r - 1.6) : farTail(r - 5);
}

function nearTail(r: number): number {
  const numerator =
    ((((((0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506) * r +
      1.2704582524523684) *
      r +
      3.6478483247632045) *
      r +
      5.769497221460691) *
      r +
      4.630337846156546) *
      r +
    1.4234371107496835;
  const denominator =
    ((((((1.0507500716444169e-9 * r + 0.0005475938084995345) * r + 0.015198666563616457) * r +
      0.14810397642748008) *
      r +
      0.6897673349851) *
      r +
      1.6763848301838038) *
      r +
      2.053191626637759) *
      r +
    1;
  return numerator / denominator;
}

function farTail(r: number): number {
  const numerator =
    ((((((2.0103343992922881e-7 * r + 2.7115555687434876e-5) * r + 0.0012426609473880784) * r +
      0.026532189526576124) *
      r +
      0.29656057182850487) *
      r +
      1.7848265399172913) *
      r +
      5.463784911164114) *
      r +
    6.657904643501103;
  const denominator =
    ((((((2.0442631033899397e-15 * r + 1.421511758316446e-7) * r + 1.8463183175100548e-5) * r +
      0.0007868691311456133) *
      r +
      0.014875361290850615) *
      r +
      0.1369298809227358) *
      r +
      0.599832206555888) *
      r +
    1;
  return numerator / denominator;
}
