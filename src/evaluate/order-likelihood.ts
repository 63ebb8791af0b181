import { type Measurements, mirrored, outcomeCounts } from "../data/measurements/index.ts";
import { inputError } from "../error.ts";
import { misread } from "../systems/qubits/noise.ts";
import { BornTree, type ComplexMatrix, toPauli } from "../tomography/index.ts";
import { bestMixture, type NoisyTarget } from "./white-noise.ts";

/** {@link NoisyTarget} of the shots as declared, and with the qubits in the opposite order. */
export interface OrderFits {
  /** The declared order. */
  readonly declared: NoisyTarget;
  /** The opposite order of bits and settings. */
  readonly opposite: NoisyTarget;
}

/** Difference in nats of the log-likelihoods of both orders below which shots do not distinguish them. */
export const clearOrder = 3;

/** A state that shots are compared with. */
export interface OrderTarget {
  /** What to call it in messages. */
  readonly name: string;
  /** Number of qubits, N. */
  readonly qubits: number;
  /** `[2^N]`: the probability of each outcome, qubit 0 the most significant bit, measured along `axes`, `[N, 3]`. */
  probabilities(axes: Float64Array): ArrayLike<number>;
}

/** A density matrix (its rows and columns in the order of outcomes, qubit 0 the most significant bit) as a target. */
export function densityTarget(name: string, qubits: number, rho: ComplexMatrix): OrderTarget {
  const x = toPauli(rho);
  return {
    ...{ name, qubits },
    probabilities: (axes) => new BornTree({ qubits, settings: [{ name, axes }] }).probabilities(x),
  };
}

/** Maximum number of probabilities to compute: settings times 2^N. */
const mostProbabilities = 2 ** 28;

/**
 * The log-likelihoods of shots under a target in both orders of the qubits. The target is mixed with white noise, (1 − w)P + w/2^N,
 * since a pure one gives some outcomes of a real device the probability 0; w is fitted in each order.
 *
 * @throws AnsatzError (input) for another number of qubits, and for too many settings of too many qubits.
 */
export function orderFits(measurements: Measurements, target: OrderTarget): OrderFits {
  const { qubits, settings, name } = measurements;
  if (target.qubits !== qubits)
    throw inputError(`${name}: has ${qubits} qubits; the target ${target.name} has ${target.qubits}`);
  if (settings.length * 2 ** qubits > mostProbabilities)
    throw inputError(`${name}: ${settings.length} settings of ${qubits} qubits are too many to compare with`);
  return {
    declared: fitWhite(measurements, target),
    opposite: fitWhite(mirrored(measurements), target),
  };
}

/** The target with the share of white noise that explains the shots best. */
function fitWhite(measurements: Measurements, target: OrderTarget): NoisyTarget {
  const { qubits, settings, confusion } = measurements;
  const { bits, setting, count } = outcomeCounts(measurements);
  const flat = Float64Array.from({ length: 2 ** qubits }, () => 2 ** -qubits);
  const readout =
    confusion &&
    Array.from({ length: qubits }, (_, q) => ({
      axis: [0, 0, 1] as const,
      zeroOfZero: confusion[4 * q]!,
      zeroOfOne: confusion[4 * q + 1]!,
    }));
  if (readout) misread(flat, readout);
  const [p, u] = [new Float64Array(count.length), new Float64Array(count.length)];
  let at = -1;
  let own = flat;
  for (let k = 0; k < count.length; k++) {
    if (setting[k] !== at) {
      at = setting[k]!;
      own = Float64Array.from(target.probabilities(settings[at]!.axes));
      if (readout) misread(own, readout);
    }
    let outcome = 0;
    for (let q = 0; q < qubits; q++) outcome = 2 * outcome + bits[k * qubits + q]!;
    p[k] = own[outcome]!;
    u[k] = flat[outcome]!;
  }
  return bestMixture(count, p, u);
}
