import type { NDArray } from "../../../array.ts";
import { inputError, usageError } from "../../../error.ts";
import { numbers } from "../../values.ts";
import { type RawMeasurements, tabled } from "./raw.ts";

/** The letters of a POVM `pauli6:ZXY` in the order of its outcomes; `pauli6` alone is AQT's, ZXY. Throws a usage error for others. */
export function pauliSixLetters(povm: string): string {
  const [, given] = /^pauli-?6(?::([xyz]{3}))?$/i.exec(povm) ?? [undefined, undefined];
  const order = given?.toUpperCase() ?? "ZXY";
  if (!/^pauli-?6/i.test(povm) || (povm.includes(":") && given === undefined) || new Set(order).size !== 3)
    throw usageError(
      `--povm: '${povm}' is not known; give pauli6:ZXY, the letters of outcomes 0, 1 and 2 (3, 4 and 5 are these with bit 1)`,
    );
  return order;
}

/**
 * Measurements as AQT saves them: integers `[shots, qubits]`, outcome = 3·bit + place of the letter in `order` (ZXY in AQT); qubit 0
 * is the first column.
 */
export function fromPauliSix(array: NDArray, order: string, name: string): RawMeasurements {
  const [shots, qubits] = requireTable(array, name, "outcomes [shots, qubits]");
  const values = numbers(array);
  const bits = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const outcome = values[i]!;
    if (!(outcome >= 0 && outcome <= 5 && Number.isInteger(outcome)))
      throw inputError(
        `${name}: row ${Math.floor(i / qubits)}, column ${i % qubits} is ${outcome}; an outcome of a Pauli-6 measurement is 0 to 5`,
      );
    bits[i] = outcome >= 3 ? 1 : 0;
  }
  const wordOf = (shot: number) => {
    let word = "";
    for (let q = 0; q < qubits; q++) word += order[values[shot * qubits + q]! % 3];
    return word;
  };
  return { qubits, bits, ...tabled(shots, wordOf), order: "first" };
}

/** The sides of an array of two axes that is not empty; throws an input error for any other. */
export function requireTable(array: NDArray, name: string, what: string): [number, number] {
  const [rows = 0, columns = 0] = array.shape;
  if (array.shape.length !== 2 || rows === 0 || columns === 0)
    throw inputError(`${name}: has the shape [${array.shape.join(", ")}]; it must hold ${what}`);
  return [rows, columns];
}
