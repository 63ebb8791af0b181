import { checkPositive, checkRange } from "./check.ts";
import { defineOptimiser, type Optimiser } from "./optimiser.ts";
import {
  type Arithmetic,
  average,
  baseCoefficients,
  type Coefficients,
  effectiveGradient,
  type Moments,
  type UpdateRule,
} from "./rule.ts";

/** Options of {@link adam} and {@link adamw}. */
export interface AdamOptions {
  /** β₁, the share of the running mean that is kept each step; 0.9. */
  readonly beta1?: number;
  /** β₂, the share of the running mean square that is kept each step; 0.999. */
  readonly beta2?: number;
  /** ε, added to the root of the mean square; 1e-8. */
  readonly epsilon?: number;
  /** λ; 0 for `adam`, 0.01 for `adamw`. */
  readonly weightDecay?: number;
}

/** The Adam family: `decoupled` decides whether weight decay acts separately or is added to the gradient. */
export function adamRule(name: string, options: Required<AdamOptions>, decoupled: boolean): UpdateRule {
  const { beta1, beta2, epsilon, weightDecay } = options;
  checkRange(`${name}: beta1`, beta1, 0, 1);
  checkRange(`${name}: beta2`, beta2, 0, 1);
  checkPositive(`${name}: epsilon`, epsilon);
  checkRange(`${name}: weightDecay`, weightDecay, 0);
  return {
    name,
    options: { beta1, beta2, epsilon, weightDecay },
    stateVectors: ["mean", "meanSquare"],
    coefficients(at, decays) {
      // lr·m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ), multiplied through by √(1 − β₂ᵗ).
      const root = Math.sqrt(1 - beta2 ** at.t);
      const lambda = decays ? weightDecay : 0;
      return {
        ...baseCoefficients(at),
        l2: decoupled ? 0 : lambda,
        decay: decoupled ? at.lr * lambda : 0,
        stepSize: (at.lr * root) / (1 - beta1 ** at.t),
        meanKeep: beta1,
        meanRate: 1 - beta1,
        squareKeep: beta2,
        squareRate: 1 - beta2,
        epsilon: epsilon * root,
      };
    },
    apply<T>(math: Arithmetic<T>, { param, state }: Moments<T>, grad: T, c: Coefficients<T>): Moments<T> {
      const [m, v] = state as [T, T];
      const g = effectiveGradient(math, param, grad, c);
      const mean = average(math, m, g, c.meanKeep, c.meanRate);
      const square = average(math, v, math.mul(g, g), c.squareKeep, c.squareRate);
      const move = math.div(math.mul(c.stepSize, mean), math.add(math.sqrt(square), c.epsilon));
      return { param: math.sub(param, math.add(math.mul(c.decay, param), move)), state: [mean, square] };
    },
    update(kernel, { params, grads, state, mask, length }, c) {
      const [mean, square] = state as [number, number];
      kernel.adam(
        params,
        grads,
        mean,
        square,
        mask,
        length,
        c.gradScale,
        c.l2,
        c.decay,
        c.stepSize,
        c.meanKeep,
        c.meanRate,
        c.squareKeep,
        c.squareRate,
        c.epsilon,
      );
    },
  };
}

/**
 * Adam: steps scaled by running averages of the gradient and of its square, bias corrected. Weight decay, if
 * any, is added to the gradient (L2).
 *
 * Kingma & Ba, arXiv:1412.6980, algorithm 1.
 *
 * @throws AnsatzError (`usage`) for an option out of range.
 */
export function adam(options: AdamOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  return defineOptimiser(adamRule("adam", { beta1, beta2, epsilon, weightDecay }, false));
}
