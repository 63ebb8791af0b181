/** The Hamiltonian of a transverse-field Ising chain with open ends, H = −J Σ Z_q Z_{q+1} − h Σ X_q, of N qubits. */
export interface IsingChain {
  /** Number of qubits, N. */
  readonly qubits: number;
  /** Coupling of neighbours. */
  readonly J: number;
  /** Transverse field. */
  readonly h: number;
  /** `[2^N]`: the energy −J Σ Z Z of each basis state. */
  readonly diagonal: Float64Array;
  /** Half the width of the spectrum at most: |J|(N − 1) + |h|N. */
  readonly bound: number;
}

/** The chain of given couplings. */
export function isingChain(qubits: number, J: number, h: number): IsingChain {
  const diagonal = new Float64Array(2 ** qubits);
  for (let i = 0; i < diagonal.length; i++) {
    // Bits that differ from the next one.
    let walls = 0;
    for (let q = 0; q + 1 < qubits; q++) walls += ((i >> q) ^ (i >> (q + 1))) & 1;
    diagonal[i] = -J * (qubits - 1 - 2 * walls);
  }
  return { qubits, J, h, diagonal, bound: Math.abs(J) * (qubits - 1) + Math.abs(h) * qubits };
}

/** Writes H·`vector` to `out`; real vectors of 2^N numbers. */
export function applyChain({ diagonal, h }: IsingChain, vector: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = diagonal[i]! * vector[i]!;
  for (let step = 1; step < out.length; step *= 2)
    for (let block = 0; block < out.length; block += 2 * step)
      for (let i = block; i < block + step; i++) {
        out[i]! -= h * vector[i + step]!;
        out[i + step]! -= h * vector[i]!;
      }
}
