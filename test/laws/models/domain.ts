import { arrayFrom, type NDArray } from "../../../src/array.ts";
import { real, type Space, siteShape, sites, stateCount, storageOf } from "../../../src/data/space.ts";
import type { Domain } from "../../../src/models/contract.ts";
import { normalCdf } from "../../../src/stats/index.ts";

/** A domain whose rows are conditioned on `width` numbers each, on nothing where that is left out. */
export const domainOf = (space: Space, width = 0): Domain => ({
  space,
  ...(width > 0 && { context: real([width]) }),
});

/** Numbers that each row of a domain is conditioned on. */
export const contextWidth = ({ context }: Domain): number => (context ? sites(context) : 0);

/** What `rows` rows are conditioned on, no two neighbours alike; undefined without a context. */
export function contextRows(domain: Domain, rows: number): NDArray<"f32"> | undefined {
  const width = contextWidth(domain);
  if (width === 0) return undefined;
  const numbers = Array.from({ length: rows * width }, (_, i) => Math.sin(i) + (i % width));
  return arrayFrom("f32", [rows, width], numbers);
}

/** Rows of a space as datasets store them, from numbers that are about standard normal: as they are if real, else by their quantiles. */
export function rowsIn(space: Space, numbers: ArrayLike<number>): NDArray {
  const states = stateCount(space);
  const values = Array.from(numbers, (v) => {
    const share = Math.min(normalCdf(v), 0.999999);
    if (states !== undefined) return Math.floor(states * share);
    if (space.kind === "circle") return Math.PI * (2 * share - 1);
    return space.kind === "real" && space.bounds
      ? space.bounds[0] + (space.bounds[1] - space.bounds[0]) * share
      : v;
  });
  return arrayFrom(storageOf(space), [numbers.length / sites(space), ...siteShape(space)], values);
}
