import { siteStencil } from "../../../../nn/site-convolution.ts";
import {
  add,
  cast,
  constant,
  cos,
  matmul,
  reshape,
  sin,
  slice,
  stack,
  sub,
  sum,
  type Tensor,
} from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import type { Bijection, Mapped } from "../bijection.ts";
import { weightsDecay } from "../conditioner.ts";
import { type LatticeConditionerParameters, latticeConditioner } from "../lattice/conditioner.ts";
import { circularTransform, wrapAngle } from "../transforms/spline-transform.ts";
import { type PlaquettePairs, pairMatrices } from "./pairs.ts";

/** What a {@link gaugeCoupling} is made of. */
export interface GaugeCouplingOptions {
  readonly pairs: PlaquettePairs;
  /** Bins of the circular splines. */
  readonly bins: number;
  readonly channels: number;
  /** Hidden layers. */
  readonly layers: number;
  /** Side of the window of the convolutions, odd. */
  readonly kernel: number;
  readonly contextSize: number;
}

/**
 * A coupling of link angles `[2 · rows · columns]` that commutes with gauge transformations: every moved link
 * turns by the angle by which a circular spline turns its active plaquette (Kanwar et al., arXiv:2003.06413).
 * Convolutions compute the spline's knots from quantities that neither moved links nor gauge transformations
 * change: cosines and sines of the angles of the frozen plaquettes and of the loop around each pair, which
 * determine the pair's exact conditional distribution. The log-determinant is that of the splines.
 */
export function gaugeCoupling(o: GaugeCouplingOptions): Bijection<LatticeConditionerParameters> {
  const { pairs, kernel } = o;
  const { sides, active, frozen } = pairs;
  const transform = circularTransform(o.bins);
  const shape = sides;
  const stencil = (sources: readonly number[]) =>
    siteStencil({ shape, targets: active, sources, kernel, isotropic: false });
  // The loop around a pair stands at its active plaquette.
  const conditioner = latticeConditioner({
    ...{ first: stencil([...active, ...frozen]), next: stencil(active) },
    ...{
      channels: o.channels,
      layers: o.layers,
      contextSize: o.contextSize,
      inputs: 2,
      odd: false,
      transform,
    },
  });
  const matrices = pairMatrices(pairs);
  const links = [2 * sides[0] * sides[1]];
  const n = active.length;

  const map =
    (way: "forward" | "inverse") =>
    (p: Symbolic<LatticeConditionerParameters>, v: Tensor, context?: Tensor): Mapped => {
      const all = matmul(v, cast(constant(matrices.angles), v.dtype));
      const before = wrapAngle(slice(all, 1, 0, n));
      const kept = slice(all, 1, n);
      const invariants = reshape(stack([cos(kept), sin(kept)], 2), [
        v.shape[0] as number,
        2 * (kept.shape[1] as number),
      ]);
      const { value, logDet } = transform[way](conditioner.outputs(p, invariants, context), before);
      const moved = matmul(sub(value, before), cast(constant(matrices.moves), v.dtype));
      return { value: add(v, moved), logDet: sum(logDet, 1) };
    };
  return {
    latentShape: links,
    dataShape: links,
    init: (key) => conditioner.init(key),
    forward: map("forward"),
    inverse: map("inverse"),
    decays: conditioner.decays ?? weightsDecay,
  };
}
