import * as z from "zod";
import { inputError } from "../../../error.ts";
import { emptyState, type PureState } from "../state.ts";
import { listParameter, qubitsParameter, type StateKind } from "./kind.ts";

const blochHint =
  "give a unit vector x,y,z for all qubits or one after the other for each, such as bloch=1,0,0 (--noise depolarise mixes)";

const schema = z.strictObject({
  qubits: qubitsParameter(),
  bloch: listParameter(blochHint).default([0, 0, 1]),
});

/** A product state: every qubit points along its own vector. */
export const product: StateKind<z.output<typeof schema>> = {
  name: "product",
  summary: "qubits along unit vectors: --set bloch=x,y,z for all, or 3 numbers for each",
  schema,
  create({ qubits, bloch }) {
    if (bloch.length !== 3 && bloch.length !== 3 * qubits)
      throw inputError(`product: bloch has ${bloch.length} numbers; ${blochHint}`);
    return productState(
      Array.from({ length: qubits }, (_, q) => {
        const at = bloch.length === 3 ? 0 : 3 * q;
        return bloch.slice(at, at + 3) as [number, number, number];
      }),
    );
  },
};

/** The state of qubits along given unit vectors; throws an input error for a vector of another length. */
export function productState(vectors: readonly (readonly [number, number, number])[]): PureState {
  const state = emptyState(vectors.length);
  state.re[0] = 1;
  // Qubits are put in from the last: those that are in fill the first `size` amplitudes.
  let size = 1;
  for (const [x, y, z] of [...vectors].reverse()) {
    const length = Math.hypot(x, y, z);
    if (!(Math.abs(length - 1) <= 1e-6))
      throw inputError(`product: the vector (${x}, ${y}, ${z}) has the length ${length}; ${blochHint}`);
    const [c, s] = [Math.sqrt((1 + z / length) / 2), Math.sqrt(Math.max(0, (1 - z / length) / 2))];
    const flat = Math.hypot(x, y);
    const [pr, pi] = flat > 0 ? [(s * x) / flat, (s * y) / flat] : [s, 0];
    for (let i = 0; i < size; i++) {
      const [re, im] = [state.re[i]!, state.im[i]!];
      state.re[i + size] = re * pr - im * pi;
      state.im[i + size] = re * pi + im * pr;
      state.re[i] = c * re;
      state.im[i] = c * im;
    }
    size *= 2;
  }
  return state;
}
