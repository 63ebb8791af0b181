/** Fewest values of a tail that a shape is fitted to. */
const fewest = 5;
/** Values of a tail count as equal if they differ by less than this share of the largest: rounding. */
const rounding = 1e-10;

/**
 * Returns the shape k̂ of the generalised Pareto distribution of the largest min(n/5, 3√n) of values ≥ 0: a
 * mean over them has a variance for k < ½, and an estimate of it from this many samples is reliable for k̂ ≤
 * 0.7. −∞ if the largest are similar, as those of a bounded quantity may be, or too few to judge.
 *
 * Values equal to the threshold do not count. Few different values make no tail: if most values of a tail
 * occur twice or more, as in small discrete systems, the shape is −∞.
 *
 * Source: Vehtari, Simpson, Gelman, Yao & Gabry, "Pareto smoothed importance sampling", J. Mach. Learn. Res.
 * 25 (2024), sections 2.4 and 3; the fit: Zhang & Stephens, Technometrics 51 (2009) 316, with the prior of
 * the former's appendix.
 */
export function paretoShape(values: Float64Array): number {
  const sorted = values.toSorted();
  const largest = sorted.at(-1) ?? 0;
  const size = Math.ceil(Math.min(sorted.length / 5, 3 * Math.sqrt(sorted.length)));
  const threshold = sorted[sorted.length - size - 1] ?? 0;
  const tail = sorted
    .subarray(sorted.length - size)
    .map((x) => x - threshold)
    .filter((x) => x > rounding * largest);
  if (tail.length < fewest || alike(tail) || isDiscrete(tail)) return Number.NEGATIVE_INFINITY;
  return fitted(tail);
}

/** Whether values in order hardly differ. */
function alike(tail: Float64Array): boolean {
  const [least, most] = [tail[0] as number, tail.at(-1) as number];
  return most - least <= 1e-3 * most;
}

/** Whether most values in order have an equal. */
function isDiscrete(tail: Float64Array): boolean {
  const same = (a: number | undefined, b: number) => a !== undefined && Math.abs(a - b) <= rounding * b;
  const met = tail.filter((x, i) => same(tail[i - 1], x) || same(tail[i + 1], x));
  return 2 * met.length > tail.length;
}

function fitted(tail: Float64Array): number {
  const n = tail.length;
  const most = tail[n - 1] as number;
  const quartile = tail[Math.max(0, Math.floor(n / 4 + 0.5) - 1)] as number;
  const points = 30 + Math.floor(Math.sqrt(n));
  const shapeOf = (b: number) => tail.reduce((sum, x) => sum + Math.log1p(-b * x), 0) / n;
  const bs = Array.from(
    { length: points },
    (_, i) => 1 / most + (1 - Math.sqrt(points / (i + 0.5))) / (3 * quartile),
  );
  const likelihoods = bs.map((b) => {
    const k = shapeOf(b);
    return n * (Math.log(-b / k) - k - 1);
  });
  const top = Math.max(...likelihoods);
  const weights = likelihoods.map((l) => Math.exp(l - top));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const b = bs.reduce((sum, x, i) => sum + x * (weights[i] as number), 0) / total;
  // As many as ten values of k = ½ before any were seen.
  return (n * shapeOf(b) + 5) / (n + 10);
}
