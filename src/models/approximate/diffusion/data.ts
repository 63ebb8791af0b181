import { levelCount, type Space, siteShape, sites } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { broadcastTo, clip, sub, type Tensor } from "../../../tensor/index.ts";
import type { Bijection } from "../../exact/flows/bijection.ts";
import { momentsOf, standardise } from "../../exact/flows/bijections/affine.ts";
import { bounded } from "../../exact/flows/bijections/bounded.ts";
import { type ChainParameters, chain } from "../../exact/flows/bijections/chain.ts";
import { reshaping } from "../../exact/flows/bijections/reshaping.ts";

/** What the units of a row's numbers are: of each column, of all sites with an offset each, or of all alike. */
export type Units = "columns" | "pictures" | "lattice";

/**
 * From standardised numbers `[batch, sites]` to rows of a space of real numbers; grey levels are numbers between k and k + 1. Throws
 * AnsatzError (usage), naming the family, for other spaces.
 */
export function dataMap(family: string, space: Space, units: Units): Bijection<ChainParameters> {
  if (space.kind === "circle")
    throw usageError(`${family} models real numbers; for angles use spline, which is periodic`);
  if (space.kind !== "real")
    throw usageError(
      `${family} models real numbers, not a ${space.kind} space; for bits, states and symbols take a vae, or made and its kin`,
    );
  const shape = siteShape(space);
  const flat = [sites(space)];
  const levels = levelCount(space);
  const layers: Bijection[] = [unitsOf(flat, units) as Bijection];
  if (levels !== undefined) layers.push(clipped(flat, levels));
  else if (space.bounds) layers.push(bounded(flat, space.bounds) as Bijection);
  if (shape.length > 1) layers.push(reshaping(flat, shape) as Bijection);
  return chain(layers);
}

function unitsOf(flat: readonly number[], units: Units) {
  if (units === "columns") return standardise(flat);
  if (units === "lattice") return standardise(flat, [1]);
  return standardise(flat, flat, (x) => {
    const { shift } = momentsOf(x, flat);
    return { shift, logScale: broadcastTo(momentsOf(sub(x, shift), [1]).logScale, flat) };
  });
}

/** Numbers beyond the first and the last grey level are of these when rows are drawn. */
function clipped(shape: readonly number[], levels: number): Bijection {
  const same = reshaping(shape, shape) as Bijection;
  const into = (x: Tensor) => clip(x, 0, levels * (1 - 1e-6));
  return {
    ...same,
    forward(p, z) {
      const { value, logDet } = same.forward(p, z);
      return { value: into(value), logDet };
    },
  };
}
