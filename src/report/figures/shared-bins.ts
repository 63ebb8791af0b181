/** Equal bins between two ends, as `histogram` of the statistics takes them. */
export interface Bins {
  /** Number of bins. */
  readonly bins: number;
  /** Lower and upper end of all bins together. */
  readonly range: readonly [number, number];
}

/** More steps than this between the extremes, and values are taken as continuous. */
const mostSteps = 20_000;

/**
 * Bins that suit several samples of one observable at once. An observable of a finite lattice often takes only
 * evenly spaced values (the magnetisation of N spins: multiples of 2/N); each bin then holds the same whole number
 * of those values and is centred on them, since any other choice draws peaks that are not there. Otherwise `most`
 * equal bins. `values` must be finite; none gives undefined.
 */
export function sharedBins(values: readonly number[], most = 40): Bins | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[0]!;
  const high = sorted.at(-1)!;
  if (low === high) {
    const half = Math.abs(low) * 0.05 || 0.5;
    return { bins: 1, range: [low - half, high + half] };
  }
  const spacing = levelSpacing(sorted);
  if (spacing === undefined) return { bins: most, range: [low, high] };
  const levels = Math.round((high - low) / spacing) + 1;
  const perBin = Math.ceil(levels / most);
  const bins = Math.ceil(levels / perBin);
  const start = low - spacing / 2;
  return { bins, range: [start, start + bins * perBin * spacing] };
}

/** Values this many times wider than their central 99 % are drawn without the rest, which one outlier would else fill. */
const heavy = 20;

/**
 * Returns the central 99 % of values, with some margin, if their tails would hide it in a figure; undefined
 * for others. Fewer than 200 values have no such tails.
 */
export function centralRange(values: readonly number[]): readonly [number, number] | undefined {
  if (values.length < 200) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  const [low, high] = [at(0.005), at(0.995)];
  if (!(high > low) || at(1) - at(0) <= heavy * (high - low)) return undefined;
  const room = 0.02 * (high - low);
  return [low - room, high + room];
}

/** The largest step with all differences as whole multiples, up to rounding; undefined if there is none. */
function levelSpacing(sorted: readonly number[]): number | undefined {
  const low = sorted[0]!;
  const range = sorted.at(-1)! - low;
  const tolerance = range / mostSteps / 2;
  let divisor = range;
  for (const value of sorted) {
    // Euclid's algorithm; remainders below the tolerance are rounding errors.
    let rest = value - low;
    while (rest > tolerance) [divisor, rest] = [rest, Math.abs(divisor - Math.round(divisor / rest) * rest)];
    if (divisor < range / mostSteps) return undefined;
  }
  const spacing = range / Math.round(range / divisor);
  const offGrid = (v: number) => Math.abs((v - low) / spacing - Math.round((v - low) / spacing)) > 0.01;
  return sorted.some(offGrid) ? undefined : spacing;
}
