import { read, write } from "./lanes";

function squares(x: v128): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 0, 1));
  return f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high));
}

/**
 * Sum of squares of a vector (times `mask`), in f64, which no f32 can overflow: the result is finite exactly
 * when every element is.
 */
export function sumSquares(x: usize, mask: usize, n: usize): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  const end = n << 2;
  const whole = end & ~31;
  let at: usize = 0;
  for (; at < whole; at += 32) {
    let first = v128.load(x + at);
    let second = v128.load(x + at, 16);
    if (mask) {
      first = f32x4.mul(first, v128.load(mask + at));
      second = f32x4.mul(second, v128.load(mask + at, 16));
    }
    a = f64x2.add(a, squares(first));
    b = f64x2.add(b, squares(second));
  }
  for (; at < end; at += 4) {
    let last = v128.load32_zero(x + at);
    if (mask) last = f32x4.mul(last, v128.load32_zero(mask + at));
    a = f64x2.add(a, squares(last));
  }
  const sum = f64x2.add(a, b);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Number of elements that are NaN or infinite. */
export function countNonFinite(x: usize, n: usize): u32 {
  let count: u32 = 0;
  const end = x + (n << 2);
  for (let at = x; at < end; at += 4) {
    // The exponent field is all ones in an infinity and in every NaN.
    count += u32((load<u32>(at) & 0x7f800000) === 0x7f800000);
  }
  return count;
}

/** Multiplies a vector by `factor`. */
export function scale(x: usize, n: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  const end = n << 2;
  const whole = end & ~15;
  let at: usize = 0;
  for (; at < whole; at += 16) write<v128>(x + at, f32x4.mul(read<v128>(x + at), f));
  for (; at < end; at += 4) write<f32>(x + at, f32x4.mul(read<f32>(x + at), f));
}
