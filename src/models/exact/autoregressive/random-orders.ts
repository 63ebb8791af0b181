import {
  add,
  arange,
  broadcastTo,
  cast,
  cumsum,
  expandDims,
  flatten,
  lessEqual,
  lowerTriangle,
  mul,
  ones,
  reshape,
  type SymbolicKey,
  scatterAdd,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";

/**
 * Returns an order of `sites` sites for each of `rows` rows, all orders equally likely: the site at each
 * position, `[rows, sites]` i32. The position of a site is the rank of its uniform number in the row, counted
 * in pairs.
 */
export function randomOrders(rows: number, sites: number, key: SymbolicKey): Tensor {
  const u = uniform(key, [rows, sites]);
  // Of each pair j < i one is first: i where u_i < u_j, and j otherwise, so that ties are no trouble.
  const earlier = cast(lessEqual(expandDims(u, 1), expandDims(u, 2)), "f32");
  const first = mul(earlier, lowerTriangle(sites, sites, -1));
  // Those before i: earlier sites that come first, and later ones that i does not come before.
  const later = sub(sites - 1, arange(sites, "f32"));
  const rank = cast(add(sub(sum(first, 2), sum(first, 1)), later), "i32");
  const values = broadcastTo(arange(sites), [rows, sites]);
  const at = flatten(add(rank, rowStarts(rows, sites)));
  return reshape(scatterAdd(flatten(values), at, rows * sites), [rows, sites]);
}

/** Start of each row of a flattened `[rows, sites]`, `[rows, 1]` i32. */
export function rowStarts(rows: number, sites: number): Tensor {
  return mul(sub(cumsum(ones([rows, 1], "i32"), 0), 1), sites);
}
