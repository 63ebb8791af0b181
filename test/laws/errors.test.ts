import { describe, expect, test } from "vitest";
import { AnsatzError } from "../../src/error.ts";
import * as T from "../../src/tensor/index.ts";

const f32 = (...shape: number[]) => T.zeros(shape, "f32");
const f64 = (...shape: number[]) => T.zeros(shape, "f64");
const i32 = (...shape: number[]) => T.zeros(shape, "i32");
const bool = (...shape: number[]) => T.cast(f32(...shape), "bool");

/** Each call that cannot be, with the line it must give: the operation, and every shape or element type concerned. */
const refused: readonly [() => unknown, string][] = [
  ...Object.entries({
    add: T.add,
    sub: T.sub,
    mul: T.mul,
    div: T.div,
    pow: T.pow,
    maximum: T.maximum,
    minimum: T.minimum,
    less: T.less,
    equal: T.equal,
  }).map(([name, f]): [() => unknown, string] => [
    () => f(f32(2, 3), f32(4, 3)),
    `${name}: shapes do not broadcast: [2, 3] and [4, 3]`,
  ]),
  [() => T.add(f32(2), f64(3)), "add: element types differ: f32 [2] and f64 [3]"],
  [() => T.add(f32(2), undefined as never), "add: takes tensors and numbers, not undefined"],
  [
    () => T.mul(f32(2), T.arrayFrom("f32", [2], [1, 2]) as never),
    "mul: takes tensors and numbers, not object",
  ],
  [() => T.add(i32(2), 0.5), "add: 0.5 is no i32; cast the tensor first"],
  [
    () => T.scan((c: T.Tensor) => [c, c], f32(2), [] as T.Tensor[], { length: 0 }),
    "scan: needs sequences with a static first size of 1 or more, or the option length",
  ],
  [
    () =>
      T.scan(
        (({ a, b }: Record<string, T.Tensor>) => [{ z: a, b }, a]) as never,
        { a: f32(2), b: f32(2) },
        [],
        { length: 2 },
      ),
    "scan: the carry has the tensors a, b but the body returns b, z",
  ],
  [() => T.mul(bool(2), bool(2)), "mul: needs numbers: bool [2] and bool [2]"],
  [() => T.logAddExp(f32(2), f64(2)), "logAddExp: element types differ: f32 [2] and f64 [2]"],
  [() => T.and(f32(2), bool(2)), "and: needs bool: f32 [2]"],
  [() => T.where(f32(2), f32(2), 0), "where: the condition must be bool: f32 [2]"],
  [() => T.where(bool(2), f32(2), f32(3)), "where: shapes do not broadcast: [2] and [3]"],
  [() => T.exp(i32(2)), "exp: needs real numbers: i32 [2]"],
  [() => T.neg(bool(2)), "neg: needs numbers: bool [2]"],
  [() => T.sum(bool(2)), "sum: needs numbers: bool [2]"],
  [() => T.sum(f32(2, 3), 2), "sum: axis 2 is outside the shape: [2, 3]"],
  [() => T.sum(f32(2, 3), [0, -2]), "sum: repeated axis in 0,-2: [2, 3]"],
  [() => T.softmax(i32(2)), "softmax: needs real numbers: i32 [2]"],
  [() => T.matmul(f32(2, 3), f32(4, 5)), "matmul: the inner sizes differ: [2, 3] and [4, 5]"],
  [
    () => T.matmul(f32(2, 3), f64(3, 5)),
    "matmul: needs real matrices of one element type: f32 [2, 3] and f64 [3, 5]",
  ],
  [() => T.matmul(f32(2, 2, 3), f32(3, 3, 5)), "matmul: shapes do not broadcast: [2] and [3]"],
  [() => T.matmul(f32(), f32(3, 5)), "matmul: needs matrices or vectors: [] and [3, 5]"],
  [() => T.einsum("ij,jk->ik", f32(2, 3), f32(4, 5)), "einsum: sizes differ along 'j': [2, 3] and [4, 5]"],
  [() => T.einsum("ij,jk", f32(2, 3), f32(3, 5)), "einsum: 'ij,jk' is not of the form 'ij,jk->ik'"],
  [() => T.einsum("ii,ij->j", f32(2, 2), f32(2, 2)), "einsum: 'ii' does not name each axis once: [2, 2]"],
  [() => T.reshape(f32(2, 3), [4]), "reshape: the sizes differ: [2, 3] and [4]"],
  [() => T.reshape(f32(-1, 3), [4]), "reshape: the sizes differ: [batch, 3] and [4]"],
  [() => T.squeeze(f32(2, 3), 0), "squeeze: axis 0 is not of size 1: [2, 3]"],
  [() => T.transpose(f32(2, 3), [0, 0]), "transpose: [0,0] does not permute the axes: [2, 3]"],
  [() => T.broadcastTo(f32(2, 3), [2, 4]), "broadcastTo: shapes do not broadcast: [2, 3] and [2, 4]"],
  [() => T.broadcastTo(f32(2, 3), [3]), "broadcastTo: shapes do not broadcast: [2, 3] and [3]"],
  [() => T.concat([f32(2, 3), f32(2, 4)]), "concat: shapes differ beyond axis 0: [2, 3] and [2, 4]"],
  [() => T.concat([f32(2), f64(2)]), "concat: element types differ: f32 [2] and f64 [2]"],
  [() => T.concat([f32(-1), f32(2)]), "concat: a symbolic and a static size: [batch] and [2]"],
  [() => T.slice(f32(2, 3), 1, 1, 5), "slice: 1:5:1 is outside axis 1: [2, 3]"],
  [() => T.slice(f32(-1, 3), 0, 1, 2), "slice: axis 0 is symbolic: [batch, 3]"],
  [() => T.pad(f32(2, 3), 1, -1, 0), "pad: cannot pad axis 1 by -1, 0: [2, 3]"],
  [() => T.padPeriodic(f32(2, 3), 1, 4), "padPeriodic: cannot pad axis 1 by 4, 4: [2, 3]"],
  [() => T.roll(f32(-1, 3), 1, 0), "roll: axis 0 is symbolic: [batch, 3]"],
  [() => T.gather(f32(2, 3), f32(2)), "gather: indices must be i32 or i64: f32 [2]"],
  [() => T.gather(f32(2, 3), i32(2), 2), "gather: axis 2 is outside the shape: [2, 3]"],
  [() => T.scatterAdd(f32(2, 3), i32(4), 5), "scatterAdd: indices do not fit at axis 0: [2, 3] and [4]"],
  [() => T.oneHot(f32(2), 3), "oneHot: indices must be i32 or i64: f32 [2]"],
  [() => T.cumsum(f32(2), 1), "cumsum: axis 1 is outside the shape: [2]"],
  [
    () => T.conv2d(f32(1, 2, 4, 4), f32(3, 1, 2, 2)),
    "conv2d: the channels differ: [1, 2, 4, 4] and [3, 1, 2, 2]",
  ],
  [
    () => T.conv2d(f32(1, 2, 4, 4), f64(3, 2, 2, 2)),
    "conv2d: needs real images and kernels of one element type: f32 [1, 2, 4, 4] and f64 [3, 2, 2, 2]",
  ],
  [
    () => T.conv2d(f32(1, 2, 4, 4), f32(3, 2, 5, 2)),
    "conv2d: the kernel does not fit into the image: [1, 2, 4, 4] and [3, 2, 5, 2]",
  ],
  [
    () => T.conv2d(f32(2, 4, 4), f32(3, 2, 5, 2)),
    "conv2d: needs [batch, channels, height, width] and a kernel of rank 4: [2, 4, 4] and [3, 2, 5, 2]",
  ],
  [
    () => T.conv2d(f32(1, 2, 4, 4), f32(3, 2, 2, 2), { stride: 0 }),
    "conv2d: stride must be one or two integers of at least 1, got 0",
  ],
  [
    () => T.conv2d(f32(1, 2, 4, 4), f32(3, 2, 2, 2), { padding: [1, 1, -1, 0] }),
    "conv2d: padding must be one, two or four integers of at least 0, got 1,1,-1,0",
  ],
  [
    () => T.convTranspose2d(f32(1, 2, 4, 4), f32(3, 2, 2, 2)),
    "convTranspose2d: the channels differ: [1, 2, 4, 4] and [3, 2, 2, 2]",
  ],
];

describe("a call that cannot be is refused in one line that names the operation and the shapes", () => {
  test.each(refused.map(([call, message]) => [message, call] as const))("%s", (message, call) => {
    expect(call).toThrow(AnsatzError);
    expect(call).toThrow(message);
  });
});
