import { sizeOf } from "../../../../array.ts";
import { concat, cos, reshape, sin } from "../../../../tensor/index.ts";
import type { Parameters } from "../../../contract.ts";
import type { MakeConditioner } from "../conditioner.ts";

/** A conditioner of angles: the network reads their cosines and sines, so that it is the same on both sides of ±π. */
export function periodic<P extends Parameters>(make: MakeConditioner<P>): MakeConditioner<P> {
  return (from, to) => {
    const size = sizeOf(from);
    const network = make([2 * size], to);
    return {
      ...network,
      outputs(p, kept, context) {
        const angles = reshape(kept, [kept.shape[0] as number, size]);
        return network.outputs(p, concat([cos(angles), sin(angles)], 1), context);
      },
    };
  };
}
