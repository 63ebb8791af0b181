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
  // Both sides of a way have the same coefficients: the smaller one is taken, each way once.
  for (let part = 1; part < target.n - 1; part++) {
    const size = subsetSize(part);
    if (2 * size > qubits || (2 * size === qubits && part % 2 === 1)) continue;
    bound = Math.max(bound, hermitianEigenvalues(reduced(target, part, qubits))[0]!);
  }
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

/** All indices with no bits outside `mask`. */
function subsets(mask: number, qubits: number): number[] {
  return Array.from({ length: 2 ** qubits }, (_, i) => i).filter((i) => (i & ~mask) === 0);
}

function subsetSize(mask: number): number {
  let size = 0;
  for (let rest = mask; rest > 0; rest >>= 1) size += rest & 1;
  return size;
}
