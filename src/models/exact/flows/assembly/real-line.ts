import * as z from "zod";
import { type Space, sites } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import type { Base } from "../base.ts";
import { mixtureBase } from "../bases/mixture.ts";
import type { Bijection } from "../bijection.ts";
import { baseFor, dataLayers } from "./data-layers.ts";

/** The hyperparameter of the base that {@link realLine} makes. */
export const componentsHyperparameter = z
  .int()
  .min(1)
  .max(1000)
  .default(1)
  .describe("normal distributions that the base mixes; 1 is the standard normal");

/**
 * Both ends of a flow of real numbers: its base, a mixture of `components` normal distributions or the standard normal
 * for one, and the layers from the core to the space. Throws AnsatzError (usage), naming the family, for other spaces.
 */
export function realLine(
  family: string,
  space: Space,
  components: number,
): { readonly base: Base; readonly layers: readonly Bijection[] } {
  const layers = dataLayers(family, space);
  if (space.kind === "circle")
    throw usageError(`${family} models real numbers; for angles take spline, whose maps close on the circle`);
  const base = components === 1 ? baseFor(space) : (mixtureBase([sites(space)], components) as Base);
  return { base, layers };
}

/** Parameters of both ends over `n` numbers: those of the mixture, and a scale and a shift each. */
export function realLineCount(n: number, components: number): number {
  return (components === 1 ? 0 : components * (2 * n + 1)) + 2 * n;
}
