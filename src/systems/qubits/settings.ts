import { allPauliNames, letters } from "../../data/measurements/setting.ts";
import { usageError } from "../../error.ts";
import type { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";

/** Which settings are measured, one after the other: words of letters, or axes `[N, 3]`. */
export interface SettingPlan {
  /** In the order of measurement; `random` settings may come again. */
  readonly settings: readonly (string | Float64Array)[];
  /** Whether each setting has one shot, so that no number of shots is requested. */
  readonly isSingle: boolean;
}

/** Maximum number of settings of one simulation by name. */
const mostSettings = 3 ** 10;
/** Maximum number of random settings: one per shot. */
const mostRandom = 10_000_000;

/**
 * Returns the settings that a text names for N qubits: `pauli`, all 3^N; `random:M`, M shots in Pauli
 * settings drawn at random; `neighbours`, Z of all, then XX and XY of each pair of neighbours with Z of the
 * others, 2N − 1 (Torlai et al., Nature Physics 14 (2018) 447); or a list, `ZZZ,XXX`, in which a single
 * letter means all qubits.
 *
 * @throws AnsatzError (usage) for any other text, and for more settings than exist.
 */
export function namedSettings(text: string, qubits: number, key: Key): SettingPlan {
  if (text === "pauli") {
    if (3 ** qubits > mostSettings)
      throw usageError(
        `--settings pauli: 3^${qubits} settings are too many; give random:10000, or neighbours`,
      );
    return { settings: allPauliNames(qubits), isSingle: false };
  }
  if (text === "neighbours" || text === "neighbors")
    return { settings: neighbourSettings(qubits), isSingle: false };
  const [, many] = /^random:(\d+)$/.exec(text) ?? [];
  if (many !== undefined) return { settings: randomSettings(Number(many), qubits, key), isSingle: true };
  const words = text.split(",").map((word) => word.trim());
  if (text === "" || !words.every((word) => /^[xyz]+$/i.test(word)))
    throw usageError(
      `--settings takes pauli, random:SHOTS, neighbours, settings such as ZZZ,XXX, or a file with a list of them, not '${text}'`,
    );
  const settings = words.map((word) => (word.length === 1 ? word.repeat(qubits) : word).toUpperCase());
  const wrong = settings.find((word) => word.length !== qubits);
  if (wrong !== undefined)
    throw usageError(`--settings: ${wrong} has ${wrong.length} letters; there are ${qubits} qubits`);
  return { settings, isSingle: false };
}

function neighbourSettings(qubits: number): string[] {
  const pairs = Array.from({ length: qubits - 1 }, (_, q) =>
    ["XX", "XY"].map((pair) => "Z".repeat(q) + pair + "Z".repeat(qubits - 2 - q)),
  );
  return ["Z".repeat(qubits), ...pairs.flat()];
}

function randomSettings(shots: number, qubits: number, key: Key): string[] {
  if (shots < 1 || shots * qubits > mostRandom)
    throw usageError(
      `--settings random:${shots}: give from 1 to ${Math.floor(mostRandom / qubits)} shots of ${qubits} qubits`,
    );
  const random = stream(key);
  return Array.from({ length: shots }, () => {
    let word = "";
    for (let q = 0; q < qubits; q++) word += letters[random.below(3)];
    return word;
  });
}
