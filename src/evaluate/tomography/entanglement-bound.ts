import { type ComplexMatrix, hermitianEigenvalues } from "../../stats/hermitian-eigen.ts";

/**
 * The largest fidelity to a pure `target` of any state in which some qubits are not entangled with the others: a larger one proves
 * that all are. ½ for GHZ states, (N − 1)/N for W states. It is the largest squared Schmidt coefficient over all ways to part the qubits.
 *
 * Source: Bourennane et al., Phys. Rev. Lett. 92 (2004) 087902.
 */
export function entanglementBound(target: ComplexMatrix): number {
  const qubits = Math.round(Math.log2(target.n));
  let bound = 0;
  // The last qubit is always among the others: each way once.
  for (let part = 2; part < target.n; part += 2)
    bound = Math.max(bound, hermitianEigenvalues(reduced(target, part, qubits))[0]!);
  return qubits === 1 ? 1 : bound;
}

/** The state of the qubits in the bits of `part`, the others traced out. */
function reduced({ n, re, im }: ComplexMatrix, part: number, qubits: number): ComplexMatrix {
  const kept = subsets(part, qubits);
  const traced = subsets(n - 1 - part, qubits);
  const m = kept.length;
  const out = { n: m, re: new Float64Array(m * m), im: new Float64Array(m * m) };
  kept.forEach((a, i) => {
    kept.forEach((b, j) => {
      for (const c of traced) {
        out.re[i * m + j]! += re[(a + c) * n + b + c]!;
        out.im[i * m + j]! += im[(a + c) * n + b + c]!;
      }
    });
  });
  return out;
}

/** All indices whose bits lie within `mask`. */
function subsets(mask: number, qubits: number): number[] {
  return Array.from({ length: 2 ** qubits }, (_, i) => i).filter((i) => (i & ~mask) === 0);
}
