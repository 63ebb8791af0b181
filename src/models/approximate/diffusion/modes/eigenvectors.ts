import { arrayFrom, type DType } from "../../../../array.ts";
import {
  abs,
  add,
  constant,
  div,
  gather,
  greater,
  mul,
  pad,
  reshape,
  scalar,
  scan,
  slice,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  transpose,
  where,
} from "../../../../tensor/index.ts";

/** Sweeps over all pairs: the off-diagonal part falls quadratically, to rounding in fewer. */
const SWEEPS = 10;

/**
 * Eigenvectors of a symmetric matrix `[n, n]` as the columns of an orthogonal matrix, in no order: Jacobi's rotations of disjoint pairs, all
 * pairs once a sweep (Brent & Luk, SIAM J. Sci. Stat. Comput. 6 (1985) 69). Inside a graph, where no library has them.
 */
export function eigenvectors(matrix: Tensor): Tensor {
  const n = matrix.shape[0] as number;
  if (n === 1) return add(mul(matrix, 0), 1);
  // An odd matrix gets a row that nothing is coupled to.
  const even = n + (n % 2);
  const padded = even === n ? matrix : pad(pad(matrix, 0, 0, 1), 1, 0, 1);
  const { dtype } = matrix;
  const start = constant(arrayFrom(dtype, [even, even], identity(even)));
  // In every round neighbours are a pair, and all but the first then move on by a place.
  const next = constant(arrayFrom("i32", [even], moveOn(even)));
  const [{ vectors }] = scan(
    ({ own, vectors }) => {
      const rotate = rotationOf(own, dtype);
      const rotated = rotate(transpose(rotate(own)));
      const columns = rotate(vectors);
      const moved = gather(gather(rotated, next, 0), next, 1);
      return [{ own: moved, vectors: gather(columns, next, 1) }, {}] as const;
    },
    { own: padded, vectors: start },
    {},
    { length: SWEEPS * (even - 1) },
  );
  if (even === n) return vectors;
  // The rounds end where they began, so that the row that was added is the last.
  return slice(slice(vectors, 0, 0, n), 1, 0, n);
}

/** What mixes neighbouring columns 2i and 2i + 1 of a matrix so that the entry between them vanishes in the rotated matrix. */
function rotationOf(own: Tensor, dtype: DType): (m: Tensor) => Tensor {
  const n = own.shape[0] as number;
  const pairs = n / 2;
  const blocks = reshape(own, [pairs, 2, pairs, 2]);
  const same = constant(arrayFrom(dtype, [pairs, 1, pairs, 1], identity(pairs)));
  const diagonal = sum(mul(blocks, same), 2);
  const entry = (i: number, j: number) => reshape(slice(slice(diagonal, 1, i, i + 1), 2, j, j + 1), [pairs]);
  const [p, q, off] = [entry(0, 0), entry(1, 1), entry(0, 1)];
  // tan of the smaller angle (Golub & Van Loan, Matrix Computations, section 8.5.2).
  const coupled = greater(abs(off), 1e-30);
  const tau = div(sub(q, p), mul(where(coupled, off, 1), 2));
  const root = add(abs(tau), sqrt(add(square(tau), 1)));
  const tangent = where(coupled, div(where(greater(0, tau), scalar(-1, dtype), 1), root), 0);
  const c = div(1, sqrt(add(square(tangent), 1)));
  const s = mul(tangent, c);
  return (m) => {
    const columns = reshape(m, [n, pairs, 2]);
    const [a, b] = [0, 1].map((i) => reshape(slice(columns, 2, i, i + 1), [n, pairs])) as [Tensor, Tensor];
    const first = sub(mul(a, c), mul(b, s));
    const second = add(mul(a, s), mul(b, c));
    return reshape(stack([first, second], 2), [n, n]);
  };
}

const identity = (n: number) =>
  Float64Array.from({ length: n * n }, (_, i) => Number(Math.floor(i / n) === i % n));

/** Where each place takes its index from, so that after n − 1 rounds all have met (the tournament of Brent & Luk). */
function moveOn(n: number): Int32Array {
  // Top row 0 2 4 …, bottom row 1 3 5 …: the first stays, the others go around.
  const top = Array.from({ length: n / 2 }, (_, i) => 2 * i);
  const bottom = top.map((i) => i + 1);
  if (n === 2) return Int32Array.of(0, 1);
  const from = new Int32Array(n);
  top.forEach((place, i) => {
    from[place] = i === 0 ? 0 : i === 1 ? (bottom[0] as number) : (top[i - 1] as number);
  });
  bottom.forEach((place, i) => {
    from[place] = i === bottom.length - 1 ? (top.at(-1) as number) : (bottom[i + 1] as number);
  });
  return from;
}
