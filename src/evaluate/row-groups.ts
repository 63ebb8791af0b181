import { concatArrays } from "../array.ts";
import type { Spacing } from "../stats/index.ts";
import { autocorrelationTime, enoughChains, isThinned } from "../stats/index.ts";
import { byChain } from "../stats/row-mean.ts";

/** Rows in groups: rows of one group may depend on each other. */
export interface RowGroups {
  /** The row numbers of each group. */
  readonly members: readonly Uint32Array[];
  /** Whether different groups are known to be independent; else no error follows from them. */
  readonly independent: boolean;
}

/** Rows of two sets in common groups: a group's rows of both sets may depend on each other. */
export interface JointGroups {
  /** For each group, the row numbers of the first set (`x`) and of the second (`y`) in it. */
  readonly members: readonly { readonly x: Uint32Array; readonly y: Uint32Array }[];
  /** Whether different groups are known to be independent; no error follows if they are not. */
  readonly independent: boolean;
}

/** Length of a block in τ: the means of neighbours are then correlated by a few percent. */
const blockTaus = 10;

/** Returns groups of one row each. */
export function singleRows(count: number): RowGroups {
  return { members: Array.from({ length: count }, (_, row) => Uint32Array.of(row)), independent: true };
}

/** Rows of one parent in one group, in the order in which parents first appear: groups of one row if every row has its own. */
export function parentGroups(parent: Int32Array): RowGroups {
  const rows = Float64Array.from(parent.keys());
  const members = byChain(rows, parent).map((own) => Uint32Array.from(own));
  return { members, independent: members.length >= enoughChains };
}

/**
 * Returns groups of rows, by the rules of {@link rowMean}:
 *
 * - rows of no chain are groups of one;
 * - chains that are long enough to know the τ of every one of the `series` are cut into blocks of ten times
 *   the longest τ; shorter chains are groups as a whole;
 * - else, rows that were thinned by 2τ or more according to `spacing` are groups of one;
 * - else, each chain is a group if there are at least eight. Fewer, or chains that do not move, leave
 *   `independent` false.
 *
 * `chain`: the chain of each row, rows of one chain in the order of its time. `series`: one number per row
 * each, such as the distances to some fixed points.
 */
export function rowGroups(
  count: number,
  chain?: Int32Array,
  spacing: Spacing = {},
  series: readonly Float64Array[] = [],
): RowGroups {
  if (!chain) return singleRows(count);
  const chains = byChain(
    Float64Array.from({ length: count }, (_, row) => row),
    chain,
  );
  const times = series.map((values) => autocorrelationTime(byChain(values, chain)));
  const known = times.length > 0 && times.every((time) => time.reliable);
  if (!known && isThinned(spacing)) return singleRows(count);
  if (known) {
    const length = Math.ceil(blockTaus * Math.max(0.5, ...times.map((time) => time.tau)));
    const members = chains.flatMap((rows) => blocks(rows, Math.max(1, Math.floor(rows.length / length))));
    return { members, independent: members.length >= enoughChains };
  }
  const moves = times.every((time) => !Number.isNaN(time.tau));
  if (chains.length >= enoughChains)
    return { members: chains.map((rows) => Uint32Array.from(rows)), independent: moves };
  // A value needs several groups all the same.
  const each = Math.ceil(enoughChains / chains.length);
  const members = chains.flatMap((rows) => blocks(rows, Math.min(each, rows.length)));
  return { members, independent: false };
}

/** Rows in the order of time as `count` blocks of nearly one length. */
function blocks(rows: Float64Array, count: number): Uint32Array[] {
  const cut = (block: number) => Math.floor((block * rows.length) / count);
  return Array.from({ length: count }, (_, b) => Uint32Array.from(rows.subarray(cut(b), cut(b + 1))));
}

/** Two independent sets of rows side by side: groups of the set that has more are joined until both have equally many. */
export function together(x: RowGroups, y: RowGroups): JointGroups {
  const count = Math.min(x.members.length, y.members.length);
  const [a, b] = [merged(x.members, count), merged(y.members, count)];
  return {
    members: a.map((rows, g) => ({ x: rows, y: b[g] as Uint32Array })),
    independent: x.independent && y.independent,
  };
}

/** Groups joined, successive ones with each other, until there are `count`. */
function merged(members: readonly Uint32Array[], count: number): Uint32Array[] {
  const cut = (group: number) => Math.floor((group * members.length) / count);
  return Array.from({ length: count }, (_, g) =>
    concatArrays(Uint32Array, members.slice(cut(g), cut(g + 1))),
  );
}

/** Two sets in which row i of one belongs to row i of the other. */
export function paired({ members, independent }: RowGroups): JointGroups {
  return { members: members.map((rows) => ({ x: rows, y: rows })), independent };
}

/** One set against itself, whole groups apart: every second group against the one before it. */
export function alternating({ members, independent }: RowGroups): JointGroups {
  const pairs = Array.from({ length: members.length >> 1 }, (_, i) => ({
    x: members[2 * i] as Uint32Array,
    y: members[2 * i + 1] as Uint32Array,
  }));
  return { members: pairs, independent };
}

/** One set against itself: the first half of each group against the second. Groups of one row are joined in pairs. */
export function halved({ members, independent }: RowGroups): JointGroups {
  const halves: { x: Uint32Array; y: Uint32Array }[] = [];
  let waiting: Uint32Array[] = [];
  for (const rows of members) {
    waiting.push(rows);
    const all = concatArrays(Uint32Array, waiting);
    if (all.length < 2) continue;
    const middle = all.length >> 1;
    halves.push({ x: all.subarray(0, middle), y: all.subarray(middle) });
    waiting = [];
  }
  return { members: halves, independent };
}
