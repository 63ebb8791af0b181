import type { NDArray } from "../../array.ts";
import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ModelBase } from "./definition.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/** Approximate likelihood by an energy: an unnormalised log-weight, to be bracketed by estimators of log Z. */
export interface EnergyModel<P extends EnergyParameters = EnergyParameters> extends ModelBase<P> {
  /** log P(x) is known up to a constant; see `byKind`. */
  readonly kind: "energy";
  /** log P(x) + log Z of each row in nats: `[batch, ...sites]` → `[batch]`. */
  logWeight(parameters: Symbolic<P>, x: Tensor): Tensor;
  /** From independent sites to the model: what chains, parallel tempering and annealed importance sampling follow. */
  readonly path: TemperedPath<P>;
  /** Where a side of the model has few enough states to be gone through: exact sums, and exact draws. */
  readonly enumeration?: Enumeration<P>;
  /** Σ_i log P(x_i | x without i) of each row, `[batch]` nats, where all sites are as cheap as one. */
  logPseudoLikelihood?(parameters: Symbolic<P>, x: Tensor): Tensor;
  /** How the model is trained, from its hyperparameters. */
  readonly training: EnergyTraining;
  /**
   * The gradient for centred units, from the gradient of `loss` and the two batches it was taken on, both
   * `[batch, ...sites]`: an update by it does not depend on which value of a unit is called 0 (Montavon &
   * Müller 2012).
   */
  centred?(parameters: Symbolic<P>, gradient: Symbolic<P>, data: Tensor, chains: Tensor): Symbolic<P>;
}

/**
 * Parameters of a model that is sampled by chains: in addition to its own, the independent sites that its
 * tempered path starts from (see `approximate/reference.ts`), which are set from data by `adapt` and never
 * trained.
 */
export type EnergyParameters = Parameters & {
  /** The independent sites: `[sites]` logits, `[sites, states]` log-probabilities or `[2, sites]` means and log deviations. */
  readonly reference: NDArray<"f32">;
};

/**
 * Distributions f_t, 0 ≤ t ≤ 1, from the independent sites of `parameters.reference` to the model. f_0 is normalised and
 * drawn from exactly; f_1 = exp(logWeight). `t` is a scalar or `[batch]`. Products that `logWeight` and `sweep` share at
 * one x are computed once in one graph.
 */
export interface TemperedPath<P extends EnergyParameters = EnergyParameters> {
  /** log f_t of each row in nats, `[batch]`: at t = 0 the log-probability of independent sites, at t = 1 `logWeight`. */
  logWeight(parameters: Symbolic<P>, x: Tensor, t: Tensor): Tensor;
  /** Independent rows of f_0: `batch` of them, which may be the symbolic batch. */
  draw(parameters: Symbolic<P>, key: SymbolicKey, batch: number): Tensor;
  /**
   * One sweep of a Markov chain that leaves f_t invariant, for each row. Sites where `known` (`[batch, ...sites]`, real) is
   * 1 keep their values, and the others then follow f_t given those.
   */
  sweep(parameters: Symbolic<P>, x: Tensor, t: Tensor, key: SymbolicKey, known?: Tensor): Tensor;
}

/** The side of a model with the fewer states, such as the hidden units of an RBM. */
export interface Enumeration<P extends EnergyParameters = EnergyParameters> {
  /** Its units, each with `states` values: states^units terms in all. */
  readonly units: number;
  /** Values that each unit can have, 2 for bits. */
  readonly states: number;
  /** log of the sum of f_1 over the other side, nats: `side: [batch, units]` i32 → `[batch]`. */
  logWeight(parameters: Symbolic<P>, side: Tensor): Tensor;
  /** An exact draw of the rows of each `side`, `[batch, ...sites]`. */
  draw(parameters: Symbolic<P>, side: Tensor, key: SymbolicKey): Tensor;
}

/** How the gradient of an energy model is estimated: ⟨∂E⟩ over the data less ⟨∂E⟩ under the model. */
export interface EnergyTraining {
  /**
   * `exact`: log Z by enumeration; `cd`: chains of `sweeps` sweeps from the data (Hinton 2002); `pcd`: chains that persist
   * from step to step (Tieleman 2008); `tempering`: persistent chains at `temperatures` points of the path, which swap;
   * `pseudo-likelihood`: each site given the others (Besag 1975); `score-matching`: ∂E/∂x of real rows (Hyvärinen 2005).
   */
  readonly method: "exact" | "cd" | "pcd" | "tempering" | "pseudo-likelihood" | "score-matching";
  /** Sweeps of a chain in each step. */
  readonly sweeps: number;
  /** Persistent chains, of each temperature. */
  readonly chains: number;
  /** Points of the tempered path that `tempering` has chains at. */
  readonly temperatures: number;
  /** Whether to train by the gradient of centred units, if the family has it. */
  readonly centred: boolean;
}
