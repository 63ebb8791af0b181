import { counted } from "../counted.ts";
import type { Key } from "../random/key.ts";
import { permutation } from "../random/permutation.ts";
import type { Spacing } from "../stats/index.ts";

/** The three parts of a dataset's rows: to learn from, to stop by, to report on. */
export type SplitName = "train" | "valid" | "test";

/** Row indices of each part, none in two parts, and in words how they were chosen. */
export interface Splits {
  /** Rows that parameters are fitted to, in increasing order. */
  readonly train: Uint32Array;
  /** Rows that decide when training stops and which parameters are kept; may be empty. */
  readonly valid: Uint32Array;
  /** Rows held out for scores; may be empty. */
  readonly test: Uint32Array;
  /** Whether the file gave the parts, or they were drawn row by row, or by whole chains and stretches of chains, or all is one part. */
  readonly by: "given" | "random" | "chain" | "parent" | "none";
  /** The same for people, with numbers: `80/10/10 at random`. */
  readonly how: string;
}

/** Chains from which on whole ones are dealt out; fewer would make the parts too uneven. */
const enoughChains = 10;
/** Number of autocorrelation times to drop at a cut, if the chain is long enough. */
const wantedGap = 10;
/** Autocorrelation times below which the rows on both sides of a cut are called correlated: e⁻⁵ is 1 %. */
const correlatedGap = 5;
/** Rows below which a chain is not cut but learnt from whole. */
const shortest = 10;

/** The integers from `start` to `stop` − 1. */
export function range(start: number, stop: number): Uint32Array {
  return Uint32Array.from({ length: Math.max(0, stop - start) }, (_, i) => start + i);
}

/** A tenth of `n`, at least one if there are three or more to share out. */
function tenth(n: number): number {
  return n < 3 ? 0 : Math.max(1, Math.floor(n / 10));
}

/** 80/10/10 of `rows` independent rows, at random by `key`; each part in increasing order. */
export function randomSplits(rows: number, key: Key): Splits {
  const [train, valid, test] = deal(permutation(key, rows));
  return { train, valid, test, by: "random", how: "80/10/10 at random" };
}

/** All rows to learn from: for a fit that needs no validation and keeps nothing back. */
export function noSplits(rows: number): Splits {
  const none = new Uint32Array(0);
  return {
    train: range(0, rows),
    valid: none,
    test: none,
    by: "none",
    how: "not split: all rows are fitted",
  };
}

/** Minimum number of parents for whole parents to be dealt to the parts. */
const enoughParents = 10;

/**
 * Returns splits of rows that share parents, where `parent[r]` is the parent of row `r`: whole parents,
 * 80/10/10 by `key`, so that no part holds relatives of another's rows. With fewer than 10 parents rows are
 * dealt one by one, and `how` notes it.
 */
export function parentSplits(parent: ArrayLike<number>, key: Key): Splits {
  const parents = membersOf(parent);
  if (parents.length === parent.length) return randomSplits(parent.length, key);
  if (parents.length < enoughParents)
    return {
      ...randomSplits(parent.length, key),
      how: `80/10/10 at random: rows of the same ${parents.length} parents are in all parts`,
    };
  const [train, valid, test] = deal(permutation(key, parents.length)).map((part) =>
    Uint32Array.from([...part].flatMap((p) => parents[p] as number[])).sort(),
  ) as [Uint32Array, Uint32Array, Uint32Array];
  return { train, valid, test, by: "parent", how: `80/10/10 by whole parents, ${parents.length} of them` };
}

/** `held` of `rows` rows at random by `key` and the others, both in increasing order. */
export function holdOut(rows: Uint32Array, key: Key): { kept: Uint32Array; held: Uint32Array } {
  const order = permutation(key, rows.length);
  const n = rows.length < 2 ? 0 : Math.max(1, Math.floor(rows.length / 10));
  const pick = (part: Uint32Array) => part.sort().map((i) => rows[i] as number);
  return { held: pick(order.slice(0, n)), kept: pick(order.slice(n)) };
}

function deal(order: Uint32Array): [Uint32Array, Uint32Array, Uint32Array] {
  const n = tenth(order.length);
  const cut = order.length - 2 * n;
  return [order.slice(0, cut).sort(), order.slice(cut, cut + n).sort(), order.slice(cut + n).sort()];
}

