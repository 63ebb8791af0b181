import { type Dataset, takeRows } from "../data/dataset.ts";
import { systemOfRows, systemsOf } from "../systems/known.ts";
import type { PartRows } from "./rows.ts";

/**
 * log P of rows under the system that a dataset says it was drawn from, and its entropy, where both are known; of rows
 * drawn at several temperatures each at its own, and the mean of the entropy over the rows.
 */
export function knownProbabilities(
  { meta }: Dataset,
  { x, context }: Pick<PartRows, "x" | "context">,
): { readonly logProb: Float64Array; readonly entropy: number } | undefined {
  if (!meta?.system) return undefined;
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
