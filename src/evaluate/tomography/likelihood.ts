import type { Estimate } from "../../stats/estimate.ts";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { BornTree } from "../../tomography/born-tree.ts";
import type { Tally } from "../../tomography/counts.ts";
import { toPauli } from "../../tomography/pauli.ts";
import { mirroredState } from "../../tomography/states.ts";

/**
 * Returns the mean log-likelihood of a shot under a state in nats, with its standard error; −∞ if a shot was
 * impossible.
 */
export function logLikelihoodPerShot(rho: ComplexMatrix, tally: Tally): Estimate {
  const tree = new BornTree(tally, (s) => tally.shotsOf[s]! > 0);
  const probabilities = tree.probabilities(toPauli(rho));
  let [sum, square] = [0, 0];
  tally.counts.forEach((n, i) => {
    if (n === 0) return;
    const log = Math.log(Math.max(probabilities[i]!, 0));
    sum += n * log;
    square += n * log * log;
  });
  const value = sum / tally.shots;
  const error = Math.sqrt(Math.max(square / tally.shots - value * value, 0) / Math.max(tally.shots - 1, 1));
  return { value, error: Number.isFinite(value) ? error : Number.NaN };
}

/**
 * The log-likelihood of all shots in nats under a state as given, and with its qubits in the opposite order.
 */
export interface BothOrders {
  /** With the qubits in the given order. */
  readonly asGiven: number;
  /** With the qubits in the opposite order. */
  readonly mirrored: number;
  /** Nats by which the given order is likelier. */
  readonly wonBy: number;
}

/**
 * Returns the likelihoods of both orders of the qubits; if the order of the data is uncertain, the likelier
 * is the better guess.
 */
export function bothOrders(rho: ComplexMatrix, tally: Tally): BothOrders {
  const asGiven = logLikelihoodPerShot(rho, tally).value * tally.shots;
  const mirrored = logLikelihoodPerShot(mirroredState(rho), tally).value * tally.shots;
  return { asGiven, mirrored, wonBy: asGiven === mirrored ? 0 : asGiven - mirrored };
}
