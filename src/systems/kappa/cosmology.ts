/** A flat universe with a cosmological constant and cold dark matter. */
export interface Cosmology {
  /** Ω_m, the density of all matter today, in units of the critical one. */
  readonly omegaM: number;
  /** Ω_b, the density of baryons, which Ω_m includes. */
  readonly omegaB: number;
  /** The Hubble constant in units of 100 km/s/Mpc. */
  readonly h: number;
  /** n_s, the tilt of the primordial spectrum, P ∝ kⁿ. */
  readonly ns: number;
  /** σ₈, the linear spread of the density today in spheres of 8 Mpc/h. */
  readonly sigma8: number;
}

/** c/H₀ in Mpc/h. */
export const hubbleLength = 2997.92458;

/** H(z)/H₀. */
export function expansion({ omegaM }: Cosmology, z: number): number {
  return Math.sqrt(omegaM * (1 + z) ** 3 + 1 - omegaM);
}

/** Ω_m at redshift z. */
export function matterDensity(cosmology: Cosmology, z: number): number {
  return (cosmology.omegaM * (1 + z) ** 3) / expansion(cosmology, z) ** 2;
}

/**
 * The growth of linear structure from redshift z until today, 1 at z = 0.
 *
 * Source: Carroll, Press & Turner, Annu. Rev. Astron. Astrophys. 30 (1992) 499, equation 29.
 */
export function growth(cosmology: Cosmology, z: number): number {
  const relative = (at: number) => {
    const matter = matterDensity(cosmology, at);
    const vacuum = 1 - matter;
    return (2.5 * matter) / (matter ** (4 / 7) - vacuum + (1 + matter / 2) * (1 + vacuum / 70));
  };
  return relative(z) / relative(0) / (1 + z);
}
