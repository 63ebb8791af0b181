import type { NDArray } from "../array.ts";
import type { Space } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import type { Spacing } from "../stats/index.ts";
import { type Deviation, difference, type Estimate, independentMean, rHat } from "../stats/index.ts";
import { byChain, rowMean } from "../stats/row-mean.ts";

/** Rows of Markov chains at a model, with the model's values of them. */
export interface ChainRows {
  /** `[rows, ...sites]`, as datasets store them. */
  readonly x: NDArray;
  /** The chain each row is from; rows of one chain come in the order of its time. */
  readonly chain: Int32Array;
  /** log P + log Z of each row, nats. */
  readonly logWeight: Float64Array;
  /** τ and thinning of the chains, if known. */
  readonly spacing?: Spacing;
}

/** Diagnostics of a model's chains next to rows of data; see {@link chainDiagnostics}. */
export interface ChainDiagnostics {
  /** The mean log-weight (minus the energy) of the chains' rows and of the data. */
  readonly logWeight: { readonly chains: Estimate; readonly data: Estimate; readonly deviation: Deviation };
  /** Split R̂ of the log-weight between the chains. */
  readonly rHat: number;
  /**
   * Movement of the chains along the direction in which the data varies most; absent for sites of several
   * states.
   */
  readonly mode?: {
    /** Split R̂ of the projection onto it. */
    readonly rHat: number;
    /**
     * Frequency with which successive rows of a chain lie on different sides of the data's mean, divided by
     * that of independent rows of the same chains: 1 for chains that mix between the modes, 0 for chains that
     * each stay in one. NaN if all rows lie on one side.
     */
    readonly mixing: Estimate;
    /** The fraction of rows on the upper side: of the chains, and of the data. */
    readonly above: { readonly chains: Estimate; readonly data: Estimate };
  };
}

/**
 * Compares chains of a model with data: their energies, whether the chains agree with each other, and whether
 * they move between the modes of the data, separated by its first principal component. A model trained to its
 * maximum has the data's mean energy; a difference means that training has not reached it, or that the chains
 * are not at equilibrium.
 */
export function chainDiagnostics(
  rows: ChainRows,
  data: {
    readonly x: NDArray;
    readonly logWeight: Float64Array;
    readonly chain?: Int32Array | undefined;
    readonly spacing?: Spacing | undefined;
  },
  space: Space,
): ChainDiagnostics {
  const chains = rowMean(rows.logWeight, rows.chain, rows.spacing);
  const ofData = rowMean(data.logWeight, data.chain, data.spacing);
  const series = byChain(rows.logWeight, rows.chain);
  return {
    logWeight: { chains, data: ofData, deviation: difference(chains, ofData) },
    rHat: rHat(evenly(series)).value,
    ...((space.kind === "binary" || space.kind === "real") && { mode: modeOf(rows, data) }),
  };
}

function modeOf(
  rows: ChainRows,
  data: {
    readonly x: NDArray;
    readonly chain?: Int32Array | undefined;
    readonly spacing?: Spacing | undefined;
  },
): NonNullable<ChainDiagnostics["mode"]> {
  const { middle, direction } = principal(data.x);
  const along = (x: NDArray) => projected(numbers(x), middle, direction);
  const [ofRows, ofData] = [along(rows.x), along(data.x)];
  const series = byChain(ofRows, rows.chain);
  const above = ofRows.map((z) => (z > 0 ? 1 : 0));
  const share = rowMean(above, rows.chain, rows.spacing);
  const expected = 2 * share.value * (1 - share.value);
  const crossings = series.filter(({ length }) => length > 1).map(crossingsOf);
  const { value, error } = independentMean(crossings);
  return {
    rHat: rHat(evenly(series)).value,
    mixing: { value: value / expected, error: error / expected },
    above: {
      chains: share,
      data: rowMean(
        ofData.map((z) => (z > 0 ? 1 : 0)),
        data.chain,
        data.spacing,
      ),
    },
  };
}

/** Rows of data that the principal component is taken of. */
const PRINCIPAL_ROWS = 5000;
const POWER_STEPS = 100;

/** The mean of rows and their first principal component, by power iteration from the row farthest from the mean. */
export function principal(x: NDArray): { middle: Float64Array; direction: Float64Array } {
  const total = x.shape[0] as number;
  const all = numbers(x);
  const n = all.length / total;
  const rows = Math.min(total, PRINCIPAL_ROWS);
  // Spread over the whole, whose rows may be sorted.
  const at = (row: number) => Math.floor((row * total) / rows) * n;
  const middle = new Float64Array(n);
  for (let row = 0; row < rows; row++)
    for (let i = 0, k = at(row); i < n; i++) middle[i] = (middle[i] as number) + Number(all[k + i]) / rows;
  const centred = new Float64Array(rows * n);
  let [farthest, distance] = [0, -1];
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = 0, k = at(row); i < n; i++) {
      const d = Number(all[k + i]) - (middle[i] as number);
      centred[row * n + i] = d;
      sum += d * d;
    }
    if (sum > distance) [farthest, distance] = [row, sum];
  }
  let direction = unit(centred.slice(farthest * n, (farthest + 1) * n));
  for (let step = 0; step < POWER_STEPS; step++) {
    const next = new Float64Array(n);
    for (let row = 0; row < rows; row++) {
      let z = 0;
      for (let i = 0; i < n; i++) z += (centred[row * n + i] as number) * (direction[i] as number);
      for (let i = 0; i < n; i++) next[i] = (next[i] as number) + z * (centred[row * n + i] as number);
    }
    direction = unit(next);
  }
  return { middle, direction };
}

function unit(v: Float64Array): Float64Array {
  const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  return length > 0 ? v.map((x) => x / length) : v;
}

function projected(all: ArrayLike<number>, middle: Float64Array, direction: Float64Array): Float64Array {
  const n = middle.length;
  return Float64Array.from({ length: all.length / n }, (_, row) => {
    let z = 0;
    for (let i = 0; i < n; i++)
      z += (Number(all[row * n + i]) - (middle[i] as number)) * (direction[i] as number);
    return z;
  });
}

/** The fraction of successive values on different sides of 0. */
function crossingsOf(series: Float64Array): number {
  let count = 0;
  for (let i = 1; i < series.length; i++)
    if ((series[i] as number) > 0 !== (series[i - 1] as number) > 0) count++;
  return count / (series.length - 1);
}

/** Chains cut to the length of the shortest. */
function evenly(chains: readonly Float64Array[]): Float64Array[] {
  const length = Math.min(...chains.map((chain) => chain.length));
  return chains.map((chain) => chain.subarray(0, length));
}
