import { takeRows } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { sites } from "../data/space.ts";
import type { Estimate } from "../stats/index.ts";
import { systemOfRows, systemsOf } from "../systems/known.ts";
import { isKnownSystem } from "../systems/registry.ts";
import type { System } from "../systems/system.ts";
import { partMean } from "./part-mean.ts";
import type { PartRows } from "./rows.ts";

/** The log P in nats of rows under the system that they were drawn from, and comparisons with it. */
export interface AgainstSystem {
  /** Exact entropy of the system. */
  readonly entropy: number;
  readonly entropyPerSite: number;
  /** The mean over rows of log P_system less what the model gives of them, paired. */
  readonly kl: Estimate;
}

/**
 * Compares one number per row, log P or a substitute for it, with the `system` of the rows or the one that
 * their dataset names; undefined if the system or its log Z is unknown.
 */
export function againstSystem(
  dataset: Dataset,
  rows: PartRows,
  values: Float64Array,
  system?: System,
): AgainstSystem | undefined {
  const known = system ? ownProbabilities(system, rows) : knownProbabilities(dataset, rows);
  if (!known) return undefined;
  const { logProb, entropy } = known;
  const differences = logProb.map((p, row) => p - (values[row] as number));
  const kl = partMean(differences, rows);
  return { entropy, entropyPerSite: entropy / sites(dataset.space), kl };
}

function ownProbabilities(system: System, { x }: Pick<PartRows, "x">) {
  const logProb = system.logProb(x);
  return logProb && system.exact && { logProb, entropy: system.exact.entropy };
}

/**
 * log P of rows under the system that a dataset records as its source, and that system's entropy, if both are
 * known. Rows drawn at several temperatures are each taken at their own, with the mean entropy over the rows.
 */
function knownProbabilities(
  { meta }: Dataset,
  { x, context }: Pick<PartRows, "x" | "context">,
): { readonly logProb: Float64Array; readonly entropy: number } | undefined {
  if (!meta?.system || !isKnownSystem(meta.system.name)) return undefined;
  const rows = x.shape[0] as number;
  const places = systemOfRows(meta.system, rows, context);
  const logProb = new Float64Array(rows);
  let entropy = 0;
  for (const [place, system] of systemsOf(meta.system).entries()) {
    const which = Uint32Array.from(places.keys()).filter((row) => places[row] === place);
    if (which.length === 0) continue;
    const own = system.logProb(which.length === rows ? x : takeRows(x, which));
    if (!own || !system.exact) return undefined;
    entropy += (system.exact.entropy * which.length) / rows;
    which.forEach((row, i) => {
      logProb[row] = own[i] as number;
    });
  }
  return { logProb, entropy };
}
