import { usageError } from "../error.ts";
import { type ComplexMatrix, hermitianEigenvalues } from "../stats/hermitian-eigen.ts";

/** Returns |ψ⟩⟨ψ| of amplitudes, which are normalised; omit `im` for real ones. */
export function pureState(re: ArrayLike<number>, im?: ArrayLike<number>): ComplexMatrix {
  const n = re.length;
  let norm = 0;
  for (let i = 0; i < n; i++) norm += re[i]! ** 2 + (im?.[i] ?? 0) ** 2;
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const [a, b, c, d] = [re[i]!, im?.[i] ?? 0, re[j]!, im?.[j] ?? 0];
      out.re[i * n + j] = (a * c + b * d) / norm;
      out.im[i * n + j] = (b * c - a * d) / norm;
    }
  return out;
}

/** Tr(AB) of Hermitian matrices. */
export function overlap(a: ComplexMatrix, b: ComplexMatrix): number {
  let sum = 0;
  for (let i = 0; i < a.re.length; i++) sum += a.re[i]! * b.re[i]! + a.im[i]! * b.im[i]!;
  return sum;
}

/** A state with its qubits in the opposite order, last qubit first: rows and columns by reversed bits. */
export function mirroredState({ n, re, im }: ComplexMatrix): ComplexMatrix {
  const qubits = Math.round(Math.log2(n));
  const reversed = Uint32Array.from({ length: n }, (_, i) => {
    let out = 0;
    for (let q = 0; q < qubits; q++) out = 2 * out + ((i >> q) & 1);
    return out;
  });
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const from = reversed[i]! * n + reversed[j]!;
      out.re[i * n + j] = re[from]!;
      out.im[i * n + j] = im[from]!;
    }
  return out;
}

/** Throws AnsatzError (usage) for a matrix that is no state: a negative eigenvalue, or another trace than 1; `name` is its. */
export function requireState(rho: ComplexMatrix, name: string): void {
  let trace = 0;
  for (let i = 0; i < rho.n; i++) trace += rho.re[i * rho.n + i]!;
  const least = hermitianEigenvalues(rho).at(-1)!;
  if (Math.abs(trace - 1) <= 1e-6 && least >= -1e-8) return;
  const what =
    least < -1e-8 ? `an eigenvalue of ${least.toPrecision(3)}` : `the trace ${trace.toPrecision(6)}`;
  throw usageError(`${name} has ${what}: it is no state, so it has no fidelity; make it physical first`);
}

/** Whether a state is pure: Tr ρ² is 1 to 1e-6. */
export const isPureState = (rho: ComplexMatrix): boolean => Math.abs(overlap(rho, rho) - 1) <= 1e-6;
