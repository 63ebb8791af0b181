import {
  add,
  arange,
  cast,
  equal,
  expandDims,
  floor,
  greater,
  less,
  logAddExp,
  minimum,
  mul,
  reshape,
  type SymbolicKey,
  sub,
  sum,
  type Tensor,
  uniform,
  where,
} from "../../../../tensor/index.ts";
import type { BoundDraw, ExactModel } from "../../../contract.ts";
import { encodeDigits, logGiven, logPrior } from "./code.ts";
import type { P, VqParts } from "./parts.ts";

/**
 * One draw of the bound. P(x) = Σ_z P(z) P(x | z) over all codes z, and some of its terms bound it from
 * below: that of the row's own code, and an unbiased estimate of the sum over its neighbours, the codes that
 * differ by one level of one number. One neighbour is drawn to estimate the sum over all. The mean of k draws
 * of exp(bound) comes closer to the sum for larger k, and every draw is at least log P(z) + log P(x | z) of
 * the own code.
 */
export function codeBound(
  parts: VqParts,
  prior: ExactModel,
  p: P,
  x: Tensor,
  key: SymbolicKey,
  context: Tensor | undefined,
): BoundDraw {
  const digits = encodeDigits(parts, p, x, context);
  const reconstruction = logGiven(parts, p, x, digits, context);
  const code = logPrior(parts, prior, p, digits, context);
  const near = neighbour(parts, digits, key);
  const other = add(
    logPrior(parts, prior, p, near.digits, context),
    logGiven(parts, p, x, near.digits, context),
  );
  const all = add(other, Math.log(near.count));
  return {
    bound: logAddExp(add(reconstruction, code), where(near.exists, all, Number.NEGATIVE_INFINITY)),
    parts: { reconstruction, "log P(code)": code },
  };
}

/** One of `count` neighbours of each row's digits `[batch, codes, channels]`, all as likely; some do not exist. */
function neighbour({ codes, quantiser }: VqParts, digits: Tensor, key: SymbolicKey) {
  const dtype = digits.dtype as "f32" | "f64";
  const batch = digits.shape[0] as number;
  const numbers = codes * quantiser.channels;
  const drawn = mul(uniform(key.fold(0), [batch], dtype), numbers);
  // A uniform number times a count may be rounded up to it.
  const which = expandDims(minimum(floor(drawn), numbers - 1), -1);
  const up = cast(less(uniform(key.fold(1), [batch], dtype), 0.5), dtype);
  const direction = expandDims(sub(mul(up, 2), 1), -1);
  const moved = mul(cast(equal(which, arange(numbers, dtype)), dtype), direction);
  const there = add(digits, reshape(moved, [batch, codes, quantiser.channels]));
  const inside = reshape(quantiser.isInside(there), [batch, numbers]);
  const exists = greater(sum(inside, 1), numbers - 0.5);
  const step = mul(moved, expandDims(cast(exists, dtype), -1));
  return {
    ...{ count: 2 * numbers, exists },
    digits: add(digits, reshape(step, [batch, codes, quantiser.channels])),
  };
}
