import { inputError } from "../../error.ts";
import type { Setting } from "./measurements.ts";

/** The letters of Pauli axes in the order of their labels: X is 0, Y is 1, Z is 2. */
export const letters = "XYZ";

/**
 * Maximum number of qubits of measurements: names of settings and rows of bits stay readable, and sizes stay
 * checked.
 */
export const mostQubits = 1024;

/** Largest allowed deviation of the length of an axis from 1. */
const unitTolerance = 1e-6;

/**
 * Returns the setting that a word names, a letter per qubit, X, Y or Z in any case: `"XZY"`. `where` names
 * its place in messages.
 *
 * @throws AnsatzError (input) for a letter that is no basis; `I` is refused, since a qubit is measured along
 * some axis.
 */
export function pauliSetting(word: string, where: string): Setting {
  const name = word.toUpperCase();
  const axes = new Float64Array(3 * name.length);
  for (let q = 0; q < name.length; q++) {
    const letter = name[q]!;
    const axis = letters.indexOf(letter);
    if (axis < 0) throw notABasis(word[q]!, `${where}, qubit ${q}`);
    axes[3 * q + axis] = 1;
  }
  return { name, axes };
}

/** The input error for a letter that names no axis. */
export function notABasis(letter: string, where: string) {
  return inputError(
    letter.toUpperCase() === "I"
      ? `${where}: I is no basis, since every qubit is measured along an axis; give the axis of its bits, such as Z`
      : `${where}: ${JSON.stringify(letter)} is no basis; give X, Y or Z`,
  );
}

/**
 * The setting of axes `[N, 3]`, row-major. Axes along X, Y and Z give a name of letters, others the number `at` in brackets.
 *
 * @throws AnsatzError (input) for an axis that is no unit vector to 1e-6, naming the qubit; lengths are then made exact.
 */
export function axesSetting(axes: ArrayLike<number>, at: number, where: string): Setting {
  const qubits = axes.length / 3;
  const own = new Float64Array(axes.length);
  let name = "";
  for (let q = 0; q < qubits; q++) {
    const length = Math.hypot(axes[3 * q]!, axes[3 * q + 1]!, axes[3 * q + 2]!);
    if (!(Math.abs(length - 1) <= unitTolerance))
      throw inputError(
        `${where}, qubit ${q}: the axis (${[0, 1, 2].map((i) => shown(axes[3 * q + i]!)).join(", ")}) has the length ` +
          `${shown(length)}; an axis is a unit vector of the Bloch sphere`,
      );
    for (let i = 0; i < 3; i++) own[3 * q + i] = axes[3 * q + i]! / length;
    const letter = [0, 1, 2].find((i) => axes[3 * q + i]! === 1);
    name += letter === undefined ? "?" : letters[letter];
  }
  return { name: name.includes("?") ? `[${at}]` : name, axes: own };
}

const shown = (value: number) => String(Number(value.toPrecision(7)));

/** Whether all axes of a setting are X, Y and Z, so that its name has a letter per qubit. */
export const isPauli = ({ name }: Setting): boolean => !name.startsWith("[");

/** The labels of a Pauli setting, a qubit each: X is 0, Y is 1, Z is 2. */
export const labelsOf = ({ name }: Setting): Uint8Array =>
  Uint8Array.from(name, (letter) => letters.indexOf(letter));

/** All 3^N Pauli settings in the order of their names: XX, XY, XZ, YX, ... */
export function allPauliNames(qubits: number): string[] {
  let names = [""];
  for (let q = 0; q < qubits; q++)
    names = names.flatMap((name) => [...letters].map((letter) => name + letter));
  return names;
}
