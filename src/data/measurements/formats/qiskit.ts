import { inputError } from "../../../error.ts";
import { formatBytes, type ReadLimits } from "../../formats/format.ts";
import { basisLetter, type NamedBytes, type RawMeasurements, requireShots } from "./raw.ts";

/** Most bytes of a text of counts: JSON is read in one piece. */
const mostText = 2 ** 28;

/**
 * Measurements as counts in JSON: `{"XZ": {"00": 12, "0x3": 4}, ...}`, setting → {bits or hexadecimal number: count}. Settings may be
 * in any case, with blanks or as Python's tuples (`('X', 'Z')`); blanks between registers in bits are left out. Nothing in the file says
 * which qubit comes first: Qiskit's is right-most in bits.
 */
export function readCounts({ bytes, name }: NamedBytes, limits?: ReadLimits): RawMeasurements {
  if (bytes.length > mostText)
    throw inputError(
      `${name}: ${formatBytes(bytes.length)} of JSON are too much; give arrays of shots as .npz`,
    );
  const settings: string[] = [];
  const found: { readonly setting: number; readonly word: string; readonly count: number }[] = [];
  let [qubits, shots] = [0, 0];
  for (const [key, counts] of Object.entries(parse(bytes, name))) {
    const letters = key.replace(/[\s()[\],'"]/g, "");
    const where = `${name}: setting ${JSON.stringify(key)}`;
    if (letters === "") throw inputError(`${where} names no axes; give a letter a qubit, such as "XZ"`);
    const setting = settings.push([...letters].map((letter) => basisLetter(letter, where)).join("")) - 1;
    qubits ||= letters.length;
    if (letters.length !== qubits)
      throw inputError(`${where} has ${letters.length} letters; the settings before it have ${qubits}`);
    if (!isObject(counts))
      throw inputError(`${where} holds ${shown(counts)}; counts are {"bits": number, ...}`);
    for (const [outcome, count] of Object.entries(counts)) {
      const at = `${where}, outcome ${JSON.stringify(outcome)}`;
      if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0)
        throw inputError(`${at}: the count is ${shown(count)}; counts are whole numbers of shots, 0 or more`);
      found.push({ setting, word: bitsOf(outcome, qubits, at), count });
      shots += count;
    }
  }
  if (settings.length === 0) throw inputError(`${name}: holds no settings`);
  requireShots(shots, qubits, name, limits);
  const bits = new Uint8Array(shots * qubits);
  const setting = new Uint32Array(shots);
  let shot = 0;
  for (const { setting: s, word, count } of found) {
    const row = Uint8Array.from(word, Number);
    for (let k = 0; k < count; k++, shot++) {
      bits.set(row, shot * qubits);
      setting[shot] = s;
    }
  }
  return { qubits, bits, setting, settings };
}

function parse(bytes: Uint8Array, name: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw inputError(`${name}: is not JSON (${(cause as Error).message})`, cause);
  }
  if (!isObject(json))
    throw inputError(`${name}: holds ${shown(json)}; counts are {"XZ": {"00": 12, ...}, ...}`);
  return json;
}

/** The bits of an outcome, the left-most or most significant first. */
function bitsOf(outcome: string, qubits: number, where: string): string {
  if (/^0x[0-9a-f]+$/i.test(outcome)) {
    const bits = BigInt(outcome).toString(2);
    if (bits.length > qubits) throw tooLong(bits.length, qubits, where);
    return bits.padStart(qubits, "0");
  }
  const bits = outcome.replace(/\s/g, "");
  if (!/^[01]+$/.test(bits))
    throw inputError(`${where}: is neither bits, such as 011, nor hexadecimal, such as 0x3`);
  if (bits.length > qubits) throw tooLong(bits.length, qubits, where);
  if (bits.length < qubits)
    throw inputError(`${where}: has ${bits.length} bits; its setting has ${qubits} qubits`);
  return bits;
}

const tooLong = (found: number, qubits: number, where: string) =>
  inputError(
    `${where}: has ${found} bits, too many for the ${qubits} qubits of its setting; leave out bits that measure other qubits`,
  );

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 60) ?? "nothing";
