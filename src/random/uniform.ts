import { allocate, type StorageOf } from "../array.ts";
import { checkCount, checkOffset } from "./count.ts";
import type { Key } from "./key.ts";
import { fillBits } from "./threefry.ts";

/** Element types of real-valued draws. */
export type RealType = "f32" | "f64";

/**
 * `n` independent uniforms in [0, 1): multiples of 2^-24 (f32, one word of the stream each) or of 2^-53
 * (f64, two words each). Throws when `n` is not a non-negative integer.
 */
export function uniform<D extends RealType>(key: Key, n: number, dtype: D): StorageOf[D] {
  checkCount(n);
  const out = allocate(dtype, n);
  fillUniform(key, out as Float32Array | Float64Array);
  return out;
}

/**
 * Fills `out` with the uniforms offset, offset + 1, ... of the key, as {@link uniform} gives them.
 *
 * Filling in pieces gives the same numbers as filling at once. Throws on a negative or fractional `offset`.
 */
export function fillUniform(key: Key, out: Float32Array | Float64Array, offset = 0): void {
  checkOffset(offset);
  // The words are drawn into the memory of `out` itself: each is read before its place is written.
  const words = wordsOf(out);
  if (out instanceof Float32Array) {
    fillBits(key.k0, key.k1, words, offset);
    for (let i = 0; i < out.length; i++) out[i] = (words[i]! >>> 8) * 2 ** -24;
  } else {
    fillBits(key.k0, key.k1, words, 2 * offset);
    for (let i = 0; i < out.length; i++) out[i] = unitInterval(words[2 * i]!, words[2 * i + 1]!);
  }
}

/**
 * Returns the uniform number of 53 bits in [0, 1) from two words, without the last 5 bits of `a` and the last
 * 6 of `b`.
 */
export function unitInterval(a: number, b: number): number {
  return ((a >>> 5) * 2 ** 26 + (b >>> 6)) * 2 ** -53;
}

/** The memory of a real array as 32-bit words. */
export function wordsOf(out: Float32Array | Float64Array): Uint32Array {
  return new Uint32Array(out.buffer, out.byteOffset, out.byteLength / 4);
}
