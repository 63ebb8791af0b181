import { gaussLegendre } from "../../stats/index.ts";
import { type Cosmology, expansion, growth, hubbleLength } from "./cosmology.ts";
import { halofit } from "./halofit.ts";
import { linearPower, type PowerSpectrum } from "./linear-power.ts";

/** Redshifts along the line of sight, and multipoles at which the spectrum is computed; between them it is interpolated. */
const [planes, multipoles] = [40, 48];
const [least, most] = [1, 3e5];

/**
 * The angular power spectrum C_ℓ of the convergence κ of sources at one redshift, per steradian, as a function of ℓ ≥ 0, in
 * Limber's approximation: C_ℓ = ∫ dχ (W/χ)² P((ℓ + ½)/χ, z), W = (3/2) Ω_m (H₀/c)² (1 + z) χ (1 − χ/χ_s). `growing` is
 * `halofit`, or `linear`.
 *
 * Source: Kilbinger, Rep. Prog. Phys. 78 (2015) 086901, equation 29, for sources at one distance.
 */
export function convergenceSpectrum(
  cosmology: Cosmology,
  redshift: number,
  growing: "halofit" | "linear" = "halofit",
): (ell: number) => number {
  const at = growing === "halofit" ? halofit(cosmology) : grownLinear(cosmology);
  const source = distance(cosmology, redshift);
  // Half of the planes would lie behind z = 0.5: in √z near ones, which small scales see, are closer together.
  const { points, weights } = gaussLegendre(planes, 0, Math.sqrt(redshift));
  const sights = Array.from(points, (root, i) => {
    const z = root * root;
    const chi = distance(cosmology, z);
    const kernel = (1.5 * cosmology.omegaM * (1 + z) * (1 - chi / source)) / hubbleLength ** 2;
    const step = (2 * root * weights[i]! * hubbleLength) / expansion(cosmology, z);
    return { chi, weight: kernel * kernel * step, power: at(z) };
  });
  const span = Math.log(most / least) / (multipoles - 1);
  const logs = Float64Array.from({ length: multipoles }, (_, i) => {
    const ell = least * Math.exp(span * i);
    return Math.log(
      sights.reduce((sum, { chi, weight, power }) => sum + weight * power((ell + 0.5) / chi), 0),
    );
  });
  return (ell) => Math.exp(interpolate(logs, Math.log(Math.max(ell, least) / least) / span));
}

function grownLinear(cosmology: Cosmology): (z: number) => PowerSpectrum {
  const today = linearPower(cosmology);
  return (z) => {
    const d2 = growth(cosmology, z) ** 2;
    return (k) => d2 * today(k);
  };
}

/** The comoving distance to redshift z in Mpc/h. */
function distance(cosmology: Cosmology, z: number): number {
  const { points, weights } = gaussLegendre(16, 0, z);
  return points.reduce((sum, at, i) => sum + (hubbleLength * weights[i]!) / expansion(cosmology, at), 0);
}

/** The value at a fractional place of a table, by the cubic through four entries around it. */
function interpolate(table: Float64Array, place: number): number {
  const i = Math.min(table.length - 3, Math.max(1, Math.floor(place)));
  const t = place - i;
  const [a, b, c, d] = [table[i - 1]!, table[i]!, table[i + 1]!, table[i + 2]!];
  return (
    (-a * t * (t - 1) * (t - 2)) / 6 +
    (b * (t + 1) * (t - 1) * (t - 2)) / 2 -
    (c * (t + 1) * t * (t - 2)) / 2 +
    (d * (t + 1) * t * (t - 1)) / 6
  );
}
