import { arrayFrom, type NDArray } from "../../../src/array.ts";
import { real, type Space, sites } from "../../../src/data/space.ts";
import type { Domain } from "../../../src/models/contract.ts";

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
