import { usageError } from "../error.ts";
import { checkRange } from "./check.ts";
import { defineOptimiser, type Optimiser } from "./optimiser.ts";
import {
  type Arithmetic,
  baseCoefficients,
  type Coefficients,
  effectiveGradient,
  type Moments,
} from "./rule.ts";

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Share of the previous velocity that is kept; 0, which needs no velocity vector. */
  readonly momentum?: number;
  /** Look ahead along the velocity (Sutskever et al., ICML 2013); needs momentum above 0. */
  readonly nesterov?: boolean;
  /** λ, added to the gradient as λ·θ (L2); 0. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent, with momentum if asked: u ← μ·u + g, θ ← θ − lr·u (Nesterov: θ − lr·(g + μ·u)).
 *
 * @throws AnsatzError (`usage`) for an option out of range.
 */
export function sgd(options: SgdOptions = {}): Optimiser {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  checkRange("sgd: momentum", momentum, 0, 1);
  checkRange("sgd: weightDecay", weightDecay, 0);
  if (nesterov && momentum === 0) throw usageError("sgd: nesterov needs momentum above 0");
  return defineOptimiser({
    name: "sgd",
    options: { momentum, nesterov, weightDecay },
    stateVectors: momentum > 0 ? ["velocity"] : [],
    coefficients: (at, decays) => ({
      ...baseCoefficients(at),
      l2: decays ? weightDecay : 0,
      stepSize: at.lr,
      momentum,
    }),
    apply<T>(math: Arithmetic<T>, { param, state }: Moments<T>, grad: T, c: Coefficients<T>): Moments<T> {
      const g = effectiveGradient(math, param, grad, c);
      const old = state[0];
      if (old === undefined) return { param: math.sub(param, math.mul(c.stepSize, g)), state: [] };
      const velocity = math.add(math.mul(c.momentum, old), g);
      const move = nesterov ? math.add(g, math.mul(c.momentum, velocity)) : velocity;
      return { param: math.sub(param, math.mul(c.stepSize, move)), state: [velocity] };
    },
    update(kernel, { params, grads, state, mask, length }, c) {
      kernel.sgd(
        params,
        grads,
        state[0] ?? 0,
        mask,
        length,
        c.gradScale,
        c.l2,
        c.stepSize,
        c.momentum,
        nesterov,
      );
    },
  });
}
