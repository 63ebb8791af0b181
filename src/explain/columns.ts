// Sums over the rows of a block, by columns that lie side by side in one array: what all of the work comes down to.

/** Σ_r x[a + r] y[b + r] over `count` rows. */
export function dot(x: Float64Array, a: number, y: Float64Array, b: number, count: number): number {
  let sum = 0;
  for (let r = 0; r < count; r++) sum += x[a + r]! * y[b + r]!;
  return sum;
}

/** y[b + r] += factor · x[a + r]. */
export function addMultiple(
  factor: number,
  x: Float64Array,
  a: number,
  y: Float64Array,
  b: number,
  count: number,
): void {
  for (let r = 0; r < count; r++) y[b + r]! += factor * x[a + r]!;
}

/** z[c + r] = x[a + r] y[b + r]. */
export function multiply(
  x: Float64Array,
  a: number,
  y: Float64Array,
  b: number,
  z: Float64Array,
  c: number,
  count: number,
): void {
  for (let r = 0; r < count; r++) z[c + r] = x[a + r]! * y[b + r]!;
}

/** Adds Σ_r q[r] x[k · stride + r] to `sums[at + k − from]` for the columns k from `from` to `to` − 1. */
export function addDots(
  q: Float64Array,
  x: Float64Array,
  stride: number,
  from: number,
  to: number,
  sums: Float64Array,
  at: number,
  count: number,
): void {
  let k = from;
  // Four columns at a time: what is read of q serves four.
  for (; k + 4 <= to; k += 4) {
    const [a, b, c, d] = [k * stride, (k + 1) * stride, (k + 2) * stride, (k + 3) * stride];
    let p0 = 0;
    let p1 = 0;
    let p2 = 0;
    let p3 = 0;
    for (let r = 0; r < count; r++) {
      const w = q[r]!;
      p0 += w * x[a + r]!;
      p1 += w * x[b + r]!;
      p2 += w * x[c + r]!;
      p3 += w * x[d + r]!;
    }
    const place = at + k - from;
    sums[place]! += p0;
    sums[place + 1]! += p1;
    sums[place + 2]! += p2;
    sums[place + 3]! += p3;
  }
  for (; k < to; k++) sums[at + k - from]! += dot(q, 0, x, k * stride, count);
}
