import {
  abs,
  add,
  div,
  greater,
  log,
  log1p,
  minimum,
  mul,
  neg,
  sqrt,
  square,
  sub,
  type Tensor,
  where,
} from "../../../../tensor/index.ts";

/** Beyond this many √ν a square is not taken: it would leave single precision. */
const FAR = 1e4;
/** Steps of the recurrence of the gamma function, after which four terms of a series give eight digits. */
const STEPS = 8;

/** log of Student's density of t with ν degrees of freedom, for tensors that broadcast. */
export function studentLogDensity(t: Tensor, nu: Tensor): Tensor {
  const distance = div(abs(t), sqrt(nu));
  const far = greater(distance, FAR);
  const near = log1p(square(minimum(distance, FAR)));
  const power = where(far, mul(log(where(far, distance, 1)), 2), near);
  const front = sub(logGammaStep(mul(nu, 0.5)), mul(log(mul(nu, Math.PI)), 0.5));
  return sub(front, mul(mul(add(nu, 1), 0.5), power));
}

/**
 * log Γ(a + ½) − log Γ(a) for a ≥ ¼, without the cancellation of large a: eight steps of Γ(a + 1) = aΓ(a), and from there
 * ½ log b − 1/(8b) + 1/(192b³) − 1/(640b⁵) (Tricomi & Erdélyi, Pacific J. Math. 1 (1951) 133).
 */
function logGammaStep(a: Tensor): Tensor {
  const b = add(a, STEPS);
  const inverse = div(1, b);
  const cube = mul(inverse, square(inverse));
  let value = add(
    sub(mul(log(b), 0.5), mul(inverse, 1 / 8)),
    sub(mul(cube, 1 / 192), mul(mul(cube, square(inverse)), 1 / 640)),
  );
  for (let k = 0; k < STEPS; k++) value = add(value, neg(log1p(div(0.5, add(a, k)))));
  return value;
}
