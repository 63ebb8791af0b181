import { type NDArray, ndarray, sizeOf } from "../../../../array.ts";
import {
  add,
  cos,
  div,
  exp,
  expm1,
  log,
  mul,
  reshape,
  sigmoid,
  sqrt,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../../../tensor/index.ts";
import type { Base } from "../base.ts";
import { studentLogDensity } from "./student-density.ts";
import { studentFit } from "./student-fit.ts";

/** The degrees of freedom of each number, `[numbers]`, as {@link freedomOf} reads them. */
export type StudentParameters = { readonly freedom: NDArray<"f32"> };

/** Fewest and most degrees of freedom: heavier tails leave single precision, lighter ones are normal to all purposes. */
const [LEAST, MOST] = [0.5, 1000];
const SPAN = Math.log(MOST / LEAST);
/** Initial parameter: ν = 3 before any data are seen. */
const FIRST = -Math.log(SPAN / Math.log(3 / LEAST) - 1);

/**
 * Independent numbers of Student's t distribution, each with its own learned degrees of freedom ν from 0.5 to
 * 1000: q(t) = Γ((ν+1)/2) / (Γ(ν/2) √(νπ)) (1 + t²/ν)^{−(ν+1)/2}. ν = 1 is Cauchy's distribution. The density
 * falls as a power, so that an outlier costs the logarithm of its distance, while a normal base charges the
 * square.
 *
 * Draws are t = √(ν (u^{−2/ν} − 1)) cos 2πv of uniform u and v, exact for every ν and differentiable by it:
 * Bailey, Math. Comp. 62 (1994) 779. In single precision u is a multiple of 2⁻²⁴, so no draw is further out
 * than √ν 2^{24/ν}.
 */
export function studentBase(shape: readonly number[]): Base<StudentParameters> {
  const size = sizeOf(shape);
  return {
    shape,
    init: () => ({ freedom: ndarray("f32", [size], new Float32Array(size).fill(FIRST)) }),
    logProb({ freedom }, z) {
      const nu = freedomOf(freedom);
      const t = reshape(z, [z.shape[0] as number, size]);
      return sum(studentLogDensity(t, nu), 1);
    },
    sample({ freedom }, key, rows, dtype) {
      const nu = freedomOf(freedom);
      const u = sub(1, uniform(key.fold(0), [rows, size], dtype));
      const v = uniform(key.fold(1), [rows, size], dtype);
      const radius = sqrt(mul(nu, expm1(div(mul(log(u), -2), nu))));
      return reshape(mul(radius, cos(mul(v, 2 * Math.PI))), [rows, ...shape]);
    },
    adapt(_, z) {
      const { logFreedom } = studentFit(reshape(z, [z.shape[0] as number, size]));
      const place = div(sub(logFreedom, Math.log(LEAST)), SPAN);
      return { freedom: log(div(place, sub(1, place))) };
    },
  };
}

/** ν of what is learned: between the least and the most. */
function freedomOf(freedom: Tensor): Tensor {
  return exp(add(mul(sigmoid(freedom), SPAN), Math.log(LEAST)));
}
