import type { Key } from "../random/key.ts";
import { permutation } from "../random/permutation.ts";
import type { RowRange } from "./spins.ts";

/** Rows in an order in which each fold lies in one piece. */
export interface Folds {
  /** The row at each place. */
  readonly order: Uint32Array;
  /** The places of each fold. */
  readonly folds: readonly RowRange[];
}

/**
 * Returns `count` folds of about equally many rows: at random by `key`, but for rows of Markov chains so that
 * neighbours stay together: whole chains if there are two or more for each fold, else pieces of each chain in
 * time.
 */
export function foldsOf(rows: number, count: number, key: Key, chain?: Int32Array): Folds {
  const parts: number[][] = Array.from({ length: count }, () => []);
  const members = new Map<number, number[]>();
  if (chain)
    chain.forEach((id, row) => {
      const own = members.get(id);
      if (own) own.push(row);
      else members.set(id, [row]);
    });
  const chains = [...members.values()];
  const put = (row: number, part: number) => {
    parts[part]!.push(row);
  };
  if (!chain) for (const [i, row] of permutation(key, rows).entries()) put(row, i % count);
  else if (chains.length >= 2 * count) {
    for (const [i, c] of permutation(key, chains.length).entries())
      for (const row of chains[c]!) put(row, i % count);
  } else
    for (const own of chains)
      for (const [t, row] of own.entries())
        put(row, Math.min(count - 1, Math.floor((t * count) / own.length)));
  let end = 0;
  const folds = parts.map((part): RowRange => {
    end += part.length;
    return [end - part.length, end];
  });
  return { order: Uint32Array.from(parts.flat()), folds };
}

/** Returns all rows except those of one fold. */
export function without(folds: readonly RowRange[], fold: number): RowRange[] {
  const before: RowRange = [0, folds[fold]![0]];
  const after: RowRange = [folds[fold]![1], folds.at(-1)![1]];
  return [before, after].filter(([start, end]) => end > start);
}
