import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/** The amplitude ψ(x) = exp(logModulus + i phase) of each row, `[batch]` both; without a phase ψ is positive. */
export interface LogAmplitude {
  /** log |ψ(x)|: half of log P(x), up to a constant. */
  readonly logModulus: Tensor;
  /** The phase of ψ(x) in radians. */
  readonly phase?: Tensor;
}

/**
 * A quantum state over outcomes in one reference basis: what tomography needs from a model of any kind, found
 * at `stateVector` of a model. A mixed state is a pure one of more qubits, with the ancillas traced out.
 */
export interface StateVector<P extends Parameters = Parameters> {
  /** `x: [batch, ...sites]` → the amplitude of each row, up to one common factor. */
  logAmplitude(parameters: Symbolic<P>, x: Tensor): LogAmplitude;
  /** `[batch, sites + ancillas]` independent draws of |ψ|², if the model has them; its size is the symbolic batch. */
  draw?(parameters: Symbolic<P>, key: SymbolicKey): Tensor;
  /** Present for a mixed state: the number of last sites that are ancillas. */
  readonly mixed?: { readonly ancillas: number };
}
