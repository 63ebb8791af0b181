import { type Space, siteShape, sites } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import type { Base } from "../base.ts";
import { circleBase, normalBase } from "../bases/independent.ts";
import type { Bijection } from "../bijection.ts";
import { standardise } from "../bijections/affine.ts";
import { bounded } from "../bijections/bounded.ts";
import { reshaping } from "../bijections/reshaping.ts";

/**
 * Returns the layers from the rows of numbers a flow's core works on to configurations of a space: none for
 * angles; units and offsets adapted to the data for real numbers; and before these the map from an interval
 * to the line for a bounded space. `units` are those of columns (default: mean and standard deviation).
 * Throws AnsatzError (usage), naming the family, for a space that is neither real nor of angles.
 */
export function dataLayers(
  family: string,
  space: Space,
  units?: Parameters<typeof standardise>[2],
): Bijection[] {
  if (space.kind !== "real" && space.kind !== "circle")
    throw usageError(`${family} models real numbers, not a ${space.kind} space`);
  const shape = siteShape(space);
  const flat = [sites(space)];
  const layers: Bijection[] = [];
  if (space.kind === "real") layers.push(standardise(flat, flat, units) as Bijection);
  if (space.kind === "real" && space.bounds) layers.push(bounded(flat, space.bounds) as Bijection);
  if (shape.length > 1) layers.push(reshaping(flat, shape) as Bijection);
  return layers;
}

/** The base distribution that suits a space: uniform for angles, normal for real numbers. */
export function baseFor(space: Space): Base {
  const flat = [sites(space)];
  return (space.kind === "circle" ? circleBase(flat) : normalBase(flat)) as Base;
}
