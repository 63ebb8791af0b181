import * as z from "zod";
import { realParameter } from "../../parameters.ts";
import { isingChain } from "../hamiltonian.ts";
import { groundState } from "../lanczos.ts";
import { qubitsParameter, type StateKind } from "./kind.ts";

/** Maximum number of qubits of a chain. */
const mostChain = 14;

/** The parameters of a chain. */
export const chainParameters = {
  qubits: qubitsParameter(mostChain),
  J: realParameter("give the coupling J as a number").default(1),
  h: realParameter("give the field h as a number").default(1),
};

const schema = z.strictObject(chainParameters);

/** The ground state of the transverse-field Ising chain with open ends, H = −J Σ Z Z − h Σ X. */
export const tfim: StateKind<z.output<typeof schema>> = {
  name: "tfim",
  summary: "ground state of −J Σ Z Z − h Σ X, open chain of up to 14: --set J=1, --set h=1",
  schema,
  create({ qubits, J, h }) {
    const { vector } = groundState(isingChain(qubits, J, h));
    return { qubits, re: vector, im: new Float64Array(vector.length) };
  },
};
