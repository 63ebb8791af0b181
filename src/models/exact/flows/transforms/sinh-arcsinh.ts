import { asinh, sinhCosh } from "../../../../nn/hyperbolic.ts";
import {
  add,
  div,
  exp,
  log,
  mul,
  neg,
  slice,
  square,
  squeeze,
  sub,
  type Tensor,
  tanh,
} from "../../../../tensor/index.ts";
import type { Transform } from "../transform.ts";

/** Largest |log| of the power and of the stretch that a network can ask for. */
const [POWER, STRETCH] = [1.5, 3];

const part = (raw: Tensor, k: number) => squeeze(slice(raw, 1, k, k + 1), 1);
const bounded = (raw: Tensor, bound: number) => mul(tanh(div(raw, bound)), bound);
const logRoot = (x: Tensor) => mul(log(add(square(x), 1)), 0.5);

/**
 * x = exp(s) · sinh(δ · arcsinh(z + κ)) + t: affine, with a skewness κ and tails |z|^δ that are lighter (δ <
 * 1) or heavier than those of z (Jones & Pewsey, Biometrika 96 (2009) 761; their ε is δ arcsinh κ at the
 * centre). Both directions are elementary functions. A density exp(−x⁴) has δ = ½ in its tails, which affine
 * maps of normal numbers cannot reach.
 */
export const sinhArcsinh: Transform = {
  size: 4,
  parity: ["even", "even", "odd", "odd"],
  forward(raw, z) {
    const [stretch, power] = [bounded(part(raw, 0), STRETCH), bounded(part(raw, 1), POWER)];
    const w = add(z, part(raw, 3));
    const { sinh, cosh } = sinhCosh(mul(exp(power), asinh(w)));
    return {
      value: add(mul(exp(stretch), sinh), part(raw, 2)),
      logDet: sub(add(add(stretch, power), log(cosh)), logRoot(w)),
    };
  },
  inverse(raw, x) {
    const [stretch, power] = [bounded(part(raw, 0), STRETCH), bounded(part(raw, 1), POWER)];
    const v = mul(sub(x, part(raw, 2)), exp(neg(stretch)));
    const { sinh, cosh } = sinhCosh(mul(exp(neg(power)), asinh(v)));
    return {
      value: sub(sinh, part(raw, 3)),
      logDet: neg(add(add(stretch, power), sub(logRoot(v), log(cosh)))),
    };
  },
};
