import { usageError } from "../error.ts";
import type { Key } from "./key.ts";
import { fillBits } from "./threefry.ts";
import { unitInterval } from "./uniform.ts";

/** A sequential generator: each call takes the next words of a key's stream. */
export interface Stream {
  /** The next 32-bit word, an integer in [0, 2^32): the sequence of `bits(key, n)`. */
  bits(): number;
  /** A uniform in [0, 1) with 53 bits, from the next two words: alone, the sequence of `uniform(key, n, "f64")`. */
  uniform(): number;
  /** An unbiased integer in [0, n). Throws when `n` is not an integer in [1, 2^32]. */
  below(n: number): number;
}

const BLOCK = 1024;

/** A {@link Stream} of `key`, for codes that draw as they go, such as cluster Monte Carlo. */
export function stream(key: Key): Stream {
  return new BufferedStream(key);
}

class BufferedStream implements Stream {
  readonly #key: Key;
  readonly #buffer = new Uint32Array(BLOCK);
  #next = BLOCK;
  #offset = 0;

  constructor(key: Key) {
    this.#key = key;
  }

  bits(): number {
    if (this.#next === BLOCK) this.#refill();
    return this.#buffer[this.#next++]!;
  }

  uniform(): number {
    const first = this.bits();
    return unitInterval(first, this.bits());
  }

  below(n: number): number {
    if (!(n >= 1 && n <= 2 ** 32 && n % 1 === 0))
      throw usageError(`a stream draws below an integer in [1, 2^32], got ${n}`);
    for (;;) {
      const word = this.bits();
      const remainder = word % n;
      // Words in the last, incomplete run of n values would favour small remainders: draw again.
      if (word - remainder + n <= 2 ** 32) return remainder;
    }
  }

  #refill(): void {
    fillBits(this.#key.k0, this.#key.k1, this.#buffer, this.#offset);
    this.#offset += BLOCK;
    this.#next = 0;
  }
}
