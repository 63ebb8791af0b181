import { apply, dtypeError, isFloat, type Operation, type Tensor, type TensorType } from "../tensor.ts";
import { add, mul } from "./arithmetic.ts";
import { greater, where } from "./compare.ts";

type None = Record<never, never>;
const none: None = {};

function unary(name: string, kinds: "float" | "number"): Operation<None> {
  return {
    name,
    infer(inputs): TensorType[] {
      const x = inputs[0] as Tensor;
      if (kinds === "float" ? !isFloat(x.dtype) : x.dtype === "bool")
        throw dtypeError(name, kinds === "float" ? "needs real numbers" : "needs numbers", x);
      return [{ shape: x.shape, dtype: x.dtype }];
    },
  };
}

export const negOperation = unary("neg", "number");
export const expOperation = unary("exp", "float");
export const expm1Operation = unary("expm1", "float");
export const logOperation = unary("log", "float");
export const log1pOperation = unary("log1p", "float");
export const sqrtOperation = unary("sqrt", "float");
export const sinOperation = unary("sin", "float");
export const cosOperation = unary("cos", "float");
export const tanhOperation = unary("tanh", "float");
export const sigmoidOperation = unary("sigmoid", "float");
export const softplusOperation = unary("softplus", "float");
export const erfOperation = unary("erf", "float");
export const reluOperation = unary("relu", "float");
export const absOperation = unary("abs", "number");
export const signOperation = unary("sign", "number");
export const floorOperation = unary("floor", "float");

/** The negative of each element, −x. */
export const neg = (x: Tensor): Tensor => apply(negOperation, [x], none);
/** The exponential of each element, eˣ. */
export const exp = (x: Tensor): Tensor => apply(expOperation, [x], none);
/** eˣ − 1, accurate near 0. */
export const expm1 = (x: Tensor): Tensor => apply(expm1Operation, [x], none);
/** Natural logarithm. */
export const log = (x: Tensor): Tensor => apply(logOperation, [x], none);
/** log(1 + x), accurate near 0. */
export const log1p = (x: Tensor): Tensor => apply(log1pOperation, [x], none);
/** Square root. */
export const sqrt = (x: Tensor): Tensor => apply(sqrtOperation, [x], none);
/** Sine of an angle in radians. */
export const sin = (x: Tensor): Tensor => apply(sinOperation, [x], none);
/** Cosine of an angle in radians. */
export const cos = (x: Tensor): Tensor => apply(cosOperation, [x], none);
/** Hyperbolic tangent. */
export const tanh = (x: Tensor): Tensor => apply(tanhOperation, [x], none);
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = (x: Tensor): Tensor => apply(sigmoidOperation, [x], none);
/** log(1 + eˣ) without overflow. */
export const softplus = (x: Tensor): Tensor => apply(softplusOperation, [x], none);
/** The error function (2/√π) ∫₀ˣ exp(−t²) dt. */
export const erf = (x: Tensor): Tensor => apply(erfOperation, [x], none);
/** max(x, 0), with derivative 0 at 0. */
export const relu = (x: Tensor): Tensor => apply(reluOperation, [x], none);
/** |x|, with derivative 0 at 0. */
export const abs = (x: Tensor): Tensor => apply(absOperation, [x], none);
/** −1, 0 or 1; its derivative is 0. */
export const sign = (x: Tensor): Tensor => apply(signOperation, [x], none);
/** The largest integer ≤ x; its derivative is 0. */
export const floor = (x: Tensor): Tensor => apply(floorOperation, [x], none);
/** log σ(x) = −softplus(−x). */
export const logSigmoid = (x: Tensor): Tensor => neg(softplus(neg(x)));
/** x for x > 0, slope · x below. */
export const leakyRelu = (x: Tensor, slope = 0.01): Tensor => where(greater(x, 0), x, mul(x, slope));
/** x for x > 0, eˣ − 1 below. */
export const elu = (x: Tensor): Tensor => where(greater(x, 0), x, expm1(where(greater(x, 0), 0, x)));
/** x σ(x), also called swish. */
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x));
/** x Φ(x) with the normal distribution function Φ, by the error function. */
export const gelu = (x: Tensor): Tensor => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
