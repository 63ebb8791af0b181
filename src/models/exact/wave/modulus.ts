import type { SymmetryName } from "../../../data/symmetry.ts";
import type { Domain, ExactModel, Family } from "../../contract.ts";
import { made } from "../made/made.ts";
import { rnn } from "../rnn/rnn.ts";
import { transformer } from "../transformer/transformer.ts";

/** The families that a modulus may be of, and their hyperparameters by its units. Smooth activations suit second-order steps. */
const moduli = {
  made: {
    family: made as unknown as Family<ExactModel>,
    options: (hidden: number) => ({ hidden, activation: "tanh", inputs: "spins" }),
  },
  rnn: { family: rnn as unknown as Family<ExactModel>, options: (units: number) => ({ units }) },
  transformer: {
    family: transformer as unknown as Family<ExactModel>,
    options: (width: number) => ({ width, activation: "gelu" }),
  },
} as const;

/** Names of the families that a modulus may be of. */
export const modulusNames = Object.keys(moduli) as [keyof typeof moduli, ...(keyof typeof moduli)[]];

/** What a modulus is made by. */
export interface ModulusOptions {
  readonly modulus: keyof typeof moduli;
  readonly hidden: number;
  readonly z2: boolean;
  readonly symmetry: readonly Exclude<SymmetryName, "flip">[];
  /** Ones in every configuration, if their number is fixed. */
  readonly excitations?: number | null | undefined;
}

function hyperparameters({ modulus, hidden, z2, symmetry, excitations }: ModulusOptions, qubits: number) {
  const magnetisation = excitations === null || excitations === undefined ? null : 2 * excitations - qubits;
  return { ...moduli[modulus].options(hidden), z2, symmetry, magnetisation };
}

/** The exact model whose probabilities are |ψ|². Throws AnsatzError (usage) as its family does. */
export const makeModulus = (options: ModulusOptions, domain: Domain, qubits: number): ExactModel =>
  moduli[options.modulus].family.create(domain, hyperparameters(options, qubits));

/** The number of its parameters. */
export const modulusCount = (options: ModulusOptions, domain: Domain, qubits: number): number =>
  moduli[options.modulus].family.parameterCount(domain, hyperparameters(options, qubits));
