/** Number of moves on each side of a point over which a tuned step is averaged. */
const WINDOW = 5;

/** Sizes of leapfrog steps along a path. */
export interface Steps {
  /** The points t, in growing order. */
  readonly points: Float32Array;
  /** Logarithms of the sizes at each point, of every chain, or of all chains alike. */
  readonly logSteps: readonly Float32Array[];
}

/**
 * Returns the steps that a pilot run along growing `points` was tuned to, from the steps of each of its
 * moves, `[moves][chains]`: averages over neighbours on the path and over the chains of a row, since chains
 * of one row see one posterior.
 */
export function tunedSteps(logSteps: readonly Float32Array[], points: Float32Array, chains: number): Steps {
  const count = logSteps.length;
  const lanes = (logSteps[0] as Float32Array).length;
  const ofRows = logSteps.map((each) => {
    const means = new Float32Array(lanes);
    for (let start = 0; start < lanes; start += chains) {
      let total = 0;
      for (let c = 0; c < chains; c++) total += each[start + c] as number;
      means.fill(total / chains, start, start + chains);
    }
    return means;
  });
  const smooth = ofRows.map((_, i) => {
    const near = ofRows.slice(Math.max(0, i - WINDOW), Math.min(count, i + WINDOW + 1));
    return Float32Array.from({ length: lanes }, (_, c) =>
      near.reduce((total, each) => total + (each[c] as number) / near.length, 0),
    );
  });
  return { points: points.slice(1), logSteps: smooth };
}

/** Writes the logarithms of the steps at t, linear between the points, into `out: [chains]`. */
export function stepsAt({ points, logSteps }: Steps, t: number, out: Float32Array): void {
  const last = points.length - 1;
  let after = points.findIndex((point) => point >= t);
  if (after < 0) after = last;
  const before = Math.max(0, after - 1);
  const [a, b] = [points[before] as number, points[after] as number];
  const part = b > a ? Math.min(1, Math.max(0, (t - a) / (b - a))) : 1;
  const [low, high] = [logSteps[before] as Float32Array, logSteps[after] as Float32Array];
  // One size for all chains is an array of one.
  const of = (sizes: Float32Array, c: number) => sizes[sizes.length === 1 ? 0 : c] as number;
  for (let c = 0; c < out.length; c++) out[c] = (1 - part) * of(low, c) + part * of(high, c);
}
