import { type Reduced, reflected } from "./thermodynamics.ts";
import { fromExcitations, type Jet, signedProducts, squared } from "./torus.ts";

/**
 * Exact thermodynamics of the Ising model on a periodic Lx × Ly rectangle at coupling K = βJ.
 *
 * Kaufman (Phys. Rev. 76, 1232, 1949) writes Z as half the sum of four products, over wave numbers that are
 * periodic or antiperiodic along each axis; the fully periodic one carries the sign of γ₀ and so enters with
 * a minus sign above T_c. We use her formula with its second product undone: Π_r 2cosh(mγ_r/2) becomes Π_k
 * f(k)^½, the same number, but with no logarithm that diverges at K = 0 or K = K_c, and with derivatives in
 * closed form. With u = e^{−2K} and q = (1 − cos k_x) + (1 − cos k_y) a factor, scaled by 4e^{−4K}, is the
 * polynomial
 *
 * f = g² + 2q(u − u³), g = u² + 2u − 1,
 *
 * so that log Z = 2NK + log ½(Z_aa + Z_ap + Z_pa − Z_pp), where the factor k = 0 of Z_pp enters as g itself,
 * positive above T_c, zero at it and negative below.
 *
 * @returns totals over the lattice; `undefined` for K < 0 with an odd side: the antiferromagnet is then
 * frustrated, and the four products cancel to more digits than a double has.
 */
export function kaufman(lx: number, ly: number, coupling: number): Reduced | undefined {
  if (coupling < 0) {
    if (lx % 2 === 1 || ly % 2 === 1) return undefined;
    const positive = kaufman(lx, ly, -coupling);
    return positive && reflected(positive);
  }
  const u = Math.exp(-2 * coupling);
  const g: Jet = [u * u + 2 * u - 1, 2 * (u + 1), 2];
  const b: Jet = [2 * u * (1 - u) * (1 + u), 2 - 6 * u * u, -12 * u];
  const { log } = signedProducts(lx, ly, { q, a: squared(g), b, g });
  return fromExcitations(2 * lx * ly, 2, coupling, log);
}

/** (1 − cos k_x) + (1 − cos k_y), by half angles, which stay exact at small k. */
function q(kx: number, ky: number): number {
  return 2 * Math.sin(kx / 2) ** 2 + 2 * Math.sin(ky / 2) ** 2;
}
