// SKEIN_KS_PARITY32 of Random123.
const PARITY = 0x1bd11bda;

/**
 * Fills `out` with consecutive blocks of Threefry-2x32-20, two words per block.
 *
 * Block b is the encryption, under the key (k0, k1), of a 64-bit counter: the one with low word c0 and high
 * word c1, plus b. The length of `out` must be even. Every word of the result is an exact integer function of
 * the arguments, so it is the same on every machine.
 *
 * Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11, section 4.2; the
 * rotations are R_32x2 of Random123.
 */
export function fillBlocks(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  const k2 = k0 ^ k1 ^ PARITY;
  let low = c0 | 0;
  let high = c1 | 0;
  // Unrolled: the rounds are the whole cost of every random number, and a loop over a table of rotations
  // takes several times as long.
  for (let i = 0; i + 1 < out.length; i += 2) {
    let x0 = (low + k0) | 0;
    let x1 = (high + k1) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    x0 = (x0 + k1) | 0;
    x1 = (x1 + k2 + 1) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    x0 = (x0 + k2) | 0;
    x1 = (x1 + k0 + 2) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    x0 = (x0 + k0) | 0;
    x1 = (x1 + k1 + 3) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    x0 = (x0 + k1) | 0;
    x1 = (x1 + k2 + 4) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    x0 = (x0 + k2) | 0;
    x1 = (x1 + k0 + 5) | 0;
    out[i] = x0;
    out[i + 1] = x1;
    low = (low + 1) | 0;
    if (low === 0) high = (high + 1) | 0;
  }
}

/**
 * Fills `out` with the words offset, offset + 1, ... of the stream of the key (k0, k1).
 *
 * The stream is one sequence of 2^53 words, so filling in pieces gives the same words as filling at once.
 * `offset` is an integer from 0 to 2^53 − 1.
 */
export function fillBits(k0: number, k1: number, out: Uint32Array, offset = 0): void {
  const odd = offset % 2;
  const block = (offset + odd) / 2;
  if (odd === 1 && out.length > 0) out[0] = oneBlock(k0, k1, block - 1)[1]!;
  const even = out.length - odd - ((out.length - odd) % 2);
  if (even > 0)
    fillBlocks(k0, k1, block % 2 ** 32, Math.floor(block / 2 ** 32), out.subarray(odd, odd + even));
  if (odd + even < out.length) out[out.length - 1] = oneBlock(k0, k1, block + even / 2)[0]!;
}

function oneBlock(k0: number, k1: number, block: number): Uint32Array {
  const words = new Uint32Array(2);
  fillBlocks(k0, k1, block % 2 ** 32, Math.floor(block / 2 ** 32), words);
  return words;
}
