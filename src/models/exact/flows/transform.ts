import { add, div, exp, mul, neg, slice, squeeze, sub, type Tensor, tanh } from "../../../tensor/index.ts";
import type { Mapped } from "./bijection.ts";

/**
 * A monotonic map of one number, by numbers that a network gives for each: what a coupling does to the variables it moves,
 * and an autoregressive bijection to each in turn. `raw: [batch, size, ...shape]`, values `[batch, ...shape]`; the
 * log-determinant is of each number by itself, `[batch, ...shape]`. The identity where `raw` is zero.
 */
export interface Transform {
  /** Numbers that say how one variable is moved. */
  readonly size: number;
  /**
   * Which of them stay and which change sign under x → −x of all variables, for the map to be odd; left out where no choice
   * makes it so.
   */
  readonly parity?: readonly ("even" | "odd")[];
  forward(raw: Tensor, z: Tensor): Mapped;
  inverse(raw: Tensor, x: Tensor): Mapped;
}

/** Parameter `k` of every variable. */
const part = (raw: Tensor, k: number) => squeeze(slice(raw, 1, k, k + 1), 1);

/**
 * x = z · exp(s) + t with s = `bound` · tanh(r / bound), so that no network can ask for a stretch beyond exp(±bound)
 * (RealNVP bounds s likewise: Dinh, Sohl-Dickstein & Bengio, arXiv:1605.08803, section 4.1).
 */
export function affineTransform(bound = 3): Transform {
  const scale = (raw: Tensor) => mul(tanh(div(part(raw, 0), bound)), bound);
  return {
    size: 2,
    parity: ["even", "odd"],
    forward(raw, z) {
      const s = scale(raw);
      return { value: add(mul(z, exp(s)), part(raw, 1)), logDet: s };
    },
    inverse(raw, x) {
      const minus = neg(scale(raw));
      return { value: mul(sub(x, part(raw, 1)), exp(minus)), logDet: minus };
    },
  };
}

/** The same maps the other way round: `forward` is what `inverse` was. */
export const invertTransform = ({ size, forward, inverse }: Transform): Transform => ({
  size,
  forward: inverse,
  inverse: forward,
});
