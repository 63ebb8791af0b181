import { usageError } from "../../error.ts";
import type { Tally } from "../../tomography/counts.ts";
import { pureState } from "../../tomography/states.ts";
import { type DirectEstimate, directFidelity } from "./direct.ts";

/** An entanglement witness: its mean is 0 or more for every state in which not all qubits are entangled. */
export interface Witness extends DirectEstimate {
  /** Its largest fidelity to the target of a state that is not: the mean is this less the fidelity. */
  readonly bound: number;
  /** The fidelity to the target, with the same error. */
  readonly fidelity: number;
}

/**
 * The mean of ½ − |GHZ⟩⟨GHZ| by the direct estimator, |GHZ⟩ = (|0…0⟩ + e^{iφ} |1…1⟩)/√2: below 0 all qubits are entangled. Throws as
 * `directFidelity`, AnsatzError (usage) for a single qubit.
 *
 * Source: Gühne & Tóth, Phys. Rep. 474 (2009) 1, section 6.1.
 */
export function ghzWitness(tally: Tally, phase = 0): Witness {
  const n = requireSeveral(tally);
  const [re, im] = [new Float64Array(n), new Float64Array(n)];
  re[0] = 1;
  re[n - 1] = Math.cos(phase);
  im[n - 1] = Math.sin(phase);
  return witness(tally, re, im, 1 / 2);
}

/**
 * Returns the mean of (N − 1)/N − |W⟩⟨W| by the direct estimator, |W⟩ = Σ_q e^{iφ_q} |1 at qubit q⟩/√N, with
 * `phases` φ (default 0): below 0 all qubits are entangled. Throws as {@link ghzWitness}, and if the number
 * of phases is not that of qubits.
 *
 * Source: Gühne & Tóth, Phys. Rep. 474 (2009) 1, section 6.1.
 */
export function wWitness(tally: Tally, phases?: readonly number[]): Witness {
  const n = requireSeveral(tally);
  const { qubits, name } = tally;
  if (phases && phases.length !== qubits)
    throw usageError(`${name}: the W state of ${qubits} qubits has ${qubits} phases, not ${phases.length}`);
  const [re, im] = [new Float64Array(n), new Float64Array(n)];
  for (let q = 0; q < qubits; q++) {
    re[2 ** (qubits - 1 - q)] = Math.cos(phases?.[q] ?? 0);
    im[2 ** (qubits - 1 - q)] = Math.sin(phases?.[q] ?? 0);
  }
  return witness(tally, re, im, (qubits - 1) / qubits);
}

function witness(tally: Tally, re: Float64Array, im: Float64Array, bound: number): Witness {
  const { value: fidelity, error, by } = directFidelity(tally, pureState(re, im));
  return { value: bound - fidelity, error, by, bound, fidelity };
}

function requireSeveral({ qubits, name }: Tally): number {
  if (qubits < 2) throw usageError(`${name}: one qubit has no other to be entangled with`);
  return 2 ** qubits;
}
