import { sizeOf } from "../../../../array.ts";
import {
  add,
  cast,
  clip,
  div,
  expandDims,
  greater,
  log,
  mean,
  mul,
  reshape,
  type SymbolicKey,
  stopGradient,
  sub,
  type Tensor,
  tanh,
  uniform,
} from "../../../../tensor/index.ts";
import { oneOutput, type Rows } from "./rows.ts";

/** Uniform numbers stay this far from 0 and 1, where a logit is finite. */
const TINY = 1e-7;

/** Logits of bits, with the noise by which their sign is a draw. */
function noisy(logits: Tensor, key: SymbolicKey): Tensor {
  const u = clip(uniform(key, logits.shape, logits.dtype as "f32"), TINY, 1 - TINY);
  return add(logits, sub(log(u), log(sub(1, u))));
}

/** 1 where positive, else 0. */
const bits = (t: Tensor) => cast(greater(t, 0), t.dtype);

/**
 * Bits, read as spins −1 and +1. A generator gives logits, of which bits are drawn; the gradient goes through the relaxed spin tanh((logit +
 * noise)/2) of the same noise (Maddison, Mnih & Teh, arXiv:1611.00712, with the hard value as in Bengio, Léonard & Courville,
 * arXiv:1308.3432), so that the discriminator sees bits alone.
 */
export function bitRows(shape: readonly number[]): Rows {
  const sites = sizeOf(shape);
  return {
    ...{ features: 1, outputs: 1, count: 0 },
    init: () => ({}),
    read: (_, x) => expandDims(sub(mul(x, 2), 1), -1),
    fake(given, key) {
      const drawn = noisy(given, key);
      const soft = tanh(mul(drawn, 0.5));
      return add(soft, stopGradient(sub(sub(mul(bits(drawn), 2), 1), soft)));
    },
    row: (_, given, key) => oneOutput(bits(noisy(given, key))),
    centre: (_, given) => bits(oneOutput(given)),
    adapt(x) {
      const rows = x.shape[0] as number;
      // One row more of either value, so that a bit that never varies keeps a finite logit.
      const share = div(add(mul(mean(x, 0), rows), 1), rows + 2);
      return { units: {}, start: reshape(sub(log(share), log(sub(1, share))), [sites, 1]) };
    },
  };
}
