/** What the update rules share: lanes in and out of memory, the effective gradient, running averages. */

// Below the smallest normal f32 a running average is set to 0: it would otherwise decay into denormals and
// stay there, where each operation costs a hundred cycles or more. NaN compares false and so survives.
const SMALLEST_NORMAL: f32 = 1.17549435e-38;

export function flush(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(SMALLEST_NORMAL)));
}

// Four elements (T = v128), or one in the first lane (T = f32) for the tail of a vector: one formula for both.
export function read<T>(at: usize): v128 {
  return sizeof<T>() === 16 ? v128.load(at) : v128.load32_zero(at);
}

export function write<T>(at: usize, x: v128): void {
  if (sizeof<T>() === 16) v128.store(at, x);
  else v128.store_lane<f32>(at, x, 0);
}

/** The gradient as the rule sees it: scaled, masked, with the derivative of l2·θ²/2 added. */
export function gradient<T>(theta: v128, grads: usize, mask: usize, at: usize, scale: v128, l2: v128): v128 {
  let g = f32x4.mul(read<T>(grads + at), scale);
  if (mask) g = f32x4.mul(g, read<T>(mask + at));
  return f32x4.add(g, f32x4.mul(l2, theta));
}

/** Exponential running average, keep + rate = 1; in this form an average of squares never loses digits. */
export function average(old: v128, value: v128, keep: v128, rate: v128): v128 {
  return flush(f32x4.add(f32x4.mul(keep, old), f32x4.mul(rate, value)));
}
