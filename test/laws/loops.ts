import { arrayFrom, type DType, type NDArray, sizeOf } from "../../src/array.ts";
import type { ScanOptions, Tensor } from "../../src/tensor/index.ts";
import * as T from "../../src/tensor/index.ts";
import { numbers } from "./check.ts";

/** `scan`, or a loop in TypeScript that means the same. */
export type Loop = typeof T.scan;

const isTensor = (value: unknown): value is Tensor => value instanceof T.Tensor;

/** The loop written out step by step. */
export const unrolled: Loop = (body, init, xs, options: ScanOptions = {}) => {
  const length = options.length ?? T.leaves(xs, isTensor)[0]!.shape[0]!;
  const order = [...Array(length).keys()];
  if (options.reverse) order.reverse();
  const results: Tensor[][] = [];
  let carry = init;
  let shape: unknown;
  for (const t of order) {
    const x = T.mapTree(xs, isTensor, (v) => T.squeeze(T.slice(v, 0, t, t + 1), 0)) as typeof xs;
    const [next, y] = body(carry, x);
    carry = next;
    results[t] = T.leaves(y, isTensor);
    shape = y;
  }
  let i = 0;
  const stacked = T.mapTree(shape, isTensor, () => {
    const k = i++;
    return T.stack(results.map((r) => r[k]!));
  });
  return [carry, stacked as never];
};

/** A function with a loop in it, and what to call it with. The f64 arrays are differentiated. */
export interface LoopCase {
  readonly arguments: readonly NDArray<DType>[];
  readonly value: (loop: Loop, ...args: Tensor[]) => Tensor;
}

const array = (seed: number, ...shape: number[]) => {
  const random = numbers(seed);
  return arrayFrom(
    "f64",
    shape,
    Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1),
  );
};
const integers = (below: number, ...shape: number[]) =>
  arrayFrom(
    "i32",
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => (i * 7 + 3) % below),
  );
const both = (h: Tensor, ys: Tensor) => T.add(T.sum(T.sin(h)), T.sum(T.mul(ys, T.cos(ys))));
const none: Tensor[] = [];

const recurrence =
  (options: ScanOptions) =>
  (loop: Loop, w: Tensor, b: Tensor, h0: Tensor, xs: Tensor): Tensor => {
    const step = (h: Tensor, x: Tensor): [Tensor, Tensor] => {
      const next = T.tanh(T.add(T.add(T.matmul(h, w), b), x));
      return [next, T.mul(next, x)];
    };
    const [h, ys] = loop(step, h0, xs, options);
    return both(h, ys);
  };
const recurrent = [array(1, 3, 3), array(2, 3), array(3, 2, 3), array(4, 4, 2, 3)];

