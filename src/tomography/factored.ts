import { type ComplexMatrix, hermitianEigen } from "../stats/hermitian-eigen.ts";
import type { BornTree } from "./born-tree.ts";
import type { Tally } from "./counts.ts";
import { pauliSum, toPauli } from "./pauli.ts";

/** A n × r complex matrix as real numbers: the real parts row by row, then the imaginary parts. */
export type Factor = Float64Array;

/** ρ = AA† / Tr AA†. */
export function densityOf(factor: Factor, n: number): ComplexMatrix {
  const r = factor.length / (2 * n);
  const half = n * r;
  const re = new Float64Array(n * n);
  const im = new Float64Array(n * n);
  let trace = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let [a, b] = [0, 0];
      for (let k = 0, x = i * r, y = j * r; k < r; k++, x++, y++) {
        const [xr, xi, yr, yi] = [factor[x]!, factor[half + x]!, factor[y]!, factor[half + y]!];
        a += xr * yr + xi * yi;
        b += xi * yr - xr * yi;
      }
      re[i * n + j] = a;
      re[j * n + i] = a;
      im[i * n + j] = b;
      im[j * n + i] = -b;
      if (i === j) {
        trace += a;
        im[i * n + i] = 0;
      }
    }
  for (let i = 0; i < n * n; i++) {
    re[i] = re[i]! / trace;
    im[i] = im[i]! / trace;
  }
  return { n, re, im };
}

/** A factor of rank at most `rank` of a state: eigenvectors times the roots of their eigenvalues. */
export function factorOf(rho: ComplexMatrix, rank: number): Factor {
  const { n } = rho;
  const { values, vectors } = hermitianEigen(rho);
  const out = new Float64Array(2 * n * rank);
  for (let k = 0; k < rank; k++) {
    const root = Math.sqrt(Math.max(values[k]!, 0));
    for (let i = 0; i < n; i++) {
      out[i * rank + k] = root * vectors.re[k * n + i]!;
      out[n * rank + i * rank + k] = root * vectors.im[k * n + i]!;
    }
  }
  return out;
}

/** Minus the mean log-likelihood of a factor in nats a shot; its derivatives go to `gradient`. */
export function factoredLoss(tree: BornTree, data: Tally): (a: Factor, gradient: Factor) => number {
  const n = 2 ** tree.qubits;
  const slopes = new Float64Array(n * n);
  return (a, gradient) => {
    const x = toPauli(densityOf(a, n));
    const loss = tree.loss(x, data, slopes);
    if (!Number.isFinite(loss)) return Number.POSITIVE_INFINITY;
    let overlap = 0;
    for (let i = 0; i < x.length; i++) overlap += x[i]! * slopes[i]!;
    multiply(pauliSum(slopes), overlap, a, gradient);
    return loss;
  };
}

/**
 * gradient = 2 (G − overlap) A / Tr AA†: the derivative of a function of ρ = AA†/Tr AA† with the derivative G
 * by ρ.
 */
function multiply({ n, re, im }: ComplexMatrix, overlap: number, a: Factor, gradient: Factor): void {
  const r = a.length / (2 * n);
  const half = n * r;
  let trace = 0;
  for (let i = 0; i < a.length; i++) trace += a[i]! * a[i]!;
  const scale = 2 / trace;
  gradient.fill(0);
  for (let i = 0; i < n; i++) {
    const to = i * r;
    for (let j = 0; j < n; j++) {
      const g = scale * (re[i * n + j]! - (i === j ? overlap : 0));
      const h = scale * im[i * n + j]!;
      for (let k = 0, x = to, y = j * r; k < r; k++, x++, y++) {
        gradient[x]! += g * a[y]! - h * a[half + y]!;
        gradient[half + x]! += g * a[half + y]! + h * a[y]!;
      }
    }
  }
}
