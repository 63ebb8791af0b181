/** Sums over the hidden units of four rows at a time; counts and strides are in bytes. */

/** Σ of four lanes each of a, b, c, d, as the lanes of one vector. */
function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** The activation of four units: max(a, 0) where `T` is f32, a itself where it is f64. */
function read<T>(at: usize): v128 {
  return sizeof<T>() === 4 ? f32x4.pmax(f32x4.splat(0), v128.load(at)) : v128.load(at);
}

/** Σ_k v_k a_k of four rows, each in two interleaved sums, so that no addition waits for the one before it. */
function products<T>(rows: usize, stride: usize, v: usize, bytes: usize): v128 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let t2 = f32x4.splat(0);
  let t3 = f32x4.splat(0);
  let a = rows;
  let b = a + stride;
  let c = b + stride;
  let d = c + stride;
  const end = v + bytes;
  for (; v + 32 <= end; v += 32) {
    let w = v128.load(v);
    s0 = f32x4.add(s0, f32x4.mul(read<T>(a), w));
    s1 = f32x4.add(s1, f32x4.mul(read<T>(b), w));
    s2 = f32x4.add(s2, f32x4.mul(read<T>(c), w));
    s3 = f32x4.add(s3, f32x4.mul(read<T>(d), w));
    w = v128.load(v, 16);
    t0 = f32x4.add(t0, f32x4.mul(read<T>(a + 16), w));
    t1 = f32x4.add(t1, f32x4.mul(read<T>(b + 16), w));
    t2 = f32x4.add(t2, f32x4.mul(read<T>(c + 16), w));
    t3 = f32x4.add(t3, f32x4.mul(read<T>(d + 16), w));
    a += 32;
    b += 32;
    c += 32;
    d += 32;
  }
  if (v < end) {
    const w = v128.load(v);
    s0 = f32x4.add(s0, f32x4.mul(read<T>(a), w));
    s1 = f32x4.add(s1, f32x4.mul(read<T>(b), w));
    s2 = f32x4.add(s2, f32x4.mul(read<T>(c), w));
    s3 = f32x4.add(s3, f32x4.mul(read<T>(d), w));
  }
  return totals(f32x4.add(s0, t0), f32x4.add(s1, t1), f32x4.add(s2, t2), f32x4.add(s3, t3));
}

/** Σ_k v_k a_k of four rows. */
export function dot(rows: usize, stride: usize, v: usize, bytes: usize): v128 {
  return products<f64>(rows, stride, v, bytes);
}

/** Σ_k v_k max(a_k, 0) of four rows. */
export function dotRectified(rows: usize, stride: usize, v: usize, bytes: usize): v128 {
  return products<f32>(rows, stride, v, bytes);
}

/** row ← row + w from byte `from` to byte `to`. */
export function addTo(row: usize, w: usize, from: usize, to: usize): void {
  let at = row + from;
  let by = w + from;
  const end = row + to;
  for (; at + 64 <= end; at += 64, by += 64) {
    v128.store(at, f32x4.add(v128.load(at), v128.load(by)));
    v128.store(at, f32x4.add(v128.load(at, 16), v128.load(by, 16)), 16);
    v128.store(at, f32x4.add(v128.load(at, 32), v128.load(by, 32)), 32);
    v128.store(at, f32x4.add(v128.load(at, 48), v128.load(by, 48)), 48);
  }
  for (; at < end; at += 16, by += 16) v128.store(at, f32x4.add(v128.load(at), v128.load(by)));
}
