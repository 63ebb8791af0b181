import { allocate, type StorageOf } from "../array.ts";
import { checkCount, checkOffset } from "./count.ts";
import type { Key } from "./key.ts";
import { fillCentredQuantiles } from "./quantile.ts";
import { fillBits } from "./threefry.ts";
import { type RealType, wordsOf } from "./uniform.ts";

/**
 * `n` independent standard normals, by inversion, so that draw i depends on its own words of the stream alone.
 *
 * f32 takes one word a draw and reaches |z| = 6.3, f64 takes two and reaches 8.3; each has the correct
 * probability up to there. Same key, same bits, on every platform. Throws when `n` is not a non-negative integer.
 */
export function normal<D extends RealType>(key: Key, n: number, dtype: D): StorageOf[D] {
  checkCount(n);
  const out = allocate(dtype, n);
  fillNormal(key, out as Float32Array | Float64Array);
  return out;
}

/**
 * Fills `out` with the normals offset, offset + 1, ... of the key, as {@link normal} gives them.
 *
 * Filling in pieces gives the same numbers as filling at once. Throws on a negative or fractional `offset`.
 */
export function fillNormal(key: Key, out: Float32Array | Float64Array, offset = 0): void {
  checkOffset(offset);
  const perDraw = out instanceof Float32Array ? 1 : 2;
  fillBits(key.k0, key.k1, wordsOf(out), perDraw * offset);
  // By pieces that stay in the first-level cache.
  for (let start = 0; start < out.length; start += PIECE)
    bitsToNormals(out.subarray(start, Math.min(start + PIECE, out.length)));
}

const PIECE = 512;
const tails = new Uint32Array(PIECE + 1);
const q = new Float64Array(PIECE);
const z = new Float64Array(PIECE);

/** Turns random words, in place, into normals; at most {@link PIECE} of them. */
function bitsToNormals(out: Float32Array | Float64Array): void {
  const words = new Int32Array(out.buffer, out.byteOffset, out.byteLength / 4);
  const n = out.length;
  // The word, or the top 53 bits of two, is a signed integer k; the normal is the quantile of ½ + q with
  // q = (k + ½) / 2^bits in (−½, ½), which is exact in double and symmetric.
  if (out instanceof Float32Array) {
    for (let i = 0; i < n; i++) q[i] = (words[i]! + 0.5) * 2 ** -32;
    fillCentredQuantiles(q, z, n, tails);
    for (let i = 0; i < n; i++) out[i] = z[i]!;
  } else {
    for (let i = 0; i < n; i++)
      q[i] = (words[2 * i]! * 2 ** 21 + (words[2 * i + 1]! >>> 11) + 0.5) * 2 ** -53;
    fillCentredQuantiles(q, out, n, tails);
  }
}
