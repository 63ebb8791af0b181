import type { ComplexArray } from "../../data/measurements/index.ts";
import { usageError } from "../../error.ts";

/** A pure state: 2^N amplitudes in double precision, of norm 1. Qubit 0 is the most significant digit of an index, 0 is spin up along z. */
export type PureState = ComplexArray;

/** A density matrix `[2^N, 2^N]`, row-major: ρ_ij = re + i·im. */
export type DensityMatrix = ComplexArray;

/** Maximum number of qubits of a density matrix: 65,536 elements. */
const mostMixed = 8;

/** All amplitudes 0. */
export function emptyState(qubits: number): { qubits: number; re: Float64Array; im: Float64Array } {
  return { qubits, re: new Float64Array(2 ** qubits), im: new Float64Array(2 ** qubits) };
}

/** The density matrix |ψ⟩⟨ψ| of a pure state of at most 8 qubits; throws a usage error for more. */
export function densityOf({ qubits, re, im }: PureState): DensityMatrix {
  if (qubits > mostMixed)
    throw usageError(`density matrices have at most ${mostMixed} qubits, not ${qubits}`);
  const n = re.length;
  const out = { qubits, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      out.re[i * n + j] = re[i]! * re[j]! + im[i]! * im[j]!;
      out.im[i * n + j] = im[i]! * re[j]! - re[i]! * im[j]!;
    }
  return out;
}
