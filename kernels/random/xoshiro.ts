/**
 * xoshiro256++ (Blackman & Vigna, ACM Trans. Math. Softw. 47, 36, 2021), two generators side by side in the halves of
 * one vector. A state is four vectors; it is seeded from a Threefry stream, so that no two of them overlap.
 */

function rotate(x: v128, by: i32): v128 {
  return v128.or(i64x2.shl(x, by), i64x2.shr_u(x, 64 - by));
}

/** Fills memory from `at` to `end`, a multiple of 16 bytes, and leaves the state where the words end. */
export function fill(state: usize, at: usize, end: usize): void {
  let s0 = v128.load(state);
  let s1 = v128.load(state, 16);
  let s2 = v128.load(state, 32);
  let s3 = v128.load(state, 48);
  for (; at < end; at += 16) {
    v128.store(at, i64x2.add(rotate(i64x2.add(s0, s3), 23), s0));
    const t = i64x2.shl(s1, 17);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, t);
    s3 = rotate(s3, 45);
  }
  v128.store(state, s0);
  v128.store(state, s1, 16);
  v128.store(state, s2, 32);
  v128.store(state, s3, 48);
}
