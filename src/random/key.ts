import { usageError } from "../error.ts";
import { fillBlocks } from "./threefry.ts";

// The 64-bit counters of one key are shared out by the two top bits of the high word, and encryption under one
// key never maps two counters to one block. So a key's stream, its split keys and its folded keys never meet.
const FOLD = 0x4000_0000;
const SPLIT = 0x8000_0000;

/**
 * An immutable key: 64 bits from which random numbers, or further keys, follow.
 *
 * Use a key once: either draw from it, or derive keys from it. Two draws from one key are the same numbers.
 */
export class Key {
  /** First word, an integer in [0, 2^32). */
  readonly k0: number;
  /** Second word, an integer in [0, 2^32). */
  readonly k1: number;

  /** A key from its two words, as saved in a checkpoint; throws when one is not an integer in [0, 2^32). */
  constructor(k0: number, k1: number) {
    if (k0 >>> 0 !== k0 || k1 >>> 0 !== k1)
      throw usageError(`the words of a key must be integers in [0, 2^32), got ${k0} and ${k1}`);
    this.k0 = k0;
    this.k1 = k1;
  }

  /**
   * The key of a seed; a number and a bigint of one value give one key.
   *
   * Throws when a number is not an integer in [0, 2^53), or a bigint not in [0, 2^64).
   */
  static fromSeed(seed: number | bigint): Key {
    if (typeof seed === "bigint") {
      if (seed < 0n || seed >= 1n << 64n)
        throw usageError(`a bigint seed must be in [0, 2^64), got ${seed}; choose another`);
      return new Key(Number(seed >> 32n), Number(seed & 0xffff_ffffn));
    }
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw usageError(`a seed must be an integer in [0, 2^53), got ${seed}; choose another`);
    return new Key(Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0);
  }

  /** `n` new keys; the first of them do not depend on `n`. Throws when `n` is not an integer in [0, 2^31). */
  split(n = 2): Key[] {
    if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31)
      throw usageError(`a key splits into a whole number of keys below 2^31, got ${n}`);
    const words = new Uint32Array(2 * n);
    fillBlocks(this.k0, this.k1, 0, SPLIT, words);
    return Array.from({ length: n }, (_, i) => new Key(words[2 * i]!, words[2 * i + 1]!));
  }

  /**
   * The new key of the integer `i`: a step, a chain, an epoch. Throws when `i` is not an integer in [0, 2^53).
   *
   * Different integers give different keys, and none of them is a key that `split` gives.
   */
  fold(i: number): Key {
    if (!Number.isSafeInteger(i) || i < 0)
      throw usageError(`a key folds in an integer in [0, 2^53), got ${i}`);
    const words = new Uint32Array(2);
    fillBlocks(this.k0, this.k1, i >>> 0, FOLD | Math.floor(i / 2 ** 32), words);
    return new Key(words[0]!, words[1]!);
  }
}
