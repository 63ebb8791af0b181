import { majority, parity } from "./adders";

/**
 * Counts in every lane. Sites are added up in six binary digits, ten of them at a time, and those sums in the digits of
 * `counters`, one vector a digit.
 */
const DIGITS: u32 = 28;
const AT_ONCE = 10;

/** Adds a number of six digits in every lane to the counters. */
function flush(at: usize, a: v128, b: v128, c: v128, d: v128, e: v128, f: v128): void {
  let carry = digit(at, a, i64x2.splat(0));
  carry = digit(at + 16, b, carry);
  carry = digit(at + 32, c, carry);
  carry = digit(at + 48, d, carry);
  carry = digit(at + 64, e, carry);
  carry = digit(at + 80, f, carry);
  for (at += 96; v128.any_true(carry); at += 16) carry = digit(at, carry, i64x2.splat(0));
}

/** Adds two bits to one digit of the counters, and returns the carry. */
function digit(at: usize, x: v128, y: v128): v128 {
  const old = v128.load(at);
  v128.store(at, parity(old, x, y));
  return majority(old, x, y);
}

/** Writes the counters as 128 numbers of 32 bits. */
function spread(counters: usize, out: usize): void {
  for (let lane: usize = 0; lane < 128; lane++) {
    let value: u32 = 0;
    const at = counters + ((lane >> 5) << 2);
    for (let d: u32 = 0; d < DIGITS; d++)
      value |= ((load<u32>(at + ((<usize>d) << 4)) >> <u32>(lane & 31)) & 1) << d;
    store<u32>(out + (lane << 2), value);
  }
}

/** Where the spin `x` and the k-th neighbour of the site's row break their bond. */
function broken(x: v128, spins: usize, row: usize, signs: usize, k: usize): v128 {
  const bond = v128.xor(x, v128.load(spins + <usize>load<u32>(row + (k << 2), 4)));
  return signs ? v128.xor(bond, v128.load32_splat(signs + (k << 2))) : bond;
}

/** In every lane, how many bonds are broken, each counted from both its ends; arguments as those of `sweep`. */
export function countBonds(
  degree: i32,
  spins: usize,
  table: usize,
  sites: i32,
  signs: usize,
  own: i32,
  counters: usize,
  out: usize,
): void {
  const gauge = i32x4.splat(~own);
  const zero = i64x2.splat(0);
  memory.fill(counters, 0, (<usize>DIGITS) << 4);
  let row = table;
  let sign = signs;
  for (let i = 0; i < sites; ) {
    let s0 = zero;
    let s1 = zero;
    let s2 = zero;
    let s3 = zero;
    let s4 = zero;
    let s5 = zero;
    for (let n = 0; n < AT_ONCE && i < sites; n++, i++) {
      const x = v128.xor(gauge, v128.load(spins + <usize>load<u32>(row)));
      const a = broken(x, spins, row, sign, 0);
      const b = broken(x, spins, row, sign, 1);
      let ones = v128.xor(a, b);
      let twos = v128.and(a, b);
      let fours = zero;
      if (degree > 2) {
        const c = broken(x, spins, row, sign, 2);
        const d = broken(x, spins, row, sign, 3);
        let e = zero;
        let f = zero;
        if (degree > 4) {
          e = broken(x, spins, row, sign, 4);
          f = broken(x, spins, row, sign, 5);
        }
        const abc = parity(a, b, c);
        const def = parity(d, e, f);
        const p = majority(a, b, c);
        const q = majority(d, e, f);
        const carry = v128.and(abc, def);
        ones = v128.xor(abc, def);
        twos = parity(p, q, carry);
        fours = majority(p, q, carry);
      }
      let carry = v128.and(s0, ones);
      s0 = v128.xor(s0, ones);
      const next = majority(s1, twos, carry);
      s1 = parity(s1, twos, carry);
      carry = majority(s2, fours, next);
      s2 = parity(s2, fours, next);
      const last = v128.and(s3, carry);
      s3 = v128.xor(s3, carry);
      s5 = v128.or(s5, v128.and(s4, last));
      s4 = v128.xor(s4, last);
      row += (<usize>degree + 1) << 2;
      if (signs) sign += (<usize>degree) << 2;
    }
    flush(counters, s0, s1, s2, s3, s4, s5);
  }
  spread(counters, out);
}

/** In every lane, how many of the listed sites are up; `places` are bytes from the start of the spins. */
export function countUp(spins: usize, places: usize, count: i32, counters: usize, out: usize): void {
  const zero = i64x2.splat(0);
  memory.fill(counters, 0, (<usize>DIGITS) << 4);
  const end = places + ((<usize>count) << 2);
  // Three sites make a number of two digits.
  for (; places + 12 <= end; places += 12) {
    const a = v128.load(spins + <usize>load<u32>(places));
    const b = v128.load(spins + <usize>load<u32>(places, 4));
    const c = v128.load(spins + <usize>load<u32>(places, 8));
    flush(counters, parity(a, b, c), majority(a, b, c), zero, zero, zero, zero);
  }
  for (; places < end; places += 4)
    flush(counters, v128.load(spins + <usize>load<u32>(places)), zero, zero, zero, zero, zero);
  spread(counters, out);
}
