import { sizeOf } from "../../../../array.ts";
import {
  add,
  exp,
  flatten,
  mul,
  neg,
  reshape,
  slice,
  sub,
  type Tensor,
  tanh,
} from "../../../../tensor/index.ts";
import type { Transform } from "../transform.ts";

/**
 * Parameter `k` of every variable, end to end: the engine is slow when a last axis of size 1 meets a number.
 */
function part(raw: Tensor, k: number): Tensor {
  const [batch, size] = raw.shape as [number, number];
  const m = sizeOf(raw.shape.slice(2));
  return reshape(slice(reshape(raw, [batch, size * m]), 1, k * m, (k + 1) * m), [batch * m]);
}

/**
 * x = z · exp(s) + t with s = `bound` · tanh(r / bound), so that no network can ask for a stretch beyond exp(±bound)
 * (RealNVP bounds s likewise: Dinh, Sohl-Dickstein & Bengio, arXiv:1605.08803, section 4.1).
 */
export function affineTransform(bound = 3): Transform {
  const scale = (raw: Tensor) => mul(tanh(mul(part(raw, 0), 1 / bound)), bound);
  return {
    size: 2,
    parity: ["even", "odd"],
    forward(raw, z) {
      const s = scale(raw);
      const moved = add(mul(flatten(z), exp(s)), part(raw, 1));
      return { value: reshape(moved, z.shape), logDet: reshape(s, z.shape) };
    },
    inverse(raw, x) {
      const minus = neg(scale(raw));
      const moved = mul(sub(flatten(x), part(raw, 1)), exp(minus));
      return { value: reshape(moved, x.shape), logDet: reshape(minus, x.shape) };
    },
  };
}
