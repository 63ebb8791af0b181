import * as z from "zod";
import { realParameter } from "../../parameters.ts";
import { emptyState } from "../state.ts";
import { qubitsParameter, type StateKind } from "./kind.ts";

const schema = z.strictObject({
  qubits: qubitsParameter(),
  phase: realParameter("give the phase in radians").default(0),
});

/** (|0…0⟩ + e^{iφ}|1…1⟩)/√2. */
export const ghz: StateKind<z.output<typeof schema>> = {
  name: "ghz",
  summary: "(|0…0⟩ + e^{iφ}|1…1⟩)/√2: --set phase=φ",
  schema,
  create({ qubits, phase }) {
    const state = emptyState(qubits);
    state.re[0] = Math.SQRT1_2;
    state.re[state.re.length - 1]! = Math.cos(phase) * Math.SQRT1_2;
    state.im[state.re.length - 1]! = Math.sin(phase) * Math.SQRT1_2;
    return state;
  },
};
