import { fill } from "../random/xoshiro";
import { majority, parity } from "./adders";

/** Most random vectors that a site takes: one for an even choice, 53 for the digits of a probability. */
const MOST: usize = 54 * 16;
/** Bytes of one binary digit of the probabilities of three classes, and of 53 of them. */
const DIGIT: usize = 48;
const DIGITS: usize = 53 * DIGIT;

/** Where the spin `x` and a neighbour, the k-th of the site's row, satisfy their bond. */
function satisfied(x: v128, spins: usize, row: usize, signs: usize, k: usize): v128 {
  const bond = v128.xor(x, v128.load(spins + <usize>load<u32>(row + (k << 2), 4)));
  return signs ? v128.xor(bond, v128.load32_splat(signs + (k << 2))) : bond;
}

/**
 * Sweeps over a lattice in the order of its table, by a heat bath or by Metropolis' rule, whose acceptance is
 * ⅞ min(1, e^{−βΔE}): with 1 for every flip that costs nothing, sweeps in order would go round in circles on small
 * lattices and never reach some configurations.
 *
 * @param degree neighbours of a site: 2, 4 or 6.
 * @param heat whether to draw every spin afresh in the field of its neighbours.
 * @param table `[sites, 1 + degree]`: the place of a site and of its neighbours, in bytes from the start of the spins.
 * @param signs 0, or `[sites, degree]`: a word for each bond, of zeros where like spins satisfy it and ones where unlike do.
 * @param own what is xored to a spin before it is compared: all ones for a ferromagnet, zeros for an antiferromagnet.
 * @param digits `[53, 3]` vectors of zeros or ones: the binary digits of the probabilities, the first first. Class k of
 * 1, 2, 3 has 2k more bonds satisfied than broken, and flips with p = ⅞ e^{−4k|K|}; in a heat bath it has 2k more of one
 * kind than of the other, and goes against them with p = 1/(1 + e^{4k|K|}).
 * @param state of the generator; `buffer`, of `bytes`, has its vectors.
 */
export function sweep(
  sweeps: i32,
  degree: i32,
  heat: bool,
  spins: usize,
  table: usize,
  sites: i32,
  signs: usize,
  own: i32,
  digits: usize,
  state: usize,
  buffer: usize,
  bytes: usize,
): void {
  const gauge = i32x4.splat(own);
  const stride: usize = (<usize>degree + 1) << 2;
  const last = table + <usize>sites * stride;
  const end = buffer + bytes;
  const enough = end - MOST;
  let cursor = buffer;
  fill(state, buffer, end);
  for (let n = 0; n < sweeps; n++) {
    let sign = signs;
    for (let row = table; row < last; row += stride) {
      if (cursor > enough) {
        // What is left goes to the front.
        memory.copy(buffer, cursor, end - cursor);
        fill(state, buffer + (end - cursor), end);
        cursor = buffer;
      }
      const at = spins + <usize>load<u32>(row);
      const s = v128.load(at);
      const x = v128.xor(s, gauge);
      const a = satisfied(x, spins, row, sign, 0);
      const b = satisfied(x, spins, row, sign, 1);
      // Lanes of the three classes; those that flip whatever is drawn; those in line with most of their neighbours.
      let first: v128;
      let second = i64x2.splat(0);
      let third = i64x2.splat(0);
      let flip: v128;
      let agree: v128;
      if (degree === 2) {
        agree = v128.and(a, b);
        flip = v128.not(agree);
        first = heat ? v128.not(v128.xor(a, b)) : agree;
      } else {
        const c = satisfied(x, spins, row, sign, 2);
        const d = satisfied(x, spins, row, sign, 3);
        if (degree === 4) {
          const odd = v128.xor(v128.xor(a, b), v128.xor(c, d));
          const ab = v128.and(a, b);
          const cd = v128.and(c, d);
          second = v128.and(ab, cd);
          first = v128.and(odd, v128.or(ab, cd));
          agree = v128.or(first, second);
          flip = v128.not(agree);
          if (heat) {
            first = odd;
            second = v128.or(second, v128.not(v128.or(v128.or(a, b), v128.or(c, d))));
          }
        } else {
          const e = satisfied(x, spins, row, sign, 4);
          const f = satisfied(x, spins, row, sign, 5);
          // The number of satisfied bonds in binary.
          const abc = parity(a, b, c);
          const def = parity(d, e, f);
          const ones = v128.xor(abc, def);
          const carry = v128.and(abc, def);
          const p = majority(a, b, c);
          const q = majority(d, e, f);
          const twos = parity(p, q, carry);
          const fours = majority(p, q, carry);
          agree = fours;
          flip = v128.not(fours);
          if (heat) {
            const split = v128.xor(twos, fours);
            first = v128.andnot(split, ones);
            second = v128.andnot(ones, twos);
            third = v128.not(v128.or(ones, split));
          } else {
            first = v128.andnot(fours, v128.or(ones, twos));
            second = v128.and(fours, ones);
            third = v128.and(fours, twos);
          }
        }
      }
      let undecided = v128.or(v128.or(first, second), third);
      // Lanes whose field is zero have no class.
      const even = v128.not(undecided);
      let coin = even;
      const fewest = cursor + 48;
      if (heat) {
        coin = v128.load(cursor);
        cursor += 16;
        flip = i64x2.splat(0);
      } else {
        // Lanes without a class have no other use for these words: they flip but for one time in eight.
        const lazy = v128.and(v128.and(v128.load(cursor), v128.load(cursor, 16)), v128.load(cursor, 32));
        flip = v128.andnot(flip, lazy);
      }
      // A lane's uniform number is below p at the first digit where they differ, if p has the 1 there.
      let digit = digits;
      while (v128.any_true(undecided) && digit < digits + DIGITS) {
        const u = v128.load(cursor);
        const p = v128.or(
          v128.or(v128.and(first, v128.load(digit)), v128.and(second, v128.load(digit, 16))),
          v128.and(third, v128.load(digit, 32)),
        );
        flip = v128.or(flip, v128.and(undecided, v128.andnot(p, u)));
        undecided = v128.andnot(undecided, v128.xor(u, p));
        cursor += 16;
        digit += DIGIT;
      }
      cursor = max(cursor, fewest);
      // Of a heat bath `flip` has the lanes drawn against their field: those that agree with it flip, others do not.
      if (heat) flip = v128.bitselect(coin, v128.not(v128.xor(agree, flip)), even);
      v128.store(at, v128.xor(s, flip));
      if (signs) sign += (<usize>degree) << 2;
    }
  }
}
