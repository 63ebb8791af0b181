import { sum, type Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import type { Bijection, Mapped } from "../bijection.ts";
import { type MakeConditioner, weightsDecay } from "../conditioner.ts";
import type { Partition } from "../partition.ts";
import type { Transform } from "../transform.ts";

/** What a coupling is made of. */
export interface CouplingParts<P extends Parameters> {
  readonly partition: Partition;
  readonly transform: Transform;
  readonly conditioner: MakeConditioner<P>;
}

/**
 * A coupling: some variables are kept, and a network of them decides how each of the others is moved. Both
 * directions cost one pass of the network, and the log-determinant is a sum (Dinh, Sohl-Dickstein & Bengio,
 * arXiv:1605.08803). `plane-coupling.ts` writes out the smallest one. Its parameters are those of the
 * conditioner; it is the identity if the conditioner's outputs are zero.
 */
export function coupling<P extends Parameters>({
  partition,
  transform,
  conditioner,
}: CouplingParts<P>): Bijection<P> {
  const { shape, moved: movedShape } = partition;
  const network = conditioner(partition.kept, [transform.size, ...movedShape]);
  const axes = movedShape.map((_, i) => i + 1);
  const map =
    (way: "forward" | "inverse") =>
    (p: Symbolic<P>, v: Tensor, context?: Tensor): Mapped => {
      const { kept, moved } = partition.split(v);
      const { value, logDet } = transform[way](network.outputs(p, kept, context), moved);
      return { value: partition.join(kept, value), logDet: sum(partition.count(logDet), axes) };
    };
  return {
    latentShape: shape,
    dataShape: shape,
    init: (key) => network.init(key),
    forward: map("forward"),
    inverse: map("inverse"),
    ...(network.masks && { masks: network.masks }),
    decays: network.decays ?? weightsDecay,
  };
}
