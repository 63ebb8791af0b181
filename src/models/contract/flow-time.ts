import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ExactModel } from "./exact.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/** How rows of a {@link TimeFlow} are drawn, for values that differ from the hyperparameters. */
export interface TimeDrawing {
  /** Steps from noise to data. */
  readonly steps?: number | undefined;
  /** Scale of classifier-free guidance; 1 for the model itself. */
  readonly guidance?: number | undefined;
}

/** How log P by the flow's equation is computed. */
export interface DensityOptions {
  /** Steps from data to noise; halve them to see their error. */
  readonly steps: number;
  /** Source of the probes of an estimated divergence. */
  readonly key: SymbolicKey;
  /** `[batch, n]`: what rows are conditioned on. */
  readonly context?: Tensor | undefined;
}

/**
 * Rows and noise as the two ends of a way in time: a capability, found at `flowTime` of a bounded model. log P by its equation is an
 * estimate with an error of its steps, not the bound, and of the deterministic way, whichever way rows are drawn. `M` is the type of
 * the model.
 */
export interface TimeFlow<P extends Parameters = Parameters, M = unknown> {
  /** Steps from data to noise that codes and log P take. */
  readonly steps: number;
  /** Steps in which samples are drawn. */
  readonly drawnSteps: number;
  /**
   * The divergence: over all sites, or estimated by one random vector per row, with noise that has mean zero
   * in log P but not in P.
   */
  readonly divergence: "full" | "probed";
  /**
   * Returns the same model with another way to draw rows. Throws AnsatzError (usage) for guidance that it was
   * not trained for.
   */
  drawing(how: TimeDrawing): M;
  /** log P of rows `x: [batch, ...sites]` by the flow's equation, `[batch]` nats: an estimate. */
  logProb(parameters: Symbolic<P>, x: Tensor, options: DensityOptions): Tensor;
  /**
   * v(z, t) = dz/dt, `[batch, ...sites]`, at times `[batch]` from 0 (data) to 1 (noise), both z and v in the model's standardised units,
   * in which noise has variance 1.
   */
  velocity(parameters: Symbolic<P>, z: Tensor, time: Tensor, context?: Tensor): Tensor;
  /** Rows on the way from noise at the given moments, from 1 (noise) to 0 (data): `[moments, batch, ...sites]` in units of the data. */
  moments(parameters: Symbolic<P>, key: SymbolicKey, times: readonly number[], context?: Tensor): Tensor;
  /** The squared error of the velocity of each row at one time and one noise, of the model and of the exact Gaussian alone, `[batch]`. */
  errors(
    parameters: Symbolic<P>,
    x: Tensor,
    key: SymbolicKey,
    context?: Tensor,
  ): { readonly own: Tensor; readonly gaussian: Tensor };
  /**
   * The deterministic flow as an exact model, with log P up to the error of the steps; only with the full divergence, as the
   * exponential of an estimated one is biased.
   */
  readonly exact?: ExactModel<P> | undefined;
}
