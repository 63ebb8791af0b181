import { arrayFrom } from "../../../../array.ts";
import { constant, matmul, mul, sub, type Tensor } from "../../../../tensor/index.ts";

/**
 * The inverse of I + N for a strictly lower triangular N `[n, n]`, by inverses of diagonal blocks of 1, 2, 4, … rows: that
 * of [A 0; B D] is [A⁻¹ 0; −D⁻¹ B A⁻¹ D⁻¹]. ⌈log₂ n⌉ pairs of products, differentiable; entries of N on and above the
 * diagonal are not read.
 */
export function invertUnitLower(strictlyLower: Tensor): Tensor {
  const n = strictlyLower.shape[0] as number;
  const matrix = (entry: (i: number, j: number) => boolean) =>
    constant(
      arrayFrom(
        strictlyLower.dtype,
        [n, n],
        Array.from({ length: n * n }, (_, k) => (entry(Math.floor(k / n), k % n) ? 1 : 0)),
      ),
    );
  let inverse = matrix((i, j) => i === j);
  for (let size = 1; size < n; size *= 2) {
    // Below the diagonal blocks of `size`, inside those of twice the size.
    const block = (i: number) => Math.floor(i / size);
    const below = matrix((i, j) => block(i) === block(j) + 1 && block(i) % 2 === 1);
    const part = mul(strictlyLower, below);
    inverse = sub(inverse, size === 1 ? part : matmul(inverse, matmul(part, inverse)));
  }
  return inverse;
}
