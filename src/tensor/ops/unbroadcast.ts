import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./layout.ts";
import { sum } from "./reduce.ts";

/** The adjoint of broadcasting: `x` summed over the axes along which `shape` was repeated. */
export function unbroadcast(x: Tensor, shape: Shape): Tensor {
  const extra = x.shape.length - shape.length;
  const axes = [...x.shape.keys()].filter((i) => i < extra || (shape[i - extra] === 1 && x.shape[i] !== 1));
  return reshape(axes.length === 0 ? x : sum(x, axes), shape);
}
