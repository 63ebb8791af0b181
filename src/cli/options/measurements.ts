import { basename } from "node:path";
import { type Command, Option } from "commander";
import {
  type MeasurementData,
  readAmplitudes,
  readDensityNpy,
  readMeasurements,
} from "../../data/measurements/index.ts";
import { inputError } from "../../error.ts";
import { readBytes } from "../../files/index.ts";
import { memoryLimits } from "../../files/read.ts";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { parseState, QubitSystem } from "../../systems/index.ts";
import type { Flags } from "../commands/command.ts";
import { textOf } from "./flags.ts";

/** Names of the flags for reading measurements, as commander keeps them. */
const names = ["order", "settingsOrder", "povm", "bases", "settings", "confusion"] as const;

/** Adds the flags for reading a file of measured qubits. */
export function addMeasurementOptions(command: Command): void {
  command
    .addOption(
      new Option("--order <place>", "qubits: where qubit 0 stands in the file; last for Qiskit").choices([
        "first",
        "last",
      ]),
    )
    .addOption(
      new Option(
        "--settings-order <place>",
        "qubits: where qubit 0 stands in names of settings (default: as --order)",
      ).choices(["first", "last"]),
    )
    .option("--povm <code>", "qubits: code of outcomes in a .npy, such as pauli6:ZXY (AQT)")
    .option("--bases <file>", "qubits: file with the letter of each bit (QuCumber), or PennyLane's recipes")
    .option("--settings <setting>", "qubits: the one setting of all shots, such as Z or XZY")
    .option("--confusion <file>", "qubits: JSON of P(read | true), a 2 x 2 matrix for each qubit");
}

/** Whether flags of {@link addMeasurementOptions} were given. */
export const hasMeasurementFlags = (flags: Flags): boolean => names.some((name) => flags[name] !== undefined);

/** Reads the measurements in a file by the flags; see `readMeasurements`. */
export async function measurementsFromFlags(path: string, flags: Flags): Promise<MeasurementData> {
  const limits = memoryLimits();
  const file = async (name: string) => ({ name, bytes: await readBytes(name, limits) });
  const [bases, confusion] = [textOf(flags, "bases"), textOf(flags, "confusion")];
  return readMeasurements(await file(path), {
    order: flags.order as "first" | "last" | undefined,
    settingsOrder: flags.settingsOrder as "first" | "last" | undefined,
    povm: textOf(flags, "povm"),
    settings: textOf(flags, "settings"),
    ...(bases !== undefined && { bases: await file(bases) }),
    ...(confusion !== undefined && { confusion: await file(confusion) }),
    limits,
  });
}

/** Adds the flag that names a state to compare with. */
export function addTarget(command: Command): void {
  command.option(
    "--target <state>",
    "qubits: state to compare with, such as ghz, w:phases=[0,1,2], a text file of amplitudes 're im', or a matrix in a .npy",
  );
}

/** The state that the flag of {@link addTarget} names: by its name, or in a file of amplitudes. */
export async function targetState(text: string, qubits: number): Promise<QubitSystem> {
  if (!/\.(txt|dat)$/i.test(text)) return parseState(text, qubits);
  const psi = readAmplitudes({ name: text, bytes: await readBytes(text) });
  if (psi.qubits !== qubits)
    throw inputError(`--target: ${text} is a state of ${psi.qubits} qubits; the shots are of ${qubits}`);
  return new QubitSystem(text, { qubits }, {}, () => psi);
}

/** A matrix in a `.npy`; throws an input error for another number of qubits. */
export async function readState(
  path: string,
  qubits: number,
): Promise<{ readonly name: string; readonly matrix: ComplexMatrix }> {
  const { qubits: own, re, im } = readDensityNpy({ name: path, bytes: await readBytes(path) });
  if (own !== qubits) throw inputError(`${path}: is a state of ${own} qubits; the shots are of ${qubits}`);
  return { name: basename(path), matrix: { n: 2 ** own, re, im } };
}
