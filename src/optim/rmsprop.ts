import { checkPositive, checkRange } from "./check.ts";
import { defineOptimiser, type Optimiser } from "./optimiser.ts";
import {
  type Arithmetic,
  average,
  baseCoefficients,
  type Coefficients,
  effectiveGradient,
  type Moments,
} from "./rule.ts";

/** Options of {@link rmsprop}. */
export interface RmspropOptions {
  /** α, the share of the running mean square that is kept each step; 0.99. */
  readonly smoothing?: number;
  /** ε, added to the root of the mean square; 1e-8. */
  readonly epsilon?: number;
  /** Share of the previous move that is kept; 0, which needs no velocity vector. */
  readonly momentum?: number;
  /** λ, added to the gradient as λ·θ (L2); 0. */
  readonly weightDecay?: number;
}

/**
 * RMSprop: the gradient divided by the root of its running mean square, without bias correction.
 *
 * Tieleman & Hinton, lecture 6.5 of "Neural networks for machine learning" (2012).
 *
 * @throws AnsatzError (`usage`) for an option out of range.
 */
export function rmsprop(options: RmspropOptions = {}): Optimiser {
  const { smoothing = 0.99, epsilon = 1e-8, momentum = 0, weightDecay = 0 } = options;
  checkRange("rmsprop: smoothing", smoothing, 0, 1);
  checkPositive("rmsprop: epsilon", epsilon);
  checkRange("rmsprop: momentum", momentum, 0, 1);
  checkRange("rmsprop: weightDecay", weightDecay, 0);
  return defineOptimiser({
    name: "rmsprop",
    options: { smoothing, epsilon, momentum, weightDecay },
    stateVectors: momentum > 0 ? ["meanSquare", "velocity"] : ["meanSquare"],
    coefficients: (at, decays) => ({
      ...baseCoefficients(at),
      l2: decays ? weightDecay : 0,
      stepSize: at.lr,
      squareKeep: smoothing,
      squareRate: 1 - smoothing,
      epsilon,
      momentum,
    }),
    apply<T>(math: Arithmetic<T>, { param, state }: Moments<T>, grad: T, c: Coefficients<T>): Moments<T> {
      const [v, velocity] = state as [T, T?];
      const g = effectiveGradient(math, param, grad, c);
      const square = average(math, v, math.mul(g, g), c.squareKeep, c.squareRate);
      const scaled = math.div(g, math.add(math.sqrt(square), c.epsilon));
      if (velocity === undefined)
        return { param: math.sub(param, math.mul(c.stepSize, scaled)), state: [square] };
      const move = math.add(math.mul(c.momentum, velocity), scaled);
      return { param: math.sub(param, math.mul(c.stepSize, move)), state: [square, move] };
    },
    update(kernel, { params, grads, state, mask, length }, c) {
      const [square, velocity = 0] = state as [number, number?];
      kernel.rmsprop(
        params,
        grads,
        square,
        velocity,
        mask,
        length,
        c.gradScale,
        c.l2,
        c.stepSize,
        c.squareKeep,
        c.squareRate,
        c.epsilon,
        c.momentum,
      );
    },
  });
}
