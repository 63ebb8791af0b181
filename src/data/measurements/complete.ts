import { inputError } from "../../error.ts";
import { type Completeness, completenessText } from "./completeness.ts";
import { shotsOfSettings } from "./counts.ts";
import type { Measurements, Setting } from "./measurements.ts";
import { allPauliNames, isPauli } from "./setting.ts";

/** Maximum number of qubits for naming missing settings and counting operators. */
const mostCounted = 8;
/** Maximum number of qubits for computing the rank of general axes. */
const mostNumeric = 5;
const tolerance = 1e-8;

/**
 * Whether the settings with shots are informationally complete. Of Pauli settings the statement is exact: each measures its own
 * string of N letters and those with letters replaced by I, and a string of N letters is measured in no other setting, so that all
 * 3^N are needed. Of other axes it is the numeric rank of the operators ⊗(1, n·σ), up to 5 qubits.
 */
export function informationallyComplete(measurements: Measurements): Completeness {
  const { qubits } = measurements;
  const shots = shotsOfSettings(measurements);
  const settings = measurements.settings.filter((_, s) => shots[s]! > 0);
  const rank = measuredOperators(settings, qubits);
  if (!settings.every(isPauli)) return { ...ofAxes(settings, qubits, rank), missing: undefined };
  const known = new Set(settings.map(({ name }) => name));
  const count = 3 ** qubits - known.size;
  const first =
    qubits <= mostCounted
      ? allPauliNames(qubits)
          .filter((name) => !known.has(name))
          .slice(0, 10)
      : [];
  return { complete: count === 0, rank, missing: { count, first } };
}

/**
 * Number of independent operators that different settings measure, including the identity; undefined for more qubits than it is counted
 * for.
 */
export function measuredOperators(settings: readonly Setting[], qubits: number): number | undefined {
  if (!settings.every(isPauli)) return qubits > mostNumeric ? undefined : axesRank(settings, qubits);
  if (settings.length === 3 ** qubits) return 4 ** qubits;
  return pauliRank(
    settings.map(({ name }) => name),
    qubits,
  );
}

/** The Pauli strings that are measured: every setting's letters, with any of them replaced by I. */
function pauliRank(names: readonly string[], qubits: number): number | undefined {
  if (qubits > mostCounted) return undefined;
  const strings = new Set<string>();
  for (let subset = 0; subset < 2 ** qubits; subset++)
    for (const name of names) {
      let string = "";
      for (let q = 0; q < qubits; q++) string += (subset >> q) & 1 ? name[q] : "I";
      strings.add(string);
    }
  return strings.size;
}

/** Whether axes are complete, by the number of operators that they measure. */
function ofAxes(
  settings: readonly Setting[],
  qubits: number,
  rank: number | undefined,
): Pick<Completeness, "complete" | "rank"> {
  if (rank !== undefined) return { complete: rank === 4 ** qubits, rank };
  return { complete: settings.length < 3 ** qubits ? false : undefined, rank };
}

/** Operators of different sets of qubits are orthogonal: the rank is the sum of the ranks of all sets. */
function axesRank(settings: readonly Setting[], qubits: number): number {
  let rank = 0;
  for (let subset = 0; subset < 2 ** qubits; subset++) {
    const own = Array.from({ length: qubits }, (_, q) => q).filter((q) => (subset >> q) & 1);
    rank += rankOf(
      settings.map(({ axes }) => product(own.map((q) => axes.subarray(3 * q, 3 * q + 3)))),
      3 ** own.length,
    );
  }
  return rank;
}

function product(axes: readonly Float64Array[]): Float64Array {
  return axes.reduce(
    (all, axis) =>
      Float64Array.from({ length: 3 * all.length }, (_, i) => all[Math.floor(i / 3)]! * axis[i % 3]!),
    Float64Array.of(1),
  );
}

/** The number of independent unit vectors among these, at most `most`, by Gram and Schmidt's process done twice. */
function rankOf(vectors: readonly Float64Array[], most: number): number {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    if (basis.length === most) break;
    const rest = vector.slice();
    for (let pass = 0; pass < 2; pass++)
      for (const b of basis) {
        const overlap = b.reduce((sum, value, i) => sum + value * rest[i]!, 0);
        for (let i = 0; i < rest.length; i++) rest[i]! -= overlap * b[i]!;
      }
    const length = Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0));
    if (length > tolerance) basis.push(rest.map((value) => value / length));
  }
  return basis.length;
}

/** Throws an input error, naming what is missing, unless the settings with shots determine every state. */
export function requireComplete(measurements: Measurements): void {
  const found = informationallyComplete(measurements);
  if (!found.complete)
    throw inputError(
      `${measurements.name}: is ${completenessText(measurements.qubits, found)}; measure these too`,
    );
}
