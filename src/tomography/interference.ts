import { outcomeCounts } from "../data/measurements/counts.ts";
import type { Measurements } from "../data/measurements/measurements.ts";
import { inputError, usageError } from "../error.ts";
import { brasOf, isRotated } from "./bras.ts";

/** What {@link interference} may be given. */
export interface InterferenceOptions {
  /** Most rotated qubits of a setting, those that are not measured along z. */
  readonly mostRotated: number;
  /** Number of bits of an unmeasured environment, after those of the qubits (default 0). */
  readonly environment?: number;
  /**
   * Only configurations with this many ones among the qubits have an amplitude (default: all configurations).
   */
  readonly excitations?: number | undefined;
}

/** Outcomes that share the bits of all qubits measured along z in one setting: a 2^t table of amplitudes makes their probabilities. */
interface Block {
  /** Bras of the t rotated qubits in order. */
  readonly bras: readonly Float64Array[];
  /** `[2^environment, 2^t]`: the index of each amplitude's configuration; −1 if it has none. */
  readonly places: Int32Array;
  /** The outcomes that were seen, as indices of the rotated qubits' bits, and how often. */
  readonly outcomes: Uint32Array;
  readonly counts: Float64Array;
}

/** Measurements as the likelihood of a wave function needs them: which amplitudes interfere in which outcomes. */
export interface Interference {
  /** `[count, qubits + environment]`: the bits of the configurations for which amplitudes are needed. */
  readonly configurations: Uint8Array;
  /** How many configurations there are. */
  readonly count: number;
  /** Number of qubits. */
  readonly qubits: number;
  /** Shots in all. */
  readonly shots: number;
  /** Outcomes by what they share. */
  readonly blocks: readonly Block[];
}

/** Most amplitudes in all blocks: some hundred megabytes. */
const mostTerms = 2 ** 24;

/**
 * Collects the distinct outcomes of measurements and the configurations that they depend on.
 *
 * @throws AnsatzError (usage) for a setting with more rotated qubits than `mostRotated`, naming it; (input)
 * for a shot that no state with that many excitations gives, and for too many amplitudes.
 */
export function interference(measurements: Measurements, options: InterferenceOptions): Interference {
  const { qubits, settings, name } = measurements;
  const { mostRotated, environment = 0, excitations } = options;
  const { bits, setting, count } = outcomeCounts(measurements);
  const rotatedOf = settings.map(({ axes }) =>
    Array.from({ length: qubits }, (_, q) => q).filter((q) => isRotated(axes, q)),
  );
  const configurations: Uint8Array[] = [];
  const known = new Map<string, number>();
  const drafts = new Map<string, { s: number; rest: Uint8Array; seen: Map<number, number> }>();
  let shots = 0;
  for (let r = 0; r < count.length; r++) {
    const s = setting[r]!;
    const rotated = rotatedOf[s]!;
    if (rotated.length > mostRotated) throw tooManyRotated(settings[s]!.name, rotated.length, mostRotated);
    const rest = bits.slice(r * qubits, (r + 1) * qubits);
    let outcome = 0;
    for (const q of rotated) {
      outcome = 2 * outcome + rest[q]!;
      rest[q] = 0;
    }
    const key = `${s} ${rest.join("")}`;
    const draft = drafts.get(key) ?? { s, rest, seen: new Map() };
    draft.seen.set(outcome, count[r]!);
    drafts.set(key, draft);
    shots += count[r]!;
  }
  let terms = 0;
  for (const { s } of drafts.values()) terms += 2 ** (environment + rotatedOf[s]!.length);
  if (terms > mostTerms)
    throw inputError(
      `${name}: its settings rotate so many qubits that ${terms} amplitudes interfere; give fewer settings or shots, or fit density`,
    );
  /** The place of a configuration; −1 outside the sector. */
  const placeOf = (own: Uint8Array): number => {
    if (excitations !== undefined && ones(own, qubits) !== excitations) return -1;
    const key = own.join("");
    const at = known.get(key);
    if (at !== undefined) return at;
    known.set(key, configurations.length);
    return configurations.push(own) - 1;
  };
  const blocks = [...drafts.values()].map(({ s, rest, seen }): Block => {
    const rotated = rotatedOf[s]!;
    const size = 2 ** rotated.length;
    const places = new Int32Array(2 ** environment * size);
    places.forEach((_, i) => {
      const own = new Uint8Array(qubits + environment);
      own.set(rest);
      rotated.forEach((q, k) => {
        own[q] = ((i % size) >> (rotated.length - 1 - k)) & 1;
      });
      for (let k = 0; k < environment; k++)
        own[qubits + k] = (Math.floor(i / size) >> (environment - 1 - k)) & 1;
      places[i] = placeOf(own);
    });
    if (places.every((place) => place < 0))
      throw inputError(
        `${name}: a shot in setting ${settings[s]!.name} is impossible with ${excitations} excitation${excitations === 1 ? "" : "s"}; leave the sector out`,
      );
    const { axes } = settings[s]!;
    return {
      bras: rotated.map((q) => brasOf(axes[3 * q]!, axes[3 * q + 1]!, axes[3 * q + 2]!)),
      places,
      outcomes: Uint32Array.from(seen.keys()),
      counts: Float64Array.from(seen.values()),
    };
  });
  const width = qubits + environment;
  const all = new Uint8Array(configurations.length * width);
  configurations.forEach((own, i) => {
    all.set(own, i * width);
  });
  return { configurations: all, count: configurations.length, qubits, shots, blocks };
}

/** The usage error for a setting with sums of amplitudes that are too long. */
export const tooManyRotated = (setting: string, rotated: number, most: number) =>
  usageError(
    `setting ${setting} rotates ${rotated} qubits, and an outcome is a sum of 2^${rotated} amplitudes; the model takes up to ` +
      `${most} rotated qubits: set rotated=${rotated}, or leave the setting out`,
  );

function ones(bits: Uint8Array, qubits: number): number {
  let sum = 0;
  for (let q = 0; q < qubits; q++) sum += bits[q]!;
  return sum;
}
