import { type Space, sites as siteCount, siteShape } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { permutation } from "../../../random/permutation.ts";
import type { TransformerHyperparameters } from "./options.ts";

/** Returns the sites by position in each order: the first from `order`, further ones random. */
export function ordersOf(
  space: Space,
  { order, orders, orderSeed }: Pick<TransformerHyperparameters, "order" | "orders" | "orderSeed">,
): Uint32Array[] {
  const n = siteCount(space);
  return Array.from({ length: orders }, (_, i) => {
    if (i > 0 || order === "random") return permutation(Key.fromSeed(orderSeed).fold(i), n);
    return order === "snake" ? snake(siteShape(space)) : Uint32Array.from({ length: n }, (_, site) => site);
  });
}

/** Rows one after the other, each starting where the last ended, so that consecutive sites are neighbours. */
function snake(shape: readonly number[]): Uint32Array {
  let path = [0];
  let block = 1;
  for (const size of shape.toReversed()) {
    const inner = path;
    path = Array.from({ length: size }, (_, i) => {
      const row = inner.map((site) => site + i * block);
      return i % 2 === 0 ? row : row.toReversed();
    }).flat();
    block *= size;
  }
  return Uint32Array.from(path);
}
