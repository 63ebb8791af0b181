import type { Key } from "../../random/key.ts";
import { permutation } from "../../random/permutation.ts";
import { type Parents, rowsByParent } from "./test-groups.ts";

/** At most `most` rows in their order: whole parents at random, of the last one a part; all rows if there are no more. */
export function someRows(parents: Parents, most: number, key: Key): Uint32Array {
  if (parents.rows <= most) return Uint32Array.from({ length: parents.rows }, (_, row) => row);
  const groups = rowsByParent(parents);
  const taken: number[] = [];
  for (const g of permutation(key, groups.length)) {
    for (const row of groups[g]!) if (taken.length < most) taken.push(row);
    if (taken.length >= most) break;
  }
  return Uint32Array.from(taken).sort();
}

/** Two halves of the rows, whole parents in each, at random. */
export function halfRows(parents: Parents, key: Key): readonly [Uint32Array, Uint32Array] {
  const groups = rowsByParent(parents);
  const order = permutation(key, groups.length);
  const halves: [number[], number[]] = [[], []];
  order.forEach((g, i) => {
    for (const row of groups[g]!) halves[i % 2]!.push(row);
  });
  return [Uint32Array.from(halves[0]).sort(), Uint32Array.from(halves[1]).sort()];
}
