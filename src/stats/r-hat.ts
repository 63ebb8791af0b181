import { inputError } from "../error.ts";
import { mean, variance } from "./mean.ts";
import { median } from "./median.ts";
import { normalQuantile } from "./normal.ts";

/** Whether several chains of one system agree; see {@link rHat}. */
export interface RHat {
  /** The larger of `bulk` and `tail`: 1.01 or less for chains that have forgotten their start. */
  readonly value: number;
  /** R̂ of the rank-normalised values: whether the chains agree about the middle. */
  readonly bulk: number;
  /** R̂ of the rank-normalised distances from the median: whether they agree about the spread. */
  readonly tail: number;
}

/**
 * Returns the split R̂ of rank-normalised values of m chains of n values each: the square root of the
 * variance of all values over the mean variance within a half chain. Every chain is cut in halves, so that
 * one that drifts disagrees with itself; ranks make it hold for quantities without a variance.
 *
 * NaN if it is undefined: chains of fewer than four values, or values that are all equal; ∞ if every half is
 * constant and they differ. Throws when chains differ in length or a value is not finite, naming chain and
 * index.
 *
 * Source: Vehtari, Gelman, Simpson, Carpenter & Bürkner, Bayesian Analysis 16 (2021) 667, eqs. 3, 4 and 14.
 */
export function rHat(chains: readonly ArrayLike<number>[]): RHat {
  const n = chains[0]?.length ?? 0;
  if (n === 0) throw inputError("no measurements in the chains; give at least one");
  chains.forEach((chain, c) => {
    if (chain.length !== n)
      throw inputError(`chain ${c} has ${chain.length} measurements and chain 0 has ${n}; make them equal`);
    for (let i = 0; i < n; i++)
      if (!Number.isFinite(chain[i]))
        throw inputError(`chain ${c}: measurement ${i} is ${chain[i]}; measurements must be finite`);
  });
  const half = Math.floor(n / 2);
  if (half < 2) return { value: Number.NaN, bulk: Number.NaN, tail: Number.NaN };
  // The middle one of an odd number belongs to neither half.
  const halves = chains.flatMap((chain) => [part(chain, 0, half), part(chain, n - half, n)]);
  const bulk = ratio(normalised(halves));
  const middle = median(halves.flatMap((values) => [...values]));
  const tail = ratio(normalised(halves.map((values) => values.map((x) => Math.abs(x - middle)))));
  // Spins have one distance from their median: that says nothing, and what the middle says stands.
  return { value: Number.isNaN(tail) ? bulk : Math.max(bulk, tail), bulk, tail };
}

/** √(var⁺/W) with var⁺ = (n − 1)/n W + B/n, from variances within and between chains. */
function ratio(chains: readonly Float64Array[]): number {
  const n = (chains[0] as Float64Array).length;
  const within = mean(chains.map(variance));
  const between = variance(chains.map(mean));
  if (within === 0) return between === 0 ? Number.NaN : Number.POSITIVE_INFINITY;
  return Math.sqrt((n - 1) / n + between / within);
}

/** Values as normal quantiles of their ranks among all, (r − 3/8)/(S + 1/4); equal ones share their mean rank. */
function normalised(chains: readonly Float64Array[]): Float64Array[] {
  const n = (chains[0] as Float64Array).length;
  const all = new Float64Array(chains.length * n);
  chains.forEach((chain, c) => {
    all.set(chain, c * n);
  });
  const order = Uint32Array.from(all.keys()).sort((a, b) => (all[a] as number) - (all[b] as number));
  const z = new Float64Array(all.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && all[order[end] as number] === all[order[start] as number]) end++;
    const rank = (start + 1 + end) / 2;
    const quantile = normalQuantile((rank - 0.375) / (all.length + 0.25));
    for (let i = start; i < end; i++) z[order[i] as number] = quantile;
    start = end;
  }
  return chains.map((_, c) => z.subarray(c * n, (c + 1) * n));
}

function part(chain: ArrayLike<number>, start: number, end: number): Float64Array {
  return Float64Array.from({ length: end - start }, (_, i) => chain[start + i] as number);
}
