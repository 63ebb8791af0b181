import { arrayFrom } from "../../array.ts";
import { add, constant, expandDims, logSumExp, mul, neg, square, sub, sum } from "../../tensor/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** A mixture of round normal distributions in the plane, all of one width. */
export interface Mixture {
  /** `[components, 2]` row-major. */
  readonly centres: Float64Array;
  /** `[components]`, adding up to 1. */
  readonly weights: Float64Array;
  /** Standard deviation along each axis. */
  readonly sigma: number;
}

/** Exponents this far below the largest do not change a sum of doubles. */
const negligible = 40;

/** log p(x, y) of a mixture in nats, finite everywhere. */
export function mixtureLogDensity({ centres, weights, sigma }: Mixture): (x: number, y: number) => number {
  const n = weights.length;
  const logWeights = weights.map((w) => Math.log(w / (2 * Math.PI * sigma * sigma)));
  const exponents = new Float64Array(n);
  const scale = -0.5 / (sigma * sigma);
  return (x, y) => {
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < n; k++) {
      const [dx, dy] = [x - centres[2 * k]!, y - centres[2 * k + 1]!];
      const exponent = scale * (dx * dx + dy * dy) + logWeights[k]!;
      exponents[k] = exponent;
      if (exponent > largest) largest = exponent;
    }
    let total = 0;
    for (let k = 0; k < n; k++)
      if (exponents[k]! > largest - negligible) total += Math.exp(exponents[k]! - largest);
    return largest + Math.log(total);
  };
}

/** −log p of tensors `[batch, 2]` → `[batch]`, of their element type. */
export function mixtureEnergyTensor({ centres, weights, sigma }: Mixture, x: Tensor): Tensor {
  const n = weights.length;
  const at = constant(arrayFrom(x.dtype, [1, n, 2], centres));
  const logWeights = constant(
    arrayFrom(
      x.dtype,
      [1, n],
      weights.map((w) => Math.log(w / (2 * Math.PI * sigma * sigma))),
    ),
  );
  const distances = sum(square(sub(expandDims(x, 1), at)), -1);
  return neg(logSumExp(add(mul(distances, -0.5 / (sigma * sigma)), logWeights), 1));
}

/** Distance from the nearest centre, in σ, beyond which a mixture holds less than 10⁻¹⁷. */
const reach = 9;

/**
 * The entropy −∫p log p of a mixture and the variance of log p, by the trapezoid rule on a square grid of spacing
 * σ/`fineness`, around all centres by 9σ: of functions this smooth its error falls exponentially with the fineness.
 */
export function mixtureEntropy(mixture: Mixture, fineness = 3): { value: number; variance: number } {
  const { centres, sigma } = mixture;
  const logDensity = mixtureLogDensity(mixture);
  const step = sigma / fineness;
  const [left, right] = around(centres, 0, reach * sigma);
  const [bottom, top] = around(centres, 1, reach * sigma);
  let [norm, first, second] = [0, 0, 0];
  for (let x = left; x <= right; x += step)
    for (let y = bottom; y <= top; y += step) {
      const l = logDensity(x, y);
      const p = Math.exp(l);
      norm += p;
      first += p * l;
      second += p * l * l;
    }
  // What the rule makes of ∫p is 1 but for rounding; dividing by it takes that away.
  const mean = first / norm;
  return { value: 0 - mean, variance: second / norm - mean * mean };
}

function around(centres: Float64Array, axis: 0 | 1, margin: number): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = axis; i < centres.length; i += 2) {
    low = Math.min(low, centres[i]!);
    high = Math.max(high, centres[i]!);
  }
  return [low - margin, high + margin];
}

/** Exact means of x, y and x² + y² of a mixture. */
export function mixtureMeans({ centres, weights, sigma }: Mixture): {
  x: number;
  y: number;
  squareRadius: number;
} {
  const means = { x: 0, y: 0, squareRadius: 2 * sigma * sigma };
  weights.forEach((w, k) => {
    const [x, y] = [centres[2 * k]!, centres[2 * k + 1]!];
    means.x += w * x;
    means.y += w * y;
    means.squareRadius += w * (x * x + y * y);
  });
  return means;
}
