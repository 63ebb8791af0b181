import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { BornTree } from "../../tomography/born-tree.ts";
import type { Tally } from "../../tomography/counts.ts";
import { toPauli } from "../../tomography/pauli.ts";
import { mirroredState } from "../../tomography/states.ts";
import { bestMixture, type NoisyTarget } from "../white-noise.ts";

/** {@link NoisyTarget} of a state as given, and with its qubits in the opposite order. */
export interface NoisyTargetOrders {
  /** For the state as given. */
  readonly asGiven: NoisyTarget;
  /** For the state with its qubits in the opposite order. */
  readonly mirrored: NoisyTarget;
}

/**
 * Returns the likelihood of shots under (1 − w)ρ + w/2^N with the best w, for a state in both orders of its
 * qubits. Noise is needed since a pure state alone excludes outcomes.
 */
export function noisyTargetOrders(rho: ComplexMatrix, tally: Tally): NoisyTargetOrders {
  const tree = new BornTree(tally, (s) => tally.shotsOf[s]! > 0);
  const mixed = new Float64Array(4 ** tally.qubits);
  mixed[0] = 1;
  const flat = tree.probabilities(mixed).slice();
  const of = (state: ComplexMatrix) => bestOf(tree.probabilities(toPauli(state)), flat, tally);
  return { asGiven: of(rho), mirrored: of(mirroredState(rho)) };
}

/** Uses only the outcomes that were seen; the others add nothing. */
function bestOf(all: Float64Array, flat: Float64Array, { counts }: Tally): NoisyTarget {
  const seen = Uint32Array.from(counts.keys()).filter((i) => counts[i]! > 0);
  const ofSeen = (of: Float64Array) => Float64Array.from(seen, (i) => of[i]!);
  return bestMixture(ofSeen(counts), ofSeen(all), ofSeen(flat));
}
