import { type Reduced, reflected } from "./thermodynamics.ts";
import { fromExcitations, type Jet, signedProducts, squared } from "./torus.ts";

/** Coupling at which an antiferromagnet is in its ground states to far more digits than a double has. */
const frozen = 60;
/** Cancellation between the four products, at worst, of a result that is given: it costs three digits. */
const worst = 1000;

/**
 * Exact thermodynamics of the Ising model on a periodic Lx × Ly triangular lattice (the square lattice with
 * the diagonal (+1, +1)) at coupling K = βJ of either sign.
 *
 * Houtappel's solution (Physica 16, 425, 1950) for the infinite lattice, on a torus: as on the square lattice
 * Z is half the sum of four products over wave numbers, by the same rule of signs. With w = e^{−4K} and q =
 * (1 − cos k_x) + (1 − cos k_y) + (1 − cos(k_x + k_y)) the ferromagnet has log Z = 3NK + log ½(…) with
 *
 * f = g² + 2q(w − w²), g = 3w − 1.
 *
 * The antiferromagnet has the same f over w²; with w = e^{−4|K|} again, and p = 9/2 − q, which vanishes at
 * the wave number at which it would order (k_x = k_y = ±2π/3), log Z = N|K| + log ½(…) with
 *
 * f = w² + 3w + 2p(1 − w), g = 3 − w.
 *
 * @returns totals over the lattice; `undefined` for an antiferromagnet on a strip so long and narrow, and so
 * cold, that the four products cancel to more than three digits.
 */
export function triangular(lx: number, ly: number, coupling: number): Reduced | undefined {
  const n = lx * ly;
  if (coupling >= 0) {
    const w = Math.exp(-4 * coupling);
    const g: Jet = [3 * w - 1, 3, 0];
    const b: Jet = [2 * w * (1 - w), 2 - 4 * w, -4];
    const { log } = signedProducts(lx, ly, { q: detuning, a: squared(g), b, g });
    return fromExcitations(3 * n, 4, coupling, log);
  }
  const k = Math.min(-coupling, frozen);
  const w = Math.exp(-4 * k);
  const { log, cancellation } = signedProducts(lx, ly, {
    q: antiferromagneticDetuning,
    a: [w * w + 3 * w, 2 * w + 3, 2],
    b: [2 * (1 - w), -2, 0],
    g: [3 - w, -1, 0],
  });
  if (!(cancellation < worst)) return undefined;
  const reduced = fromExcitations(n, 4, k, log);
  return reflected({ ...reduced, logZ: reduced.entropy - coupling * reduced.slope });
}

/** q = Σ (1 − cos) over the three directions, by half angles, which stay exact at small k. */
function detuning(kx: number, ky: number): number {
  return 2 * (Math.sin(kx / 2) ** 2 + Math.sin(ky / 2) ** 2 + Math.sin((kx + ky) / 2) ** 2);
}

/** p = 9/2 − q = ½|1 + e^{ik_x} + e^{−ik_y}|², a square, which stays exact when it is small. */
function antiferromagneticDetuning(kx: number, ky: number): number {
  const real = 1 + Math.cos(kx) + Math.cos(ky);
  const imaginary = Math.sin(kx) - Math.sin(ky);
  return (real * real + imaginary * imaginary) / 2;
}
