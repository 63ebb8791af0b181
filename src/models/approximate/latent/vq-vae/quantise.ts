import { arrayFrom } from "../../../../array.ts";
import {
  add,
  cast,
  concat,
  constant,
  div,
  expandDims,
  floor,
  greater,
  mul,
  slice,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
} from "../../../../tensor/index.ts";
import type { Walk } from "../../../walks.ts";

/**
 * Finite scalar quantisation (Mentzer et al., arXiv:2309.15505): the numbers of one code, `channels` of them, are each rounded to one
 * of a few levels. A code is then one of `states`, the product of the levels. Digits are whole numbers from 0, `[..., channels]`.
 */
export interface Quantiser {
  readonly channels: number;
  readonly states: number;
  /** Digits of the encoder's output, with the gradient of the numbers before rounding (straight through). */
  digits(encoded: Tensor): Tensor;
  /** What the decoder reads of digits: numbers from −1 to 1. */
  values(digits: Tensor): Tensor;
  /** The state of digits: `[..., channels]` → `[...]`, i32. */
  join(digits: Tensor): Tensor;
  /** The digits of states: `[...]` → `[..., channels]`, of a real type. */
  split(codes: Tensor, dtype: "f32" | "f64"): Tensor;
  /** Whether digits are all in range, `[..., channels]` → 1 or 0 for each. */
  isInside(digits: Tensor): Tensor;
  /** From one code to another: every digit by itself, rounded. */
  readonly walk: Walk;
}

/** The share by which the numbers reach beyond the outermost levels, so that these can be reached. */
const SPARE = 1e-3;

/** The quantiser to `levels` of each channel. */
export function quantiser(levels: readonly number[]): Quantiser {
  const strides = levels.map((_, k) => levels.slice(k + 1).reduce((product, n) => product * n, 1));
  const row = (values: readonly number[], dtype: "f32" | "f64") =>
    constant(arrayFrom(dtype, [levels.length], values));
  const real = ({ dtype }: Tensor) => dtype as "f32" | "f64";
  const half = levels.map((n) => ((n - 1) * (1 + SPARE)) / 2);
  // Of an even number of levels none lies at zero: they are shifted by a half.
  const offset = levels.map((n) => (n % 2 === 0 ? 0.5 : 0));
  const shift = levels.map((_, k) => Math.atanh((offset[k] as number) / (half[k] as number)));
  const middle = levels.map((n) => Math.floor(n / 2));
  const digitsOf = (code: number) => levels.map((n, k) => Math.floor(code / (strides[k] as number)) % n);
  return {
    channels: levels.length,
    states: levels.reduce((product, n) => product * n, 1),
    digits(encoded) {
      const dtype = real(encoded);
      const bounded = sub(mul(tanh(add(encoded, row(shift, dtype))), row(half, dtype)), row(offset, dtype));
      const rounded = floor(add(bounded, 0.5));
      return add(add(bounded, stopGradient(sub(rounded, bounded))), row(middle, dtype));
    },
    values: (digits) => div(sub(digits, row(middle, real(digits))), row(middle, real(digits))),
    join(digits) {
      // What is summed is whole up to the rounding of the straight-through sum.
      const whole = floor(add(digits, 0.5));
      return cast(sum(mul(whole, row(strides, real(digits))), digits.shape.length - 1), "i32");
    },
    split(codes, dtype) {
      // Half a state more keeps quotients off whole numbers, where rounding could err.
      const state = add(cast(codes, dtype), 0.5);
      const parts = levels.map((n, k) => {
        const stride = strides[k] as number;
        return expandDims(sub(floor(div(state, stride)), mul(floor(div(state, stride * n)), n)), -1);
      });
      return concat(parts, codes.shape.length);
    },
    isInside(digits) {
      const axis = digits.shape.length - 1;
      const each = levels.map((n, k) => {
        const digit = slice(digits, axis, k, k + 1);
        // 1 from 0 to n − 1, which are whole numbers.
        return mul(step(add(digit, 0.5)), step(sub(n - 0.5, digit)));
      });
      return concat(each, axis);
    },
    walk: (a, b, t) =>
      Array.from({ length: a.length }, (_, i) => {
        const [from, to] = [a, b].map((of) => digitsOf(of[i] as number)) as [number[], number[]];
        return from.reduce(
          (code, digit, k) =>
            code + (strides[k] as number) * Math.round((1 - t) * digit + t * (to[k] as number)),
          0,
        );
      }),
  };
}

/** 1 where positive, 0 where negative. */
const step = (x: Tensor) => cast(greater(x, 0), x.dtype);
