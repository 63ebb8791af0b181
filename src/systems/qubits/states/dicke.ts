import * as z from "zod";
import { inputError } from "../../../error.ts";
import { wholeParameter } from "../../parameters.ts";
import { emptyState } from "../state.ts";
import { qubitsParameter, type StateKind } from "./kind.ts";

const schema = z.strictObject({
  qubits: qubitsParameter(),
  excitations: wholeParameter(
    0,
    20,
    "give a whole number of excitations from 0 to the number of qubits",
  ).default(1),
});

/** The equal superposition of all basis states with `excitations` ones. */
export const dicke: StateKind<z.output<typeof schema>> = {
  name: "dicke",
  summary: "equal superposition of all states with k ones: --set excitations=k",
  schema,
  create({ qubits, excitations }) {
    if (excitations > qubits)
      throw inputError(`dicke: ${excitations} excitations are more than the ${qubits} qubits`);
    const state = emptyState(qubits);
    let terms = 0;
    for (let i = 0; i < state.re.length; i++)
      if (ones(i) === excitations) {
        state.re[i] = 1;
        terms++;
      }
    return { ...state, re: state.re.map((a) => a / Math.sqrt(terms)) };
  },
};

function ones(i: number): number {
  let count = 0;
  for (; i > 0; i >>= 1) count += i & 1;
  return count;
}
