import type { EnergyModel, EnergyParameters, Symbolic } from "../../models/contract.ts";
import { add, grad, mul, normal, type SymbolicKey, square, sum, type Tensor } from "../../tensor/index.ts";

/**
 * The score matching loss of each real row: ½|s|² + ∇·s with s = ∂ log P/∂x, which needs no Z (Hyvärinen 2005, equation
 * 4). The trace is estimated from one normal vector u a row, uᵀ ∂s/∂x u (Song et al. 2019, sliced score matching with
 * reduced variance). `x: [batch, ...sites]` → `[batch]`.
 */
export function scoreMatchingRows<P extends EnergyParameters>(
  model: EnergyModel<P>,
  p: Symbolic<P>,
  x: Tensor,
  key: SymbolicKey,
): Tensor {
  const u = normal(key, x.shape, x.dtype === "f64" ? "f64" : "f32");
  const axes = x.shape.slice(1).map((_, i) => i + 1);
  const score = grad((at: Tensor) => sum(model.logWeight(p, at)));
  const along = grad((at: Tensor) => sum(mul(score(at), u)));
  return add(mul(sum(square(score(x)), axes), 0.5), sum(mul(along(x), u), axes));
}
