import { type Cosmology, growth, matterDensity } from "./cosmology.ts";
import { linearPower, type PowerSpectrum, scaleStep, scales } from "./linear-power.ts";

/**
 * The power spectrum of matter at any redshift with its non-linear growth, fitted to N-body simulations: within 5 % of them for
 * k ≤ 1 h/Mpc and 10 % for k ≤ 10 h/Mpc.
 *
 * Source: Takahashi et al., Astrophys. J. 761 (2012) 152 (arXiv:1208.2701), appendix, for a cosmological constant.
 */
export function halofit(cosmology: Cosmology): (z: number) => PowerSpectrum {
  const linear = linearPower(cosmology);
  const today = gaussianVariance(linear);
  return (z) => {
    const d2 = growth(cosmology, z) ** 2;
    const { radius, slope: n, curvature: c } = nonlinearScale(today, d2);
    const matter = matterDensity(cosmology, z);
    const a = 10 ** (1.5222 + 2.8553 * n + 2.3706 * n ** 2 + 0.9903 * n ** 3 + 0.225 * n ** 4 - 0.6038 * c);
    const b = 10 ** (-0.5642 + 0.5864 * n + 0.5716 * n ** 2 - 1.5474 * c);
    const cn = 10 ** (0.3698 + 2.0404 * n + 0.8161 * n ** 2 + 0.5869 * c);
    const gamma = 0.1971 - 0.0843 * n + 0.846 * c;
    const alpha = Math.abs(6.0835 + 1.3373 * n - 0.1959 * n ** 2 - 5.5274 * c);
    const beta = 2.0379 - 0.7354 * n + 0.3157 * n ** 2 + 1.249 * n ** 3 + 0.398 * n ** 4 - 0.1682 * c;
    const nu = 10 ** (5.2105 + 3.6902 * n);
    const [f1, f2, f3] = [matter ** -0.0307, matter ** -0.0585, matter ** 0.0743];
    return (k) => {
      const toVariance = k ** 3 / (2 * Math.PI ** 2);
      const small = d2 * linear(k) * toVariance;
      const y = k * radius;
      const quasi = ((small * (1 + small) ** beta) / (1 + alpha * small)) * Math.exp(-y / 4 - (y * y) / 8);
      const halo =
        (a * y ** (3 * f1)) / (1 + b * y ** f2 + (cn * f3 * y) ** (3 - gamma)) / (1 + nu / (y * y));
      return (quasi + halo) / toVariance;
    };
  };
}

/** ln σ²(R) of the linear density today under a Gaussian of width R, and its first two derivatives by ln R. */
type Variance = (logR: number) => { readonly log: number; readonly first: number; readonly second: number };

function gaussianVariance(power: PowerSpectrum): Variance {
  const squares = scales.map((k) => k * k);
  const shares = scales.map((k) => (scaleStep * k ** 3 * power(k)) / (2 * Math.PI ** 2));
  return (logR) => {
    const r2 = Math.exp(2 * logR);
    let [sigma2, one, two] = [0, 0, 0];
    for (let i = 0; i < squares.length; i++) {
      const y2 = squares[i]! * r2;
      if (y2 > 100) break;
      const share = shares[i]! * Math.exp(-y2);
      sigma2 += share;
      one -= 2 * y2 * share;
      two += (4 * y2 - 4) * y2 * share;
    }
    const first = one / sigma2;
    return { log: Math.log(sigma2), first, second: two / sigma2 - first * first };
  };
}

/** The scale on which the density, grown by d², has spread 1, and slope and curvature of the spectrum there. */
function nonlinearScale(today: Variance, d2: number) {
  // ln σ² falls with ln R and is nearly straight: Newton's method, kept on scales that the integrals hold.
  let logR = 0;
  for (let step = 0; step < 30; step++) {
    const { log, first } = today(logR);
    const move = (log + Math.log(d2)) / first;
    logR = Math.min(4, Math.max(-6.5, logR - move));
    if (Math.abs(move) < 1e-9) break;
  }
  const { first, second } = today(logR);
  return { radius: Math.exp(logR), slope: -3 - first, curvature: -second };
}
