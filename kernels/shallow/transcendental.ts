/** Exponential, logarithm and what is made of them, four lanes at a time. */

/** eˣ for x ≤ 0, to 1e-7 of itself; below −87 the value there, 1.6e-38. Cephes' expf (S. L. Moshier). */
export function expNegative(x: v128): v128 {
  const y = f32x4.pmax(f32x4.splat(-87), x);
  const n = f32x4.nearest(f32x4.mul(y, f32x4.splat(<f32>Math.LOG2E)));
  // ln 2 in two parts: the first has few digits, so that its multiples are exact.
  let r = f32x4.sub(y, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
  let p = f32x4.splat(1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/** log(1 + t) for 0 ≤ t ≤ 1: 2 artanh(t / (2 + t)), whose series is short where t is at most 1. */
export function logOnePlus(t: v128): v128 {
  const s = f32x4.div(t, f32x4.add(t, f32x4.splat(2)));
  const q = f32x4.mul(s, s);
  let p = f32x4.splat(2.0 / 13);
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 11));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 9));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 7));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 5));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2.0 / 3));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(2));
  return f32x4.mul(p, s);
}

/** 1 / (1 + e⁻ˣ), from t = e^−|x|. */
export function sigmoidFrom(x: v128, t: v128): v128 {
  const one = f32x4.splat(1);
  const positive = f32x4.ge(x, f32x4.splat(0));
  return f32x4.div(v128.bitselect(one, t, positive), f32x4.add(one, t));
}

export const RELU = 0;
export const TANH = 1;
export const SIGMOID = 2;
export const SILU = 3;
export const ELU = 4;

/** An activation function by its number. */
export function activate(x: v128, activation: i32): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (activation === RELU) return f32x4.pmax(zero, x);
  const t = expNegative(f32x4.neg(f32x4.abs(x)));
  if (activation === TANH) {
    const u = f32x4.mul(t, t);
    const size = f32x4.div(f32x4.sub(one, u), f32x4.add(one, u));
    return v128.bitselect(f32x4.neg(size), size, f32x4.lt(x, zero));
  }
  if (activation === ELU) return v128.bitselect(x, f32x4.sub(t, one), f32x4.gt(x, zero));
  const s = sigmoidFrom(x, t);
  return activation === SILU ? f32x4.mul(x, s) : s;
}
