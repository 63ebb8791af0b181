import type { Cosmology } from "./cosmology.ts";

/** The power spectrum P(k) in (Mpc/h)³ at a wave number k in h/Mpc. */
export type PowerSpectrum = (k: number) => number;

/** The temperature of the microwave background in units of 2.7 K. */
const theta = 2.7255 / 2.7;

/**
 * The linear power spectrum of matter today, without baryon acoustic oscillations: P ∝ kⁿ T(k)², of spread σ₈.
 *
 * Source: Eisenstein & Hu, Astrophys. J. 496 (1998) 605, equations 26 and 28 to 31.
 */
export function linearPower(cosmology: Cosmology): PowerSpectrum {
  const { ns, sigma8 } = cosmology;
  const transfer = transferFunction(cosmology);
  const shape = (k: number) => k ** ns * transfer(k) ** 2;
  const amplitude = sigma8 ** 2 / topHatVariance(shape, 8);
  return (k) => amplitude * shape(k);
}

function transferFunction({ omegaM, omegaB, h }: Cosmology): (k: number) => number {
  const [matter, baryons, share] = [omegaM * h * h, omegaB * h * h, omegaB / omegaM];
  const sound = (44.5 * Math.log(9.83 / matter)) / Math.sqrt(1 + 10 * baryons ** 0.75); // Mpc
  const alpha = 1 - 0.328 * Math.log(431 * matter) * share + 0.38 * Math.log(22.3 * matter) * share ** 2;
  return (k) => {
    const gamma = omegaM * h * (alpha + (1 - alpha) / (1 + (0.43 * k * h * sound) ** 4));
    const q = (k * theta * theta) / gamma;
    const log = Math.log(2 * Math.E + 1.8 * q);
    return log / (log + (14.2 + 731 / (1 + 62.5 * q)) * q * q);
  };
}

/** Wave numbers from 10⁻⁴ to 10³ h/Mpc, evenly spaced in ln k by {@link scaleStep}: the points of integrals over all scales. */
export const scales = Float64Array.from(
  { length: 400 },
  (_, i) => 1e-4 * Math.exp((i * Math.log(1e7)) / 399),
);

/** The distance of {@link scales} in ln k. Integrands vanish at both ends, so that a sum is an integral to all digits. */
export const scaleStep = Math.log(1e7) / 399;

/** The variance of the density in spheres of radius r in Mpc/h. */
function topHatVariance(power: PowerSpectrum, r: number): number {
  const sum = scales.reduce((total, k) => {
    const x = k * r;
    const window = x < 1e-2 ? 1 - (x * x) / 10 : (3 * (Math.sin(x) - x * Math.cos(x))) / x ** 3;
    return total + (k ** 3 * power(k) * window ** 2) / (2 * Math.PI ** 2);
  }, 0);
  return sum * scaleStep;
}
