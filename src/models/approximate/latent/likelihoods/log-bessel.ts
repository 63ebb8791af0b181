import {
  add,
  div,
  less,
  log,
  maximum,
  minimum,
  mul,
  sqrt,
  sub,
  type Tensor,
  where,
} from "../../../../tensor/index.ts";

/** I₀(κ) as a polynomial in (κ/3.75)², and I₀(κ) √κ exp(−κ) as one in 3.75/κ: Abramowitz & Stegun, 9.8.1 and 9.8.2. */
const SMALL = [1, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813];
const LARGE = [
  0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281, -0.02057706, 0.02635537, -0.01647633,
  0.00392377,
];
const EDGE = 3.75;

const polynomial = (coefficients: readonly number[], x: Tensor): Tensor =>
  coefficients
    .slice(0, -1)
    .reduceRight<Tensor | number>((sum, c) => add(mul(x, sum), c), coefficients.at(-1) as number) as Tensor;

/**
 * log I₀(κ), the logarithm of the modified Bessel function of order 0, of κ² ≥ 0: to 2 · 10⁻⁷. Of the square it has a derivative
 * at 0 too.
 */
export function logBesselI0(squared: Tensor): Tensor {
  const small = div(minimum(squared, EDGE ** 2), EDGE ** 2);
  const kappa = sqrt(maximum(squared, EDGE ** 2));
  const large = add(sub(kappa, mul(log(kappa), 0.5)), log(polynomial(LARGE, div(EDGE, kappa))));
  return where(less(squared, EDGE ** 2), log(polynomial(SMALL, small)), large);
}
