import { usageError } from "../../../../error.ts";
import type { Key } from "../../../../random/key.ts";
import { add, div, exp, mul, slice, square, sub, sum, type Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import { coupledCore } from "../../../exact/flows/assembly/core.ts";
import { chain } from "../../../exact/flows/bijections/chain.ts";
import type { MakeConditioner } from "../../../exact/flows/conditioner.ts";
import { dense } from "../../../exact/flows/conditioners/dense.ts";
import { networkCount } from "../../../exact/flows/conditioners/network.ts";
import { affineTransform } from "../../../exact/flows/transforms/affine-transform.ts";
import { logStandardNormal } from "./prior.ts";

/** The encoder's distribution q(z | x), by what its network gives for a row: `[batch, outputs]`. */
export interface Posterior<P extends Parameters = Parameters> {
  /** Number of its own parameters. */
  readonly count: number;
  /** Numbers that the encoder's network gives for a row. */
  readonly outputs: number;
  init(key: Key): P;
  /** z from standard normal `noise: [batch, size]`, and log q(z | x) `[batch]`, nats. */
  draw(
    parameters: Symbolic<P>,
    encoded: Tensor,
    noise: Tensor,
  ): { readonly z: Tensor; readonly logProb: Tensor };
  /** log q(z | x) of any z. */
  logProb(parameters: Symbolic<P>, encoded: Tensor, z: Tensor): Tensor;
  /** The central z of a row: the one of zero noise. */
  centre(parameters: Symbolic<P>, encoded: Tensor): Tensor;
  /** KL(q ‖ N(0, 1)) of each variable, `[batch, size]`, nats, if it has a closed form. */
  divergence?(encoded: Tensor): Tensor;
  /** See `ModelBase`. */
  decays?(path: string): boolean;
}

/** Independent normal variables with means and log-deviations from the network. */
export function normalPosterior(size: number): Posterior<Record<never, never>> {
  const parts = (encoded: Tensor) => ({
    mean: slice(encoded, 1, 0, size),
    logScale: slice(encoded, 1, size, 2 * size),
  });
  return {
    ...{ count: 0, outputs: 2 * size },
    init: () => ({}),
    draw(_, encoded, noise) {
      const { mean, logScale } = parts(encoded);
      return {
        z: add(mean, mul(noise, exp(logScale))),
        logProb: sub(logStandardNormal(noise), sum(logScale, 1)),
      };
    },
    logProb(_, encoded, z) {
      const { mean, logScale } = parts(encoded);
      return sub(logStandardNormal(div(sub(z, mean), exp(logScale))), sum(logScale, 1));
    },
    centre: (_, encoded) => parts(encoded).mean,
    divergence(encoded) {
      const { mean, logScale } = parts(encoded);
      return sub(mul(sub(add(square(mean), exp(mul(logScale, 2))), 1), 0.5), logScale);
    },
  };
}

/** Couplings of a flow as posterior, units of the hidden layer of their networks, and numbers that these read of a row. */
const COUPLINGS = 4;
const HIDDEN = [64];
const READ = 32;

/**
 * Independent normal variables moved by affine couplings; the networks of the couplings also read the
 * encoder's output for a row, so that variables depend on each other given x (Rezende & Mohamed,
 * arXiv:1505.05770, section 4). Starts as the normal posterior. Throws AnsatzError (usage) for a single
 * variable, which couplings cannot move.
 */
export function flowPosterior(size: number): Posterior {
  if (size < 2)
    throw usageError("a flow as posterior needs two latent variables or more; take posterior=normal");
  const normal = normalPosterior(size);
  const map = chain(
    coupledCore(size, {
      ...{ couplings: COUPLINGS, permutationSeed: 0 },
      transform: affineTransform(2),
      conditioner: dense({ hidden: HIDDEN, activation: "silu", contextSize: READ }) as MakeConditioner,
    }),
  );
  const outputs = 2 * size + READ;
  const half = Math.ceil(size / 2);
  const seen = (encoded: Tensor) => slice(encoded, 1, 2 * size, outputs);
  return {
    count:
      COUPLINGS *
      networkCount(
        { hidden: HIDDEN, activation: "silu", residual: false },
        { inputs: half, outputs: 2 * half, contextSize: READ },
      ),
    outputs,
    init: (key) => map.init(key),
    draw(p, encoded, noise) {
      const start = normal.draw({}, encoded, noise);
      const { value, logDet } = map.forward(p as never, start.z, seen(encoded));
      return { z: value, logProb: sub(start.logProb, logDet) };
    },
    logProb(p, encoded, z) {
      const { value, logDet } = map.inverse(p as never, z, seen(encoded));
      return add(normal.logProb({}, encoded, value), logDet);
    },
    centre: (p, encoded) => map.forward(p as never, normal.centre({}, encoded), seen(encoded)).value,
    ...(map.decays && { decays: map.decays }),
  };
}
