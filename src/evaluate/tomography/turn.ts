import { logFSurvival } from "../../stats/f-distribution.ts";
import { normalQuantile } from "../../stats/normal.ts";
import { symmetricEigen } from "../../stats/symmetric-eigen.ts";
import type { BornTree } from "../../tomography/born-tree.ts";
import type { Tally } from "../../tomography/counts.ts";

/** Whether qubits are turned between the first and the second half of the settings, in their order. */
export interface TurnTest {
  /** Hotelling's T² of the scores of all turns against the scores of the replicas. */
  readonly t2: number;
  /** Independent turns that were tested, at most 3 for each qubit. */
  readonly components: number;
  /** log₁₀ of the probability of so large a T² if one state gave all shots. */
  readonly log10P: number;
  /** The deviation of a normal variable that is as unlikely, one-sided. */
  readonly sigmas: number;
}

/**
 * Returns `[N, 3]`: the derivative of the log-likelihood of the later half of the settings with shots as each
 * qubit is turned about X, Y and Z, in nats per radian, for the state of Pauli coefficients `x`. For shots of
 * one state it is 0 except for chance.
 */
export function turnScores(tree: BornTree, tally: Tally, x: Float64Array): Float64Array {
  const { qubits, counts, shotsOf } = tally;
  const outcomes = 2 ** qubits;
  const used = [...shotsOf.keys()].filter((s) => shotsOf[s]! > 0);
  const later = new Set(used.slice(Math.ceil(used.length / 2)));
  const slopes = tree
    .probabilities(x)
    .map((p, i) => (counts[i]! > 0 && later.has(Math.floor(i / outcomes)) ? counts[i]! / p : 0));
  const gradient = tree.transposed(slopes);
  const scores = new Float64Array(3 * qubits);
  for (let q = 0; q < qubits; q++) {
    const unit = 4 ** (qubits - 1 - q);
    for (let i = 0; i < x.length; i++) {
      if (Math.floor(i / unit) % 4 !== 0) continue;
      for (let axis = 0; axis < 3; axis++) {
        // A turn about X takes Y to Z and Z to −Y, and so on in a cycle.
        const [from, to] = [i + (((axis + 1) % 3) + 1) * unit, i + (((axis + 2) % 3) + 1) * unit];
        scores[3 * q + axis]! += gradient[to]! * x[from]! - gradient[from]! * x[to]!;
      }
    }
  }
  return scores;
}

/** Smallest share of the largest variance; combinations below it are rounding errors. */
const leastShare = 1e-9;

/**
 * Tests whether the scores of data lie among the scores of replicas, which were drawn from one state;
 * undefined with fewer than 10 replicas beyond the number of turns. The replicas give mean and covariance;
 * their uncertainty enters by Hotelling's T².
 *
 * Source: Anderson, "An Introduction to Multivariate Statistical Analysis" (2003), section 5.3; the score
 * test: Rao, Proc. Camb. Phil. Soc. 44 (1948) 50.
 */
export function turnTest(scores: Float64Array, replicas: readonly Float64Array[]): TurnTest | undefined {
  const [n, width] = [replicas.length, scores.length];
  const mean = scores.map((_, j) => replicas.reduce((sum, own) => sum + own[j]!, 0) / n);
  const covariance = new Float64Array(width * width);
  for (const own of replicas)
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++)
        covariance[i * width + j]! += ((own[i]! - mean[i]!) * (own[j]! - mean[j]!)) / (n - 1);
  const { values, vectors } = symmetricEigen(covariance, width);
  const components = values.filter((v) => v > leastShare * values[0]!).length;
  if (components === 0 || n < components + 10) return undefined;
  let t2 = 0;
  for (let k = 0; k < components; k++) {
    let along = 0;
    for (let j = 0; j < width; j++) along += vectors[k * width + j]! * (scores[j]! - mean[j]!);
    t2 += along ** 2 / values[k]!;
  }
  const f = (t2 * n * (n - components)) / ((n * n - 1) * components);
  const logP = logFSurvival(f, components, n - components);
  return {
    ...{ t2, components, log10P: logP / Math.LN10 },
    sigmas: -normalQuantile(Math.exp(Math.max(logP, -700))),
  };
}
