import { isShallowActivation } from "../../../kernels/shallow.ts";
import { mul, reshape, sub, sum, type Tensor } from "../../../tensor/index.ts";
import type { ShallowLayers, Symbolic } from "../../contract.ts";
import type { Conditionals } from "../autoregressive/conditionals.ts";
import type { Ordering } from "./masks.ts";
import type { MadeParameters, Reading } from "./network.ts";
import { madeWalk } from "./walk.ts";

/** What a kernel draws by where MADE has one hidden layer over bits; nothing otherwise. */
export function madeShallow(
  ordering: Ordering,
  reading: Reading,
): Pick<Conditionals<MadeParameters>, "shallow"> {
  const { activation, space, spins } = reading;
  const [degrees, ...more] = ordering.degrees as [Uint32Array, ...Uint32Array[]];
  if (space.kind !== "binary" || more.length > 0 || !isShallowActivation(activation)) return {};
  const layers = (p: Symbolic<MadeParameters>): ShallowLayers => {
    const { start, steps } = madeWalk(p, ordering, reading, 1);
    const n = ordering.sites.length;
    const units = degrees.length;
    const plain = {
      start: reshape(start.first, [units]),
      weights: reshape(steps.row, [n, units]),
      columns: reshape(steps.column, [n, units]),
      bias: reshape(steps.bias, [n]),
      ...(steps.direct ? { direct: reshape(steps.direct, [n, n]) } : {}),
    };
    return spins ? asBits(plain) : plain;
  };
  return { shallow: { activation, degrees, layers } };
}

/**
 * Converts layers for spins −1 and +1 to layers for bits: a 1 adds twice its weights, and the sum of all
 * weights that a unit or a logit will see is subtracted from the start, which is read when all have been
 * seen.
 */
function asBits({ start, weights, columns, bias, direct }: ShallowLayers): ShallowLayers {
  const twice = (w: Tensor) => mul(w, 2);
  return {
    start: sub(start, sum(weights, 0)),
    weights: twice(weights),
    columns,
    bias: direct ? sub(bias, sum(direct, 0)) : bias,
    ...(direct ? { direct: twice(direct) } : {}),
  };
}
