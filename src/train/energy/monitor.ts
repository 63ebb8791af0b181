import { logPartition } from "../../models/approximate/enumerate.ts";
import type { EnergyModel, EnergyParameters, Monitor } from "../../models/contract.ts";
import { neg } from "../../tensor/index.ts";
import { logPseudoLikelihood } from "./pseudo-likelihood.ts";
import { scoreMatchingRows } from "./score-matching.ts";

/** Terms of log Z up to which it is computed after every epoch. */
const MOST_TERMS = 1 << 16;

const NLL = { name: "NLL", unit: "nats" } as const;

/**
 * What the fit of an energy model is watched by: its exact NLL where one side of it can be gone through; else minus the
 * pseudo-likelihood of discrete rows or the loss of score matching of real ones, which rank no epochs. Never the
 * reconstruction error, which is no likelihood.
 */
export function energyMonitor<P extends EnergyParameters>(model: EnergyModel<P>): Monitor<P> {
  const { enumeration, space } = model;
  if (enumeration && enumeration.states ** enumeration.units <= MOST_TERMS)
    return {
      rows: (p, x) => neg(model.logWeight(p, x)),
      shared: (p) => logPartition(model, p),
      estimated: false,
      selects: true,
      ...NLL,
    };
  if (space.kind === "real")
    return {
      rows: (p, x, key) => scoreMatchingRows(model, p, x, key),
      estimated: true,
      selects: false,
      name: "score matching",
    };
  return {
    rows: (p, x, key) => neg(logPseudoLikelihood(model, p, x, key)),
    estimated: model.logPseudoLikelihood === undefined,
    selects: false,
    ...{ name: "pseudo-NLL", unit: "nats" },
  };
}
