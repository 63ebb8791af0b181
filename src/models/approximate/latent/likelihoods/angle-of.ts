import {
  abs,
  add,
  cast,
  cos,
  div,
  less,
  maximum,
  mul,
  sin,
  sqrt,
  square,
  sub,
  type Tensor,
  where,
} from "../../../../tensor/index.ts";

/** The angle of a vector in [−π, π]; 0 of the vector 0. No gradient should be taken of it: it is for values that are shown. */
export function angleOf(x: Tensor, y: Tensor): Tensor {
  const size = maximum(sqrt(add(square(x), square(y))), 1e-30);
  const [c, s] = [div(x, size), div(y, size)];
  // The angle on a square instead of a circle, off by 0.07 at most.
  const share = div(c, maximum(add(abs(c), abs(s)), 1e-30));
  const side = sub(1, mul(cast(less(s, 0), s.dtype), 2));
  const rough = mul(mul(side, Math.PI / 2), sub(1, share));
  const start = where(less(add(abs(c), abs(s)), 0.5), 0, rough);
  // The sine of what is left gives it, but for a fifth power.
  const step = (angle: Tensor) => {
    const left = sub(mul(s, cos(angle)), mul(c, sin(angle)));
    return add(angle, mul(left, add(1, div(square(left), 6))));
  };
  return step(step(start));
}
