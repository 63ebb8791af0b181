import {
  add,
  arange,
  cast,
  equal,
  expandDims,
  mul,
  scan,
  sum,
  type Tensor,
  where,
  zeros,
} from "../../../../tensor/index.ts";
import type { Bijection } from "../bijection.ts";
import { weightsDecay } from "../conditioner.ts";
import type { DenseOptions } from "../conditioners/dense.ts";
import { type MaskedDenseParameters, maskedDense } from "../conditioners/masked-dense.ts";
import type { Transform } from "../transform.ts";

/**
 * The masked autoregressive map of `n` variables: x_i is z_i moved by `transform` with numbers that a masked
 * network computes from x_0 … x_{i−1} (Papamakarios, Pavlakou & Murray, arXiv:1705.07057, equation 6).
 * `inverse` is one pass of the network; `forward` is a loop of one pass per variable. Reversed (`invert`) it
 * is the inverse autoregressive map of Kingma et al. (arXiv:1606.04934), fast to sample. It is the identity
 * at zero parameters. `read` acts elementwise on the variables before the network.
 */
export function autoregressiveBijection(
  n: number,
  transform: Transform,
  options: DenseOptions,
  read: (x: Tensor) => Tensor = (x) => x,
): Bijection<MaskedDenseParameters> {
  const network = maskedDense(n, transform.size, options);
  return {
    latentShape: [n],
    dataShape: [n],
    init: (key) => network.init(key),
    inverse(p, x, context) {
      const { value, logDet } = transform.inverse(network.outputs(p, read(x), context), x);
      return { value, logDet: sum(logDet, 1) };
    },
    forward(p, z, context) {
      // Variables that are not yet known are zero; the network's outputs for the next one do not see them.
      const step = (carry: { x: Tensor; logDet: Tensor }, i: Tensor) => {
        const moved = transform.forward(network.outputs(p, read(carry.x), context), z);
        const now = expandDims(equal(arange(n), i), 0);
        const counted = mul(moved.logDet, cast(now, z.dtype));
        return [
          { x: where(now, moved.value, carry.x), logDet: add(carry.logDet, sum(counted, 1)) },
          [],
        ] as const;
      };
      const start = { x: zeros(z.shape, z.dtype), logDet: zeros([z.shape[0] as number], z.dtype) };
      const [{ x, logDet }] = scan(step, start, arange(n));
      return { value: x, logDet };
    },
    ...(network.masks && { masks: network.masks }),
    decays: weightsDecay,
  };
}
