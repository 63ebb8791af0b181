import { asinh } from "../../../../nn/hyperbolic.ts";
import { clip, type Tensor } from "../../../../tensor/index.ts";
import type { MakeConditioner } from "../conditioner.ts";

/** Larger numbers have a square that leaves single precision. */
const LARGEST = 1e18;

/**
 * Returns the arcsinh of variables with heavy tails, as input of networks: linear near 0 and a logarithm far
 * out.
 */
export function squash(x: Tensor): Tensor {
  return asinh(clip(x, -LARGEST, LARGEST));
}

/** The same conditioner that sees the arcsinh of its variables: an outlier then does not run away with its outputs. */
export function squashed(make: MakeConditioner): MakeConditioner {
  return (from, to) => {
    const inner = make(from, to);
    return { ...inner, outputs: (p, kept, context) => inner.outputs(p, squash(kept), context) };
  };
}
