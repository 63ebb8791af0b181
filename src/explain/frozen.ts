import { type NDArray, ndarray } from "../array.ts";
import { numbers } from "../data/values.ts";
import { inputError } from "../error.ts";
import { siteName } from "./formula.ts";
import type { SpinProduct } from "./products.ts";
import type { Spins } from "./spins.ts";
import type { Candidates } from "./terms.ts";

/** The sites of rows `[rows, ...sites]` of bits that take both values, and those that have one value throughout. */
export function movingSites(x: NDArray, sites: number): { moving: number[]; frozen: number[] } {
  const bits = numbers(x);
  const ones = new Float64Array(sites);
  for (let i = 0; i < bits.length; i++) ones[i % sites]! += bits[i]!;
  const rows = bits.length / sites;
  const all = Array.from(ones, (_, site) => site);
  const moves = (site: number) => ones[site]! > 0 && ones[site]! < rows;
  return { moving: all.filter(moves), frozen: all.filter((site) => !moves(site)) };
}

/** Some sites of rows `[rows, ...sites]` of bits, as `[rows, sites]`. */
export function siteColumns(x: NDArray, which: readonly number[]): NDArray<"u8"> {
  const bits = numbers(x);
  const rows = x.shape[0] as number;
  const sites = bits.length / rows;
  const out = ndarray("u8", [rows, which.length]);
  for (let row = 0, to = 0; row < rows; row++)
    for (const site of which) out.data[to++] = bits[row * sites + site]!;
  return out;
}

/**
 * Throws an input error for a product of several spins that is a candidate by itself and equal in all rows:
 * the pseudo-likelihood grows without limit with its coefficient. `siteOf` maps the sites of `spins` to those
 * of `shape`.
 */
export function checkBounded(
  { columns, rows }: Spins,
  { terms }: Candidates,
  siteOf: (site: number) => number,
  shape: readonly number[],
): void {
  const same = (product: SpinProduct) => {
    const at = (row: number) => product.reduce((value, site) => value * columns[site * rows + row]!, 1);
    const first = at(0);
    for (let row = 1; row < rows; row++) if (at(row) !== first) return 0;
    return first;
  };
  for (const { products } of terms) {
    const [product] = products as readonly [SpinProduct];
    if (products.length > 1 || product.length < 2) continue;
    const value = same(product);
    if (value === 0) continue;
    const names = product.map((site) => siteName(siteOf(site), shape)).join(" ");
    throw inputError(
      `the product ${names} is ${value > 0 ? "+1" : "−1"} in all ${rows} rows, so its coefficient is unbounded; ` +
        "give more rows, take a lower order, or leave a site out",
    );
  }
}
