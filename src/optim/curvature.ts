/** A step, the change of the gradient along it, and 1/(s·y). */
export interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

/** Adds the step from `x` to `next` to the newest `memory` pairs, unless its curvature is not positive. */
export function remember(
  pairs: Pair[],
  memory: number,
  x: Float64Array,
  next: Float64Array,
  gradient: Float64Array,
  nextGradient: Float64Array,
): void {
  const oldest = pairs.length === memory ? pairs.shift() : undefined;
  const s = oldest?.s ?? new Float64Array(x.length);
  const y = oldest?.y ?? new Float64Array(x.length);
  let product = 0;
  let [ss, yy] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    s[i] = next[i]! - x[i]!;
    y[i] = nextGradient[i]! - gradient[i]!;
    product += s[i]! * y[i]!;
    ss += s[i]! ** 2;
    yy += y[i]! ** 2;
  }
  // A direction without positive curvature would make the next step one uphill.
  if (product > 1e-12 * Math.sqrt(ss * yy)) pairs.push({ s, y, rho: 1 / product });
}

/**
 * Minus the gradient times the inverse curvature of the pairs: the two loops of L-BFGS.
 *
 * Source: Nocedal, Math. Comp. 35 (1980) 773.
 */
export function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k]!;
    const alpha = rho * dot(s, q);
    alphas[k] = alpha;
    for (let i = 0; i < q.length; i++) q[i]! -= alpha * y[i]!;
  }
  const newest = pairs.at(-1);
  if (newest) {
    const scale = 1 / (newest.rho * dot(newest.y, newest.y));
    for (let i = 0; i < q.length; i++) q[i]! *= scale;
  }
  for (const [k, { s, y, rho }] of pairs.entries()) {
    const change = alphas[k]! - rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i]! += change * s[i]!;
  }
  return q;
}

/** The scalar product of two vectors. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
