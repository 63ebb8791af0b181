import { type NDArray, ndarray } from "../../../src/array.ts";
import {
  inverted,
  lowerRoot,
  type Matrix,
  plusIdentity,
  quadratic,
  times,
  toMatrix,
  traceOf,
  transposed,
} from "../matrix.ts";
import type { GeneratorParameters } from "./linear-gaussian.ts";
import type { PpcaParameters } from "./ppca.ts";

// Everything here is the algebra of Gaussians in double precision, by dense matrices: what the graphs are held against.

/** W and σ². */
function generatorOf({ loading, logNoise }: GeneratorParameters): { weight: Matrix; variance: number } {
  const [n, latent] = loading.shape as readonly [number, number];
  return { weight: toMatrix(loading.data, n, latent), variance: Math.exp(2 * (logNoise.data[0] as number)) };
}

/** The covariance of rows, W Wᵀ + σ². */
export function covarianceOf(parameters: GeneratorParameters): Matrix {
  const { weight, variance } = generatorOf(parameters);
  return plusIdentity(times(weight, transposed(weight)), variance);
}

/** Rows less their means, x − μ − C c. */
function residuals({ mean, shift }: GeneratorParameters, x: NDArray, context?: NDArray<"f32">): number[][] {
  const rows = x.shape[0] as number;
  const n = mean.data.length;
  const width = shift ? (shift.shape[1] as number) : 0;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: n }, (_, i) => {
      let own = Number(x.data[row * n + i]) - (mean.data[i] as number);
      for (let k = 0; k < width; k++)
        own -= (shift?.data[i * width + k] as number) * (context?.data[row * width + k] as number);
      return own;
    }),
  );
}

/** log P of each row, nats. */
export function logProb(p: GeneratorParameters, x: NDArray, context?: NDArray<"f32">): Float64Array {
  const covariance = covarianceOf(p);
  const { inverse, logDet } = inverted(covariance);
  const constant = covariance.length * Math.log(2 * Math.PI) + logDet;
  return Float64Array.from(residuals(p, x, context), (r) => -0.5 * (quadratic(r, inverse) + constant));
}

/** Rows as numbers that are independent and standard normal if the rows are the model's, `[rows][sites]`. */
export function whitened(p: GeneratorParameters, x: NDArray, context?: NDArray<"f32">): number[][] {
  const root = lowerRoot(covarianceOf(p));
  return residuals(p, x, context).map((row) => {
    const out: number[] = [];
    for (const [i, v] of row.entries()) {
      const rest = out.reduce((s, w, k) => s + w * (root[i]?.[k] as number), 0);
      out.push((v - rest) / (root[i]?.[i] as number));
    }
    return out;
  });
}

/** The posterior of z: N(A (x − μ), S) with A = M⁻¹ Wᵀ, S = σ² M⁻¹, M = Wᵀ W + σ² (Tipping & Bishop 1999, equation 13). */
function posteriorOf(p: GeneratorParameters): { map: Matrix; covariance: Matrix } {
  const { weight, variance } = generatorOf(p);
  const { inverse } = inverted(plusIdentity(times(transposed(weight), weight), variance));
  return {
    map: times(inverse, transposed(weight)),
    covariance: inverse.map((row) => row.map((v) => v * variance)),
  };
}

const floats = (a: Matrix) => Float32Array.from(a.flat());

/** The parameters with the posterior as encoder, its means moved by `shift` and its noise stretched by `stretch`. */
export function withPosterior(p: PpcaParameters, shift = 0, stretch = 1): PpcaParameters {
  const { map, covariance } = posteriorOf(p);
  const root = lowerRoot(covariance);
  const latent = root.length;
  const { weight, lower } = p.encoder;
  return {
    ...p,
    encoder: {
      weight: { ...weight, data: floats(map) },
      offset: ndarray("f32", [latent], new Float32Array(latent).fill(shift)),
      diagonal: ndarray(
        "f32",
        [latent],
        Float32Array.from(root, (row, i) => Math.log(stretch * (row[i] as number))),
      ),
      lower: { ...lower, data: floats(root.map((row, i) => row.map((v, j) => (j < i ? stretch * v : 0)))) },
    },
  };
}

/** KL(q ‖ posterior) of each row, nats: what the mean of the bound lies below log P. */
export function gap(p: PpcaParameters, x: NDArray, context?: NDArray<"f32">): Float64Array {
  const { weight, offset, diagonal, lower } = p.encoder;
  const [latent, n] = weight.shape as readonly [number, number];
  const { map, covariance } = posteriorOf(p);
  const { inverse, logDet } = inverted(covariance);
  const own = toMatrix(weight.data, latent, n);
  const root = toMatrix(lower.data, latent, latent).map((row, i) =>
    row.map((v, j) => (i === j ? Math.exp(diagonal.data[i] as number) : v)),
  );
  const logVolume = 2 * diagonal.data.reduce((s, v) => s + v, 0);
  const spread = traceOf(times(inverse, times(root, transposed(root)))) - latent + logDet - logVolume;
  return Float64Array.from(residuals(p, x, context), (r) => {
    const missed = own.map(
      (row, i) =>
        (offset.data[i] as number) +
        row.reduce((s, v, j) => s + (v - (map[i]?.[j] as number)) * (r[j] as number), 0),
    );
    return 0.5 * (spread + quadratic(missed, inverse));
  });
}
