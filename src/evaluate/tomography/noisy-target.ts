import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { BornTree } from "../../tomography/born-tree.ts";
import type { Tally } from "../../tomography/counts.ts";
import { toPauli } from "../../tomography/pauli.ts";
import { mirroredState } from "../../tomography/states.ts";

/** A state mixed with white noise so that shots are as likely as can be. */
export interface NoisyTarget {
  /** Log-likelihood of all shots in nats; −∞ where outcomes were seen that no mixture allows. */
  readonly logLikelihood: number;
  /** Share of white noise, 0 to 1. */
  readonly white: number;
}

/** {@link NoisyTarget} of a state as it is and with its qubits in the opposite order. */
export interface NoisyTargetOrders {
  /** Of the state as it is. */
  readonly asGiven: NoisyTarget;
  /** Of the state with its qubits in the opposite order. */
  readonly mirrored: NoisyTarget;
}

/** How likely shots are under (1 − w)ρ + w/2^N with the best w, for a state in both orders of its qubits: a pure one alone excludes outcomes. */
export function noisyTargetOrders(rho: ComplexMatrix, tally: Tally): NoisyTargetOrders {
  const tree = new BornTree(tally, (s) => tally.shotsOf[s]! > 0);
  const mixed = new Float64Array(4 ** tally.qubits);
  mixed[0] = 1;
  const flat = tree.probabilities(mixed).slice();
  const of = (state: ComplexMatrix) => bestMixture(tree.probabilities(toPauli(state)), flat, tally);
  return { asGiven: of(rho), mirrored: of(mirroredState(rho)) };
}

/** Steps of the bisection: w to 1e-15. */
const halvings = 50;

/** The log-likelihood is concave in w: its derivative is followed to zero. */
function bestMixture(all: Float64Array, flat: Float64Array, { counts }: Tally): NoisyTarget {
  const seen = Uint32Array.from(counts.keys()).filter((i) => counts[i]! > 0);
  const [n, p, u] = [counts, all, flat].map((of) => Float64Array.from(seen, (i) => of[i]!)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const at = (k: number, w: number) => (1 - w) * p[k]! + w * u[k]!;
  const slope = (w: number) => n.reduce((sum, count, k) => sum + (count * (u[k]! - p[k]!)) / at(k, w), 0);
  const logLikelihood = (w: number) =>
    n.reduce((sum, count, k) => sum + count * Math.log(Math.max(0, at(k, w))), 0);
  let [low, high] = [0, 1];
  for (let k = 0; k < halvings; k++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return [0, (low + high) / 2, 1]
    .map((white) => ({ white, logLikelihood: logLikelihood(white) }))
    .reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
}
