import { isPauli, labelsOf } from "../../data/measurements/setting.ts";
import { usageError } from "../../error.ts";
import type { Estimate } from "../../stats/estimate.ts";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import type { Tally } from "../../tomography/counts.ts";
import { toPauli } from "../../tomography/pauli.ts";
import { fromParities, pauliMeans, signsOf, stringsOf } from "../../tomography/pauli-means.ts";
import { isPureState, overlap } from "../../tomography/states.ts";
import { directWeights } from "./direct-weights.ts";

/** An unbiased estimate that is linear in the counts. */
export interface DirectEstimate extends Estimate {
  /**
   * `sampling`: the spread of the shots, within each setting if all have two shots or more. `bound`: every
   * shot gave the same value, as for a perfect stabiliser state, and there is no spread; the error is then
   * the exact one-sided bound of 84 %.
   */
  readonly by: "sampling" | "bound";
}

/** ln of 1/0.1587, the probability beyond one standard deviation on one side. */
const oneSided = 1.8407;

/**
 * Σ_P t_P Tr(Pρ) from the counts alone, with its standard error: unbiased whatever the state, for any axes that determine it. Throws
 * as {@link directWeights}.
 *
 * Where no shot deviates, failures of probability q_s in setting s would have stayed unseen with probability Π(1 − q_s)^{n_s}, so that
 * at confidence 1 − α the value is off by at most D ln(1/α), D the largest change that one shot could make.
 */
export function directMean(tally: Tally, t: Float64Array): DirectEstimate {
  const { counts, shotsOf, qubits } = tally;
  const outcomes = 2 ** qubits;
  const { weights, residuals } = directWeights(tally, t);
  let value = 0;
  for (let i = 0; i < weights.length; i++) value += weights[i]! * counts[i]!;
  const within = shotsOf.every((n) => n !== 1);
  const spreads = within ? weights : residuals.weights;
  let [square, largest, change] = [0, 0, 0];
  shotsOf.forEach((n, s) => {
    if (n === 0) return;
    let [sum, spread] = [0, 0];
    for (let a = s * outcomes; a < (s + 1) * outcomes; a++) sum += counts[a]! * weights[a]!;
    const centre = within ? sum / n : residuals.centres[s]!;
    for (let a = s * outcomes; a < (s + 1) * outcomes; a++) {
      const off = spreads[a]! - centre;
      spread += counts[a]! * off * off;
      change = Math.max(change, Math.abs(off));
      largest = Math.max(largest, Math.abs(weights[a]!));
    }
    square += within ? (n * spread) / (n - 1) : spread;
  });
  const isConstant = square <= (1e-12 * largest) ** 2 * tally.shots;
  return isConstant
    ? { value, error: change * oneSided, by: change > 1e-12 * largest ? "bound" : "sampling" }
    : { value, error: Math.sqrt(square), by: "sampling" };
}

/**
 * ⟨ψ|ρ|ψ⟩ of a pure `target`, which is the (squared) fidelity to it; see {@link directMean}. Throws AnsatzError (usage) for a mixed
 * target, to which the fidelity is not linear in ρ.
 */
export function directFidelity(tally: Tally, target: ComplexMatrix): DirectEstimate {
  requirePure(target);
  return directMean(
    tally,
    toPauli(target).map((x) => x / target.n),
  );
}

function requirePure(target: ComplexMatrix): void {
  if (!isPureState(target))
    throw usageError(
      `the target has the purity ${overlap(target, target).toPrecision(3)}: direct estimates of the fidelity are to a pure state; take that of maximum likelihood`,
    );
}

/** The mean of each Pauli string that was measured, with its error; NaN for the others. Undefined for axes other than X, Y and Z. */
export function pauliEstimates(
  tally: Tally,
): { readonly means: Float64Array; readonly errors: Float64Array; readonly shots: Float64Array } | undefined {
  const first = pauliMeans(tally);
  if (!first) return undefined;
  const { means, shots } = first;
  const signs = signsOf(tally);
  // Squares of what a shot counts for: 1 without confusion.
  const squares = tally.confusion
    ? pauliMeans(
        tally,
        signs.map((v) => v * v),
      )!.means
    : undefined;
  const errors = means.map((mean, i) => {
    const variance = ((squares?.[i] ?? 1) - mean * mean) / (shots[i]! - 1);
    return i === 0
      ? 0
      : variance > 0
        ? Math.sqrt(variance)
        : shots[i]! > 0
          ? (2 * oneSided) / shots[i]!
          : Number.NaN;
  });
  return { means, errors, shots };
}

/**
 * The fidelity to a pure target by classical shadows, a baseline: the mean over shots of ⟨ψ|⊗(3|v⟩⟨v| − 1)|ψ⟩ with the spread of shots
 * as its error. It assumes that settings were drawn uniformly from all 3^N; undefined for axes other than X, Y and Z.
 *
 * Source: Huang, Kueng & Preskill, Nat. Phys. 16 (2020) 1050.
 */
export function shadowFidelity(tally: Tally, target: ComplexMatrix): Estimate | undefined {
  requirePure(target);
  const weights = shadowWeights(tally, target);
  if (!weights) return undefined;
  let [sum, square] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    sum += tally.counts[i]! * weights[i]!;
    square += tally.counts[i]! * weights[i]! ** 2;
  }
  const value = sum / tally.shots;
  return { value, error: Math.sqrt((square / tally.shots - value * value) / (tally.shots - 1)) };
}

/**
 * `[settings, 2^N]`: the contribution of a shot to the fidelity, by inverting the channel of random Pauli
 * settings.
 */
function shadowWeights(
  { qubits, settings, confusion }: Tally,
  target: ComplexMatrix,
): Float64Array | undefined {
  if (!settings.every(isPauli)) return undefined;
  const outcomes = 2 ** qubits;
  const t = toPauli(target);
  const signs = signsOf({ qubits, confusion });
  const places = new Uint32Array(outcomes);
  const weights = new Float64Array(settings.length * outcomes);
  settings.forEach((setting, s) => {
    stringsOf(labelsOf(setting), places);
    const own = weights.subarray(s * outcomes, (s + 1) * outcomes);
    for (let subset = 0; subset < outcomes; subset++) {
      let inverse = 1 / outcomes;
      for (let q = 0; q < qubits; q++) if ((subset >> q) & 1) inverse *= 3;
      own[subset] = inverse * t[places[subset]!]!;
    }
    fromParities(own, signs);
  });
  return weights;
}
