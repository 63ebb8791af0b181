import { reshape } from "../../../tensor/index.ts";
import { orderOf } from "../autoregressive/autoregressive.ts";
import type { Conditionals } from "../autoregressive/conditionals.ts";
import type { NadeParameters, NadeShape } from "./network.ts";
import { nadeWalk } from "./walk.ts";

/**
 * Returns the kernel's description of a NADE with one hidden layer of rectifiers over bits, trained in one
 * order; else undefined.
 */
export function nadeShallow(
  shape: NadeShape,
  activation: string,
  sites: Uint32Array,
): Pick<Conditionals<NadeParameters>, "shallow"> {
  const { space, hidden, contextSize, anyOrder } = shape;
  const [units, ...more] = hidden as [number, ...number[]];
  if (space.kind !== "binary" || more.length > 0 || contextSize > 0 || anyOrder || activation !== "relu")
    return {};
  const n = sites.length;
  return {
    shallow: {
      activation,
      layers(p) {
        const { start, steps } = nadeWalk(p, shape, activation, { ...orderOf(sites), member: 0 }, 1);
        return {
          start: reshape(start.first, [units]),
          weights: reshape(steps.row, [n, units]),
          columns: reshape(steps.column, [n, units]),
          bias: reshape(steps.bias, [n]),
        };
      },
    },
  };
}
