import { usageError } from "../../error.ts";
import { broadcastShapes, elements, shapeError } from "../shape.ts";
import { apply, dtypeError, isFloat, type Operation, type Tensor } from "../tensor.ts";
import { reshape, transpose, transposeLast } from "./layout.ts";
import { sum } from "./reduce.ts";
import { unbroadcast } from "./unbroadcast.ts";

type None = Record<never, never>;

export const matmulOperation: Operation<None> = {
  name: "matmul",
  infer(inputs) {
    const [a, b] = inputs as [Tensor, Tensor];
    if (!isFloat(a.dtype) || a.dtype !== b.dtype)
      throw dtypeError("matmul", "needs real matrices of one element type", a, b);
    if (a.shape.length < 2 || b.shape.length < 2 || a.shape.at(-1) !== b.shape.at(-2))
      throw shapeError("matmul", "the inner sizes differ", a.shape, b.shape);
    const batch = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
    return [{ shape: [...batch, a.shape.at(-2) as number, b.shape.at(-1) as number], dtype: a.dtype }];
  },
  derivative({ inputs, cotangents }) {
    const [a, b] = inputs as [Tensor, Tensor];
    const g = cotangents[0] as Tensor;
    const left = unbroadcast(matmul(g, transposeLast(b)), a.shape);
    if (b.shape.length > 2) return [left, unbroadcast(matmul(transposeLast(a), g), b.shape)];
    // One product over all rows instead of a batch of products summed afterwards.
    return [left, matmul(transpose(rows(a)), rows(g))];
  },
};

/** Merges all axes but the last into one. */
function rows(x: Tensor): Tensor {
  const last = x.shape.at(-1) as number;
  return reshape(x, [elements(x.shape.slice(0, -1)), last]);
}

/**
 * Matrix product of the last two axes, batched over the others with broadcasting; a vector operand acts as a row
 * (left) or a column (right). Throws when the inner sizes differ.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length === 0 || b.shape.length === 0)
    throw shapeError("matmul", "needs matrices or vectors", a.shape, b.shape);
  const left = a.shape.length === 1 ? reshape(a, [1, ...a.shape]) : a;
  const right = b.shape.length === 1 ? reshape(b, [...b.shape, 1]) : b;
  // A shared right matrix makes the product two-dimensional: one large product is faster than many small ones.
  const product =
    right.shape.length === 2 && left.shape.length > 2
      ? reshape(apply(matmulOperation, [rows(left), right], {}), [
          ...left.shape.slice(0, -1),
          right.shape[1] as number,
        ])
      : apply(matmulOperation, [left, right], {});
  const drop = [...product.shape];
  if (b.shape.length === 1) drop.splice(-1, 1);
  if (a.shape.length === 1) drop.splice(b.shape.length === 1 ? -1 : -2, 1);
  return reshape(product, drop);
}

/**
 * Sum of products by Einstein's convention over two operands, such as `"bik,bkj->bij"`. Each letter may appear
 * once an operand (no diagonals). Throws on a malformed formula or sizes that differ.
 */
export function einsum(formula: string, a: Tensor, b: Tensor): Tensor {
  const match = /^([a-zA-Z]*),([a-zA-Z]*)->([a-zA-Z]*)$/.exec(formula.replaceAll(" ", ""));
  if (!match) throw usageError(`einsum: '${formula}' is not of the form 'ij,jk->ik'`);
  const [, left = "", right = "", out = ""] = match;
  const sizes = new Map<string, number>();
  const collect = (letters: string, x: Tensor) => {
    if (letters.length !== x.shape.length || new Set(letters).size !== letters.length)
      throw shapeError("einsum", `'${letters}' does not name each axis once`, x.shape);
    [...letters].forEach((letter, i) => {
      const n = x.shape[i] as number;
      if ((sizes.get(letter) ?? n) !== n)
        throw shapeError("einsum", `sizes differ along '${letter}'`, a.shape, b.shape);
      sizes.set(letter, n);
    });
  };
  collect(left, a);
  collect(right, b);
  const stray = [...out].find((l) => !sizes.has(l));
  if (stray || new Set(out).size !== out.length)
    throw usageError(`einsum: '${formula}' has a result that its operands do not name once`);

  const [x, l] = dropLone(a, left, right + out);
  const [y, r] = dropLone(b, right, left + out);
  const batch = [...l].filter((c) => r.includes(c) && out.includes(c));
  const inner = [...l].filter((c) => r.includes(c) && !out.includes(c));
  const freeLeft = [...l].filter((c) => !r.includes(c));
  const freeRight = [...r].filter((c) => !l.includes(c));
  const size = (letters: string[]) => elements(letters.map((c) => sizes.get(c) as number));
  const arrange = (t: Tensor, letters: string, groups: string[][]) =>
    reshape(
      transpose(
        t,
        groups.flat().map((c) => letters.indexOf(c)),
      ),
      batch.length === 0 ? groups.slice(1).map(size) : groups.map(size),
    );
  const product = matmul(arrange(x, l, [batch, freeLeft, inner]), arrange(y, r, [batch, inner, freeRight]));
  const order = [...batch, ...freeLeft, ...freeRight];
  const full = reshape(
    product,
    order.map((c) => sizes.get(c) as number),
  );
  return transpose(
    full,
    [...out].map((c) => order.indexOf(c)),
  );
}

/** Sums over the letters that appear nowhere else. */
function dropLone(x: Tensor, letters: string, elsewhere: string): [Tensor, string] {
  const lone = [...letters].flatMap((c, i) => (elsewhere.includes(c) ? [] : [i]));
  if (lone.length === 0) return [x, letters];
  return [sum(x, lone), [...letters].filter((_, i) => !lone.includes(i)).join("")];
}
