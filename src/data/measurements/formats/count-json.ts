import { inputError } from "../../../error.ts";
import { formatBytes } from "../../formats/format.ts";
import type { NamedBytes } from "./raw.ts";
import { repeatedKey } from "./repeated-key.ts";

/** Maximum number of bytes of a text of counts: JSON is read in one piece. */
const mostText = 2 ** 28;

/** The object of a text of counts: `{"XZ": {"00": 12, ...}, ...}`. Throws input errors for anything else, and for texts too large. */
export function parseCounts({ bytes, name }: NamedBytes): Record<string, unknown> {
  if (bytes.length > mostText)
    throw inputError(
      `${name}: ${formatBytes(bytes.length)} of JSON are too much; give arrays of shots as .npz`,
    );
  const text = new TextDecoder().decode(bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw inputError(`${name}: is not JSON (${(cause as Error).message})`, cause);
  }
  if (!isObject(json))
    throw inputError(`${name}: holds ${shown(json)}; counts are {"XZ": {"00": 12, ...}, ...}`);
  const twice = repeatedKey(text);
  if (twice)
    throw inputError(
      `${name}: ${twice.map((key) => JSON.stringify(key)).join(", outcome ")} is there twice; add their counts, or give each part as a file of its own`,
    );
  return json;
}

/** The outcomes of one setting with their counts, and where each is, for messages. Throws input errors for what are no counts. */
export function* countsIn(counts: unknown, where: string) {
  if (!isObject(counts))
    throw inputError(`${where} holds ${shown(counts)}; counts are {"bits": number, ...}`);
  for (const [outcome, count] of Object.entries(counts)) {
    const at = `${where}, outcome ${JSON.stringify(outcome)}`;
    if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0)
      throw inputError(`${at}: the count is ${shown(count)}; counts are whole numbers of shots, 0 or more`);
    yield { outcome, count, at };
  }
}

/** The bits of an outcome, the left-most or most significant first. */
export function bitsOf(outcome: string, qubits: number, where: string): string {
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
