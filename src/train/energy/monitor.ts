import { logPartition } from "../../models/approximate/enumerate.ts";
import type { EnergyModel, EnergyParameters, Monitor } from "../../models/contract.ts";
import { neg } from "../../tensor/index.ts";
import { logPseudoLikelihood } from "./pseudo-likelihood.ts";
import { scoreMatchingRows } from "./score-matching.ts";

/** Terms of log Z up to which it is computed after every epoch. */
const MOST_TERMS = 1 << 16;

const NLL = { name: "NLL", unit: "nats" } as const;

/**
 * Returns the monitor of a fit of an energy model: its exact NLL if one side can be enumerated; else minus
 * the pseudo-likelihood (discrete rows) or the score-matching loss (real rows), which do not rank epochs.
 * Never the reconstruction error, which is not a likelihood.
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
