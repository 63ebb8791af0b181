import { bytesIn, bytesOf, type NDArray, sizeOf } from "../../array.ts";
import { numbers } from "../values.ts";

/** Starts of runs of equal rows, and number of distinct rows. */
export interface EqualRows {
  /** The first row of each run of equal rows with equal contexts. */
  readonly starts: Uint32Array;
  /** Number of distinct rows, contexts taken with them. */
  readonly distinct: number;
}

/** Runs of equal rows of `x`; rows with different `groups` (contexts) are different. */
export function equalRows(x: NDArray, groups?: Int32Array): EqualRows {
  const rows = x.shape[0] as number;
  const size = sizeOf(x.shape.slice(1)) * bytesOf(x.dtype);
  const bytes = bytesIn(x.data);
  const known = new Set<number>();
  const starts: number[] = [];
  let before = Number.NaN;
  for (let r = 0; r < rows; r++) {
    // Two words of FNV-1a (Fowler, Noll, Vo) with different starts: 53 bits of them tell 10⁶ rows apart.
    let [a, b] = [0x811c9dc5 ^ (groups?.[r] ?? 0), 0x1b873593 + (groups?.[r] ?? 0)];
    for (let i = r * size; i < (r + 1) * size; i++) {
      a = Math.imul(a ^ (bytes[i] as number), 0x01000193);
      b = Math.imul(b ^ (bytes[i] as number), 0x85ebca6b) + 1;
    }
    const hash = (a >>> 0) * 2 ** 21 + ((b >>> 0) >>> 11);
    known.add(hash);
    if (hash !== before) starts.push(r);
    before = hash;
  }
  return { starts: Uint32Array.from(starts), distinct: known.size };
}

/**
 * Whether rows lie in lexicographic order, up or down, by the first site first or by the last one first. Rows with
 * different `groups` need be in no order.
 */
export function isSorted(x: NDArray, groups?: Int32Array): boolean {
  const rows = x.shape[0] as number;
  const sites = sizeOf(x.shape.slice(1));
  const values = numbers(x);
  const compare = (r: number, at: (i: number) => number): number => {
    for (let i = 0; i < sites; i++) {
      const step = (values[r * sites + at(i)] as number) - (values[(r - 1) * sites + at(i)] as number);
      if (step !== 0) return Math.sign(step);
    }
    return 0;
  };
  return [(i: number) => i, (i: number) => sites - 1 - i].some((at) => {
    let way = 0;
    for (let r = 1; r < rows; r++) {
      if (groups && groups[r] !== groups[r - 1]) continue;
      const step = compare(r, at);
      if (step !== 0 && way !== 0 && step !== way) return false;
      if (step !== 0) way = step;
    }
    return true;
  });
}
