import { apply, dtypeError, isFloat, type Operation, type Tensor, type TensorType } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { cast, greater, where } from "./compare.ts";

type None = Record<never, never>;
const none: None = {};

/** `derivative(g, x, y)` gives the input's cotangent; null where it is zero almost everywhere. */
function unary(
  name: string,
  kinds: "float" | "number",
  derivative: ((g: Tensor, x: Tensor, y: Tensor) => Tensor) | null,
): Operation<None> {
  return {
    name,
    infer(inputs): TensorType[] {
      const x = inputs[0] as Tensor;
      if (kinds === "float" ? !isFloat(x.dtype) : x.dtype === "bool")
        throw dtypeError(name, kinds === "float" ? "needs real numbers" : "needs numbers", x);
      return [{ shape: x.shape, dtype: x.dtype }];
    },
    derivative: ({ inputs, outputs, cotangents }) => [
      derivative === null
        ? undefined
        : derivative(cotangents[0] as Tensor, inputs[0] as Tensor, outputs[0] as Tensor),
    ],
  };
}

export const negOperation = unary("neg", "number", (g) => neg(g));
export const expOperation = unary("exp", "float", (g, _, y) => mul(g, y));
export const expm1Operation = unary("expm1", "float", (g, x) => mul(g, exp(x)));
export const logOperation = unary("log", "float", (g, x) => div(g, x));
export const log1pOperation = unary("log1p", "float", (g, x) => div(g, add(x, 1)));
export const sqrtOperation = unary("sqrt", "float", (g, _, y) => div(mul(g, 0.5), y));
export const sinOperation = unary("sin", "float", (g, x) => mul(g, cos(x)));
export const cosOperation = unary("cos", "float", (g, x) => neg(mul(g, sin(x))));
export const tanhOperation = unary("tanh", "float", (g, _, y) => mul(g, sub(1, mul(y, y))));
export const sigmoidOperation = unary("sigmoid", "float", (g, _, y) => mul(g, mul(y, sub(1, y))));
export const softplusOperation = unary("softplus", "float", (g, x) => mul(g, sigmoid(x)));
export const erfOperation = unary("erf", "float", (g, x) =>
  mul(g, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
);
export const reluOperation = unary("relu", "float", (g, _, y) => mul(g, cast(greater(y, 0), g.dtype)));
export const absOperation = unary("abs", "number", (g, x) => mul(g, sign(x)));
export const signOperation = unary("sign", "number", null);
export const floorOperation = unary("floor", "float", null);

/** −x. */
export const neg = (x: Tensor): Tensor => apply(negOperation, [x], none);
/** eˣ. */
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
