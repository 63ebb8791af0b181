import { usageError } from "../../error.ts";
import { type ComplexMatrix, hermitianEigen, hermitianEigenvalues } from "../../stats/hermitian-eigen.ts";
import { mirroredState, overlap, requireState } from "../../tomography/states.ts";

/** Tr ρ²: 1 for a pure state, 2^−N for the maximally mixed one. */
export const purity = (rho: ComplexMatrix): number => overlap(rho, rho);

/** −Tr ρ ln ρ in nats. */
export function entropy(rho: ComplexMatrix): number {
  return hermitianEigenvalues(rho).reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
}

/**
 * Returns (Tr √(√ρ σ √ρ))², the squared convention of the fidelity: 1 for equal states, and ⟨ψ|ρ|ψ⟩ if one is
 * pure. Throws AnsatzError (usage) if one of them is not a state.
 *
 * Source: Jozsa, J. Mod. Opt. 41 (1994) 2315.
 */
export function fidelity(rho: ComplexMatrix, sigma: ComplexMatrix): number {
  requireState(rho, "the first matrix");
  requireState(sigma, "the second matrix");
  const roots = hermitianEigenvalues(betweenRoots(rho, sigma));
  return roots.reduce((sum, v) => sum + Math.sqrt(Math.max(v, 0)), 0) ** 2;
}

/** The fidelity to a state with its qubits in the order as given and in the opposite one: data of either order are recognised by it. */
export interface BothFidelities {
  /** Qubits in the order as given. */
  readonly asGiven: number;
  /** Qubits in the opposite order. */
  readonly mirrored: number;
}

/** {@link fidelity} of `rho` to `sigma` in both orders of its qubits. */
export const bothFidelities = (rho: ComplexMatrix, sigma: ComplexMatrix): BothFidelities => ({
  asGiven: fidelity(rho, sigma),
  mirrored: fidelity(rho, mirroredState(sigma)),
});

/** √ρ σ √ρ in the eigenbasis of ρ. */
function betweenRoots(rho: ComplexMatrix, sigma: ComplexMatrix): ComplexMatrix {
  const { n } = rho;
  const { values, vectors } = hermitianEigen(rho);
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  const [x, y] = [new Float64Array(n), new Float64Array(n)];
  for (let l = 0; l < n; l++) {
    const right = Math.sqrt(Math.max(values[l]!, 0));
    for (let i = 0; i < n; i++) {
      let [a, b] = [0, 0];
      for (let j = 0; j < n; j++) {
        const [r, s] = [sigma.re[i * n + j]!, sigma.im[i * n + j]!];
        const [c, d] = [vectors.re[l * n + j]!, vectors.im[l * n + j]!];
        a += r * c - s * d;
        b += r * d + s * c;
      }
      x[i] = a;
      y[i] = b;
    }
    for (let k = l; k < n; k++) {
      const scale = right * Math.sqrt(Math.max(values[k]!, 0));
      let [a, b] = [0, 0];
      for (let i = 0; i < n; i++) {
        const [c, d] = [vectors.re[k * n + i]!, vectors.im[k * n + i]!];
        a += c * x[i]! + d * y[i]!;
        b += c * y[i]! - d * x[i]!;
      }
      out.re[k * n + l] = scale * a;
      out.im[k * n + l] = scale * b;
    }
  }
  return out;
}

/**
 * Half of what the absolute eigenvalues of the partial transpose sum to beyond 1: 0 for states that are separable between the qubits
 * `part` and the others, ½ for a Bell pair. Throws AnsatzError (usage) unless both parts have qubits.
 *
 * Source: Vidal & Werner, Phys. Rev. A 65 (2002) 032314.
 */
export function negativity(rho: ComplexMatrix, part: readonly number[]): number {
  const { n } = rho;
  const qubits = Math.round(Math.log2(n));
  if (part.length === 0 || part.length >= qubits || part.some((q) => !(q >= 0 && q < qubits && q % 1 === 0)))
    throw usageError(
      `negativity is between some of the qubits 0 to ${qubits - 1} and the others, not of [${part}]`,
    );
  const mask = part.reduce((bits, q) => bits | (1 << (qubits - 1 - q)), 0);
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const from = ((i & ~mask) | (j & mask)) * n + ((j & ~mask) | (i & mask));
      out.re[i * n + j] = rho.re[from]!;
      out.im[i * n + j] = rho.im[from]!;
    }
  return (hermitianEigenvalues(out).reduce((sum, v) => sum + Math.abs(v), 0) - 1) / 2;
}

/**
 * Wootters' concurrence of two qubits: 0 for separable states, 1 for a Bell pair.
 *
 * Source: Wootters, Phys. Rev. Lett. 80 (1998) 2245.
 */
export function concurrence(rho: ComplexMatrix): number {
  if (rho.n !== 4) throw usageError(`concurrence is of two qubits, not of ${Math.log2(rho.n)}`);
  // Both qubits flipped: (Y⊗Y) ρ* (Y⊗Y), where Y⊗Y has −1, 1, 1, −1 on the other diagonal.
  const signs = [-1, 1, 1, -1];
  const flipped = { n: 4, re: new Float64Array(16), im: new Float64Array(16) };
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) {
      const from = (3 - i) * 4 + (3 - j);
      const sign = signs[i]! * signs[j]!;
      flipped.re[4 * i + j] = sign * rho.re[from]!;
      flipped.im[4 * i + j] = -sign * rho.im[from]!;
    }
  const [a = 0, b = 0, c = 0, d = 0] = [...hermitianEigenvalues(betweenRoots(rho, flipped))].map((v) =>
    Math.sqrt(Math.max(v, 0)),
  );
  return Math.max(0, a - b - c - d);
}
