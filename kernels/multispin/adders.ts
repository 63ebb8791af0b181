/** Adders of bits in every lane at once. */

/** Carry of the sum of three bits: set where two of them or more are. */
export function majority(a: v128, b: v128, c: v128): v128 {
  return v128.or(v128.and(a, b), v128.and(c, v128.xor(a, b)));
}

/** Sum of three bits, without the carry. */
export function parity(a: v128, b: v128, c: v128): v128 {
  return v128.xor(v128.xor(a, b), c);
}
