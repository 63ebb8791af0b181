import { inputError } from "../../error.ts";
import { checkConfusion } from "./confusion.ts";
import type { Measurements, Setting } from "./measurements.ts";
import { axesSetting, mostQubits, pauliSetting } from "./setting.ts";

/** The parts of measurements. */
export interface MeasurementParts {
  /** Number of qubits, N. */
  readonly qubits: number;
  /** `[shots, N]`, row-major: 0 or 1. */
  readonly bits: ArrayLike<number>;
  /** The index in `settings` of each shot's setting. Omit if there is one setting per shot. */
  readonly setting?: ArrayLike<number> | undefined;
  /** Settings as words of letters (`"XZ"`), or as axes `[N, 3]` each; equal ones become one. */
  readonly settings: readonly (string | ArrayLike<number>)[];
  /** `[N, 2, 2]`: P(bit read | true bit), if known. */
  readonly confusion?: ArrayLike<number> | undefined;
}

/**
 * Returns checked measurements from bits and settings; `name` is the file's name, for messages. Qubit 0 comes
 * first; use `reorder` for data that lists it last.
 *
 * @throws AnsatzError (input): bits that are not 0 or 1, by row and column; settings of another number of
 * qubits, letters that are no basis, axes that are not unit vectors to 1e-6; shots of a setting that does not
 * exist.
 */
export function makeMeasurements(parts: MeasurementParts, name: string): Measurements {
  const { qubits, bits } = parts;
  requireQubits(qubits, name);
  const shots = bits.length / qubits;
  if (!Number.isInteger(shots))
    throw inputError(`${name}: ${bits.length} bits are no whole number of shots of ${qubits} qubits`);
  const per = parts.setting === undefined;
  const numbers = parts.setting ?? { length: parts.settings.length };
  if (numbers.length !== shots)
    throw inputError(
      `${name}: has ${shots} shots, but settings of ${numbers.length}; give one setting for each shot`,
    );
  const { settings, places } = distinctSettings(parts.settings, qubits, name);
  const setting = new Uint32Array(shots);
  for (let shot = 0; shot < shots; shot++) {
    const place = places[per ? shot : (numbers as ArrayLike<number>)[shot]!];
    if (place === undefined)
      throw inputError(
        `${name}: shot ${shot} is of setting ${(numbers as ArrayLike<number>)[shot]}; settings are 0 to ${places.length - 1}`,
      );
    setting[shot] = place;
  }
  return {
    qubits,
    bits: checkBits(bits, qubits, name),
    setting,
    settings,
    ...(parts.confusion && { confusion: checkConfusion(parts.confusion, qubits, name) }),
    name,
  };
}

/** Throws an input error unless a number of qubits can be. */
function requireQubits(qubits: number, name: string): void {
  if (Number.isInteger(qubits) && qubits >= 1 && qubits <= mostQubits) return;
  throw inputError(`${name}: has ${qubits} qubits in a shot; measurements have 1 to ${mostQubits}`);
}

function checkBits(bits: ArrayLike<number>, qubits: number, name: string): Uint8Array {
  const own = new Uint8Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    const bit = bits[i]!;
    if (bit !== 0 && bit !== 1)
      throw inputError(
        `${name}: row ${Math.floor(i / qubits)}, column ${i % qubits} is ${bit}; an outcome is 0 or 1`,
      );
    own[i] = bit;
  }
  return own;
}

/** The different settings in the order of their first place, and of each one given its place among them. */
function distinctSettings(
  given: MeasurementParts["settings"],
  qubits: number,
  name: string,
): { settings: Setting[]; places: number[] } {
  const settings: Setting[] = [];
  const known = new Map<string, number>();
  const places = given.map((one, at) => {
    const where = `${name}: setting ${at}`;
    const size = typeof one === "string" ? one.length : one.length / 3;
    if (size !== qubits)
      throw inputError(
        `${where}${typeof one === "string" ? ` (${one})` : ""} has ${size} axes; a shot has ${qubits} bits`,
      );
    const raw = typeof one === "string" ? one.toUpperCase() : Array.from(one).join();
    const seen = known.get(raw);
    if (seen !== undefined) return seen;
    const setting =
      typeof one === "string" ? pauliSetting(one, where) : axesSetting(one, settings.length, where);
    // Axes along X, Y and Z are the setting of their letters.
    const key = setting.name.startsWith("[") ? raw : setting.name;
    const place = known.get(key) ?? settings.push(setting) - 1;
    known.set(raw, place).set(key, place);
    return place;
  });
  return { settings, places };
}
