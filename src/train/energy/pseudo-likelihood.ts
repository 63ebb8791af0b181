import { siteShape, sites, stateCount } from "../../data/space.ts";
import { type EnergyModel, type EnergyParameters, inputType, type Symbolic } from "../../models/contract.ts";
import {
  arange,
  cast,
  equal,
  expandDims,
  floor,
  logSumExp,
  minimum,
  mul,
  reshape,
  type SymbolicKey,
  stack,
  sub,
  type Tensor,
  uniform,
  where,
} from "../../tensor/index.ts";

/**
 * Each row's log pseudo-likelihood Σ_i log P(x_i | x without i), nats (Besag 1975): by the model's own sum over sites, or
 * without one an unbiased estimate, one site drawn at random, times n. `x: [batch, ...sites]` → `[batch]`.
 */
export function logPseudoLikelihood<P extends EnergyParameters>(
  model: EnergyModel<P>,
  p: Symbolic<P>,
  x: Tensor,
  key: SymbolicKey,
): Tensor {
  if (model.logPseudoLikelihood) return model.logPseudoLikelihood(p, x);
  const { space } = model;
  const [n, k] = [sites(space), stateCount(space) as number];
  const batch = x.shape[0] as number;
  const rows = reshape(x, [batch, n]);
  const site = minimum(floor(mul(uniform(key, [batch]), n)), n - 1);
  const here = equal(expandDims(site, 1), arange(n, "f32"));
  const type = inputType(space, p.reference.dtype === "f64" ? "f64" : "f32");
  const logs = Array.from({ length: k }, (_, state) =>
    model.logWeight(p, reshape(where(here, cast(state, type), rows), [batch, ...siteShape(space)])),
  );
  const all = stack(logs, 1);
  return mul(sub(model.logWeight(p, x), logSumExp(all, 1)), n);
}