/**
 * Returns splits of rows from Markov chains: `chain[r]` is the chain of row `r`, and the rows of one chain
 * are in the order of its time. Ten chains or more are dealt to the parts whole, by `key`. Fewer chains are
 * each cut in time, 80/10/10, and rows are dropped at both cuts: ten τ of them if τ is known, else five in a
 * thousand of the chain, but never more than a twentieth of it; in a chain of few τ, neighbouring parts then
 * stay correlated. `how` states the gap, also in τ if τ is known, and warns if the parts are less than five τ
 * apart and so correlated by about 1 % or more.
 */
export function chainSplits(chain: ArrayLike<number>, key: Key, spacing: Spacing = {}): Splits {
  const chains = membersOf(chain);
  if (chains.length >= enoughChains) {
    const parts = deal(permutation(key, chains.length));
    const gather = (part: Uint32Array) =>
      Uint32Array.from([...part].flatMap((c) => chains[c] as number[])).sort();
    const [train, valid, test] = parts;
    const counts = parts.map((part) => part.length).join("/");
    return {
      train: gather(train),
      valid: gather(valid),
      test: gather(test),
      by: "chain",
      how: `${counts} whole chains of ${chains.length}`,
    };
  }
  return blockSplits(chain, spacing);
}

/** Rows by chain, in the order in which chains first appear. */
function membersOf(chain: ArrayLike<number>): number[][] {
  const members = new Map<number, number[]>();
  for (let r = 0; r < chain.length; r++) {
    const id = chain[r] as number;
    const rows = members.get(id);
    if (rows) rows.push(r);
    else members.set(id, [r]);
  }
  return [...members.values()];
}

/**
 * The last tenth of each chain and the rows before it, both in increasing order, with the gap of {@link blockSplits} left
 * out between them.
 */
export function holdOutBlocks(
  chain: ArrayLike<number>,
  spacing: Spacing = {},
): { kept: Uint32Array; held: Uint32Array } {
  const [kept, held]: [number[], number[]] = [[], []];
  for (const rows of membersOf(chain)) {
    const n = rows.length < shortest ? 0 : tenth(rows.length);
    kept.push(...rows.slice(0, rows.length - n - (n > 0 ? gapOf(rows.length, spacing) : 0)));
    held.push(...rows.slice(rows.length - n));
  }
  return { kept: Uint32Array.from(kept).sort(), held: Uint32Array.from(held).sort() };
}

/** Splits as {@link chainSplits} makes them of few chains: each is cut in time, however many there are. */
export function blockSplits(chain: ArrayLike<number>, spacing: Spacing = {}): Splits {
  const chains = membersOf(chain);
  const part = { train: [] as number[], valid: [] as number[], test: [] as number[] };
  const gaps: number[] = [];
  for (const rows of chains) {
    const n = rows.length < shortest ? 0 : tenth(rows.length);
    const gap = gapOf(rows.length, spacing);
    if (n > 0) gaps.push(gap);
    const trainTo = rows.length - 2 * (n + gap);
    const validFrom = trainTo + gap;
    rows.forEach((row, t) => {
      if (t < trainTo) part.train.push(row);
      else if (t >= validFrom && t < validFrom + n) part.valid.push(row);
      else if (t >= rows.length - n) part.test.push(row);
    });
  }
  const what = chains.length === 1 ? "one chain" : `each of ${chains.length} chains`;
  return {
    train: Uint32Array.from(part.train).sort(),
    valid: Uint32Array.from(part.valid).sort(),
    test: Uint32Array.from(part.test).sort(),
    by: "chain",
    how: `80/10/10 blocks of ${what} in time, ${describeGaps(gaps, spacing)}`,
  };
}

/** Describes how many rows were dropped at the cuts of each chain, and the smallest gap in τ. */
function describeGaps(gaps: readonly number[], { tau, thinning }: Spacing): string {
  if (gaps.length === 0) return "0 rows left out at each cut";
  const [fewest, most] = [Math.min(...gaps), Math.max(...gaps)];
  const rows = `${fewest === most ? "" : `${fewest} to `}${counted(most, "row")} left out at each cut`;
  if (!tau) return rows;
  const taus = (fewest * (thinning ?? 1)) / tau;
  const figure = taus < 10 ? Number(taus.toPrecision(2)) : Math.floor(taus);
  const correlated = taus < correlatedGap ? ": neighbouring parts are correlated" : "";
  return `${rows}, ${figure} τ${correlated}`;
}

/** Rows to leave out at a cut of a chain of `n` rows; never more than a twentieth of them. */
function gapOf(n: number, { tau, thinning }: Spacing): number {
  if (n < shortest) return 0;
  const wanted = tau === undefined ? Math.ceil(n / 200) : Math.ceil((wantedGap * tau) / (thinning ?? 1));
  return Math.max(1, Math.min(wanted, Math.floor(n / 20)));
}
