import { siteShape } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import {
  add,
  clip,
  floor,
  mean,
  mul,
  neg,
  type SymbolicKey,
  sub,
  type Tensor,
} from "../../../../tensor/index.ts";
import { contextReader } from "../../../context.ts";
import type { Symbolic } from "../../../contract.ts";
import type { ChainParameters } from "../bijections/chain.ts";
import { channelsFirst } from "../bijections/channels-first.ts";
import { weightsDecay } from "../conditioner.ts";
import type { FlowModel, FlowParameters } from "../flow.ts";
import type { LevelNoise } from "./level-noise.ts";

/** Parameters of a flow of grey levels and of the noise it is trained with. */
export type VariationalParameters = FlowParameters & { readonly noise: ChainParameters };

/**
 * A flow of grey levels as real numbers, trained with learned instead of uniform noise. As a model of real
 * numbers, its log P and samples stay exact. For levels, its loss and `levelBound` are lower bounds of log P,
 * independent of the fractions of the given rows. Throws AnsatzError (usage) for a space without levels.
 */
export function variationalLevels(model: FlowModel, noise: LevelNoise): FlowModel<VariationalParameters> {
  const { space } = model;
  if (space.kind !== "real" || !space.levels || !space.bounds)
    throw usageError("variational dequantisation is of grey levels, which a space of levels holds");
  const [, count] = space.bounds;
  const read = contextReader(model.context);
  const front = channelsFirst(siteShape(space));
  const bound = (
    p: Symbolic<VariationalParameters>,
    x: Tensor,
    key: SymbolicKey,
    context?: Tensor,
  ): Tensor => {
    const levels = clip(floor(x), 0, count - 1);
    const image = sub(mul(add(front.inverse({}, levels).value, 0.5), 2 / count), 1);
    const drawn = noise.draw(p.noise, image, key, read(context));
    const numbers = add(levels, front.forward({}, drawn.noise).value);
    return sub(model.logProb(p, numbers, context), drawn.logProb);
  };
  const { adapt } = model;
  return {
    ...model,
    init: (key) => ({ ...model.init(key.fold(0)), noise: noise.init(key.fold(1)) }),
    loss: (p, x, key, context) => neg(mean(bound(p, x, key, context))),
    estimate: (p, x, key, context) => neg(bound(p, x, key, context)),
    levelBound: bound,
    ...(adapt && { adapt: (p, x, context) => ({ ...p, ...adapt(p, x, context) }) }),
    decays: (path) => (path.startsWith("noise.") ? weightsDecay(path) : (model.decays?.(path) ?? true)),
  } as FlowModel<VariationalParameters>;
}
