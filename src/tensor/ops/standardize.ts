import { applyAll, dtypeError, isFloat, type Operation, type Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { sum } from "./reduce.ts";

/** Two results: y = (x − μ) r along the last axis, and r = (σ² + ε)^−½ with that axis of size 1. */
export const standardizeOperation: Operation<{ epsilon: number }> = {
  name: "standardize",
  infer(inputs) {
    const x = inputs[0] as Tensor;
    if (!isFloat(x.dtype) || x.shape.length === 0) throw dtypeError("standardize", "needs real vectors", x);
    return [
      { shape: x.shape, dtype: x.dtype },
      { shape: [...x.shape.slice(0, -1), 1], dtype: x.dtype },
    ];
  },
  derivative({ outputs, cotangents }) {
    const [y, r] = outputs as [Tensor, Tensor];
    const [g, s] = cotangents;
    const n = y.shape.at(-1) as number;
    const mean = (t: Tensor) => mul(sum(t, -1, true), 1 / n);
    // ∂r/∂x = −r² y / n, and ∂y_i/∂x_j = r (δ_ij − 1/n − y_i y_j / n).
    const through = g && mul(r, sub(sub(g, mean(g)), mul(y, mean(mul(g, y)))));
    const scale = s && mul(y, mul(mul(mul(r, r), s), -1 / n));
    return [through && scale ? add(through, scale) : (through ?? scale)];
  },
};

/** The last axis shifted and scaled to mean 0 and variance 1: (x − μ) / √(σ² + ε). */
export function standardize(x: Tensor, epsilon = 1e-5): Tensor {
  return applyAll(standardizeOperation, [x], { epsilon })[0] as Tensor;
}

/** Normalises the last axis to mean 0 and variance 1, then scales and shifts it (Ba, Kiros & Hinton 2016). */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  return add(mul(standardize(x, epsilon), gain), bias);
}