/** Loops to be held to their unrolled form: value, gradient, and gradient of a projection of the gradient. */
export const loops: Readonly<Record<string, LoopCase>> = {
  "a captured matrix and bias": { arguments: recurrent, value: recurrence({}) },
  reversed: { arguments: recurrent, value: recurrence({ reverse: true }) },
  "a bias kept as a row": {
    arguments: [array(1, 3, 3), array(2, 1, 3), array(3, 2, 3), array(4, 4, 2, 3)],
    value: recurrence({}),
  },
  "a captured matrix on the left, and captured twice": {
    arguments: [array(5, 3, 3), array(6, 3, 2), array(7, 4, 3, 2)],
    value: (loop, w, h0, xs) => {
      const step = (h: Tensor, x: Tensor): [Tensor, Tensor] => {
        const next = T.tanh(T.add(T.matmul(w, h), T.matmul(T.transpose(w), x)));
        return [next, T.matmul(T.transpose(h), w)];
      };
      const [h, ys] = loop(step, h0, xs);
      return T.mul(both(h, ys), T.sum(T.exp(w)));
    },
  },
  "batched products with a captured matrix": {
    arguments: [array(5, 3, 3), array(6, 2, 4, 3), array(7, 3, 2, 4, 3)],
    value: (loop, w, h0, xs) => {
      const step = (h: Tensor, x: Tensor): [Tensor, Tensor] => [
        T.sin(T.add(T.matmul(h, w), x)),
        T.matmul(x, w),
      ];
      const [h, ys] = loop(step, h0, xs);
      return both(h, ys);
    },
  },
  "elementwise captured values": {
    arguments: [array(8, 3), array(9, 1), array(10, 2, 3), array(11, 5, 2, 3)],
    value: (loop, a, c, h0, xs) => {
      const [h, ys] = loop(
        (h: Tensor, x: Tensor) => [T.add(T.mul(h, a), T.mul(x, T.exp(c))), T.div(h, T.add(T.square(a), 1))],
        h0,
        xs,
      );
      return both(h, ys);
    },
  },
  "an integer carry and an integer sequence": {
    arguments: [array(12, 6, 2), array(13, 2), integers(6, 4)],
    value: (loop, table, h0, ids) => {
      const start = { h: h0, i: T.scalar(1, "i32") };
      const [end, ys] = loop(
        ({ h, i }: { h: Tensor; i: Tensor }, id: Tensor) => {
          const next = T.tanh(T.add(T.mul(h, T.gather(table, i)), T.gather(table, id)));
          return [
            { h: next, i: T.add(i, 1) },
            { y: T.mul(next, T.cast(i, "f64")), i },
          ];
        },
        start,
        ids,
      );
      return both(T.mul(end.h, T.cast(end.i, "f64")), ys.y);
    },
  },
  "no sequence, a given length": {
    arguments: [array(14, 3), array(15, 3)],
    value: (loop, a, h0) => {
      const [h, ys] = loop((h: Tensor, _: Tensor[]) => [T.sin(T.add(h, a)), T.mul(h, h)], h0, none, {
        length: 5,
      });
      return both(h, ys);
    },
  },
  "one step": {
    arguments: [array(14, 3), array(15, 1, 3)],
    value: (loop, h0, xs) => {
      const [h, ys] = loop((h: Tensor, x: Tensor) => [T.mul(h, T.exp(x)), T.mul(h, x)], h0, xs);
      return both(h, ys);
    },
  },
  "unused sequences, carries and results": {
    arguments: [array(16, 3), array(17, 3), array(18, 4, 3), array(19, 4, 3)],
    value: (loop, h0, idle, xs, unused) => {
      const [end, ys] = loop(
        (c: { h: Tensor; idle: Tensor }, x: { x: Tensor; unused: Tensor }) => [
          { h: T.sin(T.add(c.h, x.x)), idle: T.mul(c.idle, 2) },
          { y: T.mul(c.h, 3), dropped: T.exp(x.x) },
        ],
        { h: h0, idle },
        { x: xs, unused },
      );
      return both(end.h, ys.y);
    },
  },
  "results that are carries, slices or captured values": {
    arguments: [array(20, 3), array(21, 3), array(22, 4, 3)],
    value: (loop, a, h0, xs) => {
      const [h, ys] = loop(
        (h: Tensor, x: Tensor) => [T.sin(T.add(h, T.mul(x, a))), { carry: h, slice: x, captured: a }],
        h0,
        xs,
      );
      return T.add(both(h, ys.carry), T.mul(both(h, ys.slice), T.sum(T.cos(ys.captured))));
    },
  },
  "carries that change places": {
    arguments: [array(23, 3), array(24, 3), array(25, 5, 3)],
    value: (loop, a, b, xs) => {
      const [[x, y], ys] = loop(
        ([a, b]: readonly [Tensor, Tensor], x: Tensor) => [[b, T.sin(T.add(a, x))] as const, T.mul(a, b)],
        [a, b] as const,
        xs,
      );
      return T.add(both(x, ys), T.sum(T.exp(y)));
    },
  },
  "a loop in a loop": {
    arguments: [array(26, 2, 2), array(27, 2), array(28, 3, 4, 2)],
    value: (loop, w, h0, xs) => {
      const row = (h: Tensor, line: Tensor): [Tensor, Tensor] => {
        const [end, inner] = loop(
          (u: Tensor, x: Tensor) => {
            const next = T.tanh(T.add(T.matmul(u, w), T.mul(x, h)));
            return [next, T.mul(next, x)];
          },
          h,
          line,
          { reverse: true },
        );
        return [T.mul(end, 0.9), T.sum(inner, 0)];
      };
      const [h, ys] = loop(row, h0, xs);
      return both(h, ys);
    },
  },
  "a convolution": {
    arguments: [array(29, 2, 2, 3, 3), array(30, 1, 2, 4, 4), array(31, 2, 1, 2, 4, 4)],
    value: (loop, w, h0, xs) => {
      const step = (h: Tensor, x: Tensor): [Tensor, Tensor] => {
        const next = T.tanh(T.add(T.conv2d(h, w, { padding: 1 }), x));
        return [next, T.conv2d(next, w, { stride: 2 })];
      };
      const [h, ys] = loop(step, h0, xs);
      return both(h, ys);
    },
  },
  "a derivative taken inside the body": {
    arguments: [array(32, 3), array(33, 2, 3), array(34, 3, 2, 3)],
    value: (loop, a, h0, xs) => {
      const energy = (h: Tensor) => T.sum(T.mul(a, T.cos(h)));
      const [h, ys] = loop(
        (h: Tensor, x: Tensor) => {
          const next = T.add(T.sub(h, T.mul(T.grad(energy)(h), 0.2)), T.mul(x, 0.1));
          return [next, T.mul(next, next)];
        },
        h0,
        xs,
      );
      return both(h, ys);
    },
  },
  "operations of every kind": {
    arguments: [array(35, 2, 4), array(36, 4), array(37, 3, 2, 4)],
    value: (loop, h0, a, xs) => {
      const weights = T.constant(array(38, 4, 4));
      const step = (h: Tensor, x: Tensor): [Tensor, Tensor] => {
        const mixed = T.matmul(T.softmax(T.mul(h, a)), weights);
        const next = T.where(T.greater(x, 0), T.cumsum(mixed, 1), T.roll(T.mul(x, h), 1, 1));
        return [next, T.concat([T.logSumExp(next, 1, true), T.flip(T.erf(x), 1)], 1)];
      };
      const [h, ys] = loop(step, h0, xs);
      return both(h, ys);
    },
  },
  "stopped and custom gradients": {
    arguments: [array(39, 3), array(40, 3), array(41, 4, 3)],
    value: (loop, a, h0, xs) => {
      const halved = T.customGradient(
        (u) => [T.sin(u!)],
        ([g], [u]) => [T.mul(g!, T.mul(T.cos(u!), 0.5))],
      );
      const [h, ys] = loop(
        (h: Tensor, x: Tensor) => {
          const next = T.add(halved(T.mul(h, a))[0]!, T.mul(T.stopGradient(h), x));
          return [next, T.mul(next, x)];
        },
        h0,
        xs,
      );
      return both(h, ys);
    },
  },
};
