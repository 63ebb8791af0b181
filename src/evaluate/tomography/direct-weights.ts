import { counted } from "../../counted.ts";
import { isPauli, labelsOf } from "../../data/measurements/setting.ts";
import { inputError, usageError } from "../../error.ts";
import { symmetricEigen } from "../../stats/symmetric-eigen.ts";
import type { Tally } from "../../tomography/counts.ts";
import { fromParities, pauliMeans, signsOf, stringsOf } from "../../tomography/pauli-means.ts";

/** A linear unbiased estimator: Σ over settings and outcomes of weight times count. */
export interface DirectWeights {
  /** `[settings, 2^N]`: what a shot counts for, by its outcome. */
  readonly weights: Float64Array;
  /**
   * Deviation of a shot, for settings with too few shots to see their spread: `weights` minus the `centres`
   * of its setting, from the estimates of all settings together. Strings of n shots are widened by n/(n − 1);
   * a string of a single shot deviates from 0.
   */
  readonly residuals: { readonly weights: Float64Array; readonly centres: Float64Array };
}

/** Maximum number of qubits for settings with arbitrary axes. */
const mostGeneral = 4;

/**
 * Returns the weights that estimate Σ_P t_P Tr(Pρ) with coefficients `t`, `[4^N]`, without bias: least
 * squares over all shots, so that a Pauli string is averaged over every shot that measured it. Throws
 * AnsatzError (input) if the settings leave part of it undetermined, naming strings, (usage) for axes other
 * than X, Y and Z with more than 4 qubits.
 */
export function directWeights(tally: Tally, t: Float64Array): DirectWeights {
  const pauli = pauliMeans(tally);
  if (!pauli) return generalWeights(tally, t);
  const { qubits, settings, shotsOf } = tally;
  const outcomes = 2 ** qubits;
  const unknown = [...t.keys()].filter((i) => Math.abs(t[i]!) > 1e-12 && !(pauli.shots[i]! > 0));
  if (unknown.length > 0) throw undetermined(tally, unknown);
  const signs = signsOf(tally);
  const places = new Uint32Array(outcomes);
  const weights = new Float64Array(settings.length * outcomes);
  const wide = new Float64Array(settings.length * outcomes);
  const centres = new Float64Array(settings.length);
  settings.forEach((setting, s) => {
    if (shotsOf[s] === 0) return;
    stringsOf(labelsOf(setting), places);
    const own = weights.subarray(s * outcomes, (s + 1) * outcomes);
    const residual = wide.subarray(s * outcomes, (s + 1) * outcomes);
    for (let subset = 0; subset < outcomes; subset++) {
      const place = places[subset]!;
      if (Math.abs(t[place]!) <= 1e-12) continue;
      const n = pauli.shots[place]!;
      own[subset] = t[place]! / n;
      residual[subset] = own[subset]! * (n > 1 ? Math.sqrt(n / (n - 1)) : 1);
      if (n > 1) centres[s]! += residual[subset]! * pauli.means[place]!;
    }
    fromParities(own, signs);
    fromParities(residual, signs);
  });
  return { weights, residuals: { weights: wide, centres } };
}

function undetermined({ name, qubits }: Tally, places: readonly number[]): Error {
  const text = (place: number) => {
    let [out, rest] = ["", place];
    for (let q = 0; q < qubits; q++) {
      out = "IXYZ"[rest % 4] + out;
      rest = Math.floor(rest / 4);
    }
    return out;
  };
  const shown = places.slice(0, 3).map(text).join(", ");
  return inputError(
    `${name}: the settings leave ${counted(places.length, "Pauli string")} of this undetermined ` +
      `(${shown}${places.length > 3 ? ", ..." : ""}); measure settings that contain them`,
  );
}

/** The same for arbitrary axes: the frame operator of all shots is inverted on its support. */
function generalWeights(tally: Tally, t: Float64Array): DirectWeights {
  const { qubits, settings, counts, shotsOf, name } = tally;
  if (qubits > mostGeneral)
    throw usageError(
      `${name}: direct estimators take any axes up to ${mostGeneral} qubits, and X, Y and Z beyond; these are ${qubits} in other axes`,
    );
  const [outcomes, size] = [2 ** qubits, 4 ** qubits];
  const rows = rowsOf(tally);
  const frame = new Float64Array(size * size);
  const seen = new Float64Array(size);
  for (let r = 0; r < settings.length * outcomes; r++) {
    const shots = shotsOf[Math.floor(r / outcomes)]!;
    for (let i = 0; i < size; i++) {
      seen[i]! += counts[r]! * rows[r * size + i]!;
      for (let j = 0; j < size; j++)
        frame[i * size + j]! += shots * rows[r * size + i]! * rows[r * size + j]!;
    }
  }
  const { values, vectors } = symmetricEigen(frame, size);
  const solve = (b: Float64Array): { x: Float64Array; rest: number } => {
    const x = new Float64Array(size);
    let rest = 0;
    values.forEach((value, k) => {
      let along = 0;
      for (let i = 0; i < size; i++) along += vectors[k * size + i]! * b[i]!;
      if (value <= 1e-10 * values[0]!) rest += along ** 2;
      else for (let i = 0; i < size; i++) x[i]! += (along / value) * vectors[k * size + i]!;
    });
    return { x, rest };
  };
  const dual = solve(t);
  if (dual.rest > 1e-16 * t.reduce((sum, v) => sum + v * v, 0))
    throw inputError(`${name}: the settings leave part of this undetermined; measure along more axes`);
  const means = solve(seen).x;
  const weights = new Float64Array(settings.length * outcomes);
  const centres = new Float64Array(settings.length);
  for (let r = 0; r < weights.length; r++) {
    let p = 0;
    for (let i = 0; i < size; i++) {
      weights[r]! += rows[r * size + i]! * dual.x[i]!;
      p += rows[r * size + i]! * means[i]!;
    }
    centres[Math.floor(r / outcomes)]! += p * weights[r]!;
  }
  return { weights, residuals: { weights, centres } };
}

/** `[settings, 2^N, 4^N]`: each probability as coefficients of the Pauli means. */
function rowsOf({ qubits, settings, confusion }: Tally): Float64Array {
  const [outcomes, size] = [2 ** qubits, 4 ** qubits];
  const out = new Float64Array(settings.length * outcomes * size);
  settings.forEach(({ axes }, s) => {
    for (let a = 0; a < outcomes; a++) {
      let row: number[] = [1];
      for (let q = 0; q < qubits; q++) {
        const bit = (a >> (qubits - 1 - q)) & 1;
        const read = (t: number) => confusion?.[4 * q + 2 * bit + t] ?? (bit === t ? 1 : 0);
        const [mean, slope] = [(read(0) + read(1)) / 2, (read(0) - read(1)) / 2];
        const own = [mean, slope * axes[3 * q]!, slope * axes[3 * q + 1]!, slope * axes[3 * q + 2]!];
        row = row.flatMap((v) => own.map((w) => v * w));
      }
      out.set(row, (s * outcomes + a) * size);
    }
  });
  return out;
}

/** Whether direct estimators exist for these settings at all. */
export const hasDirectEstimators = ({ qubits, settings }: Pick<Tally, "qubits" | "settings">): boolean =>
  qubits <= mostGeneral || settings.every(isPauli);
