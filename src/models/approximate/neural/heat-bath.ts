import { ndarray } from "../../../array.ts";
import {
  add,
  cast,
  constant,
  less,
  mul,
  reshape,
  type SymbolicKey,
  scan,
  sigmoid,
  sub,
  type Tensor,
  transpose,
  uniform,
} from "../../../tensor/index.ts";
import { real } from "../reference.ts";

/**
 * Visits the sites of bits `x: [batch, n]` one after the other and draws each given the others, by the log-weights of its two
 * values (heat bath). Sites where `known` is 1 stay.
 */
export function heatBath(
  x: Tensor,
  logWeight: (x: Tensor) => Tensor,
  key: SymbolicKey,
  known: Tensor | undefined,
): Tensor {
  const [batch, n] = x.shape as [number, number];
  const identity = ndarray("f32", [n, n]);
  for (let i = 0; i < n; i++) identity.data[i * n + i] = 1;
  const visit = (at: Tensor, site: { here: Tensor; kept?: Tensor }) => {
    const here = reshape(site.here, [1, n]);
    const zero = mul(at, sub(1, here));
    const odds = sub(logWeight(add(zero, here)), logWeight(zero));
    const bit = cast(less(uniform(key, [batch], real(x)), sigmoid(odds)), x.dtype);
    const drawn = add(zero, mul(reshape(bit, [batch, 1]), here));
    if (!site.kept) return [drawn, {}] as const;
    const kept = reshape(site.kept, [batch, 1]);
    return [add(mul(at, kept), mul(drawn, sub(1, kept))), {}] as const;
  };
  const [end] = scan(visit, x, {
    here: cast(constant(identity), x.dtype),
    ...(known && { kept: cast(transpose(known), x.dtype) }),
  });
  return end;
}
