import { arrayFrom } from "../array.ts";
import { usageError } from "../error.ts";
import {
  add,
  arange,
  cast,
  concat,
  constant,
  cumsum,
  div,
  equal,
  expandDims,
  full,
  gather,
  greaterEqual,
  less,
  logAddExp,
  logSumExp,
  matmul,
  minimum,
  mul,
  reshape,
  scan,
  slice,
  softmax,
  sub,
  sum,
  type Tensor,
  transpose,
  where,
} from "../tensor/index.ts";

/** States in a block of the table: small blocks stay in the processor's caches, and their loop costs little. */
export const defaultChunk = 256;

/** Logits `[rows, chunk]` of the states `ids: [chunk]`. */
const logitsOf = (features: Tensor, table: Tensor, ids: Tensor) =>
  matmul(features, transpose(gather(table, ids)));

function checkChunk(chunk: number): void {
  if (!Number.isInteger(chunk) || chunk < 1)
    throw usageError(`a chunk is a positive number of states, not ${chunk}`);
}

/** The whole blocks of a table as a loop, then what is left over, if anything is. */
function overBlocks<C>(
  features: Tensor,
  table: Tensor,
  chunk: number,
  start: C,
  visit: (carry: C, logits: Tensor) => readonly [C, Tensor],
): [C, Tensor[]] {
  const states = table.shape[0] as number;
  const blocks = Math.floor(states / chunk);
  let carry = start;
  const stacked: Tensor[] = [];
  if (blocks > 0) {
    const starts = arrayFrom(
      "i32",
      [blocks],
      Array.from({ length: blocks }, (_, i) => i * chunk),
    );
    const [end, values] = scan(
      (c: C, first: Tensor) => visit(c, logitsOf(features, table, add(arange(chunk), first))),
      carry,
      constant(starts),
    );
    carry = end;
    stacked.push(values);
  }
  if (blocks * chunk < states) {
    const ids = add(arange(states - blocks * chunk), blocks * chunk);
    const [end, value] = visit(carry, logitsOf(features, table, ids));
    carry = end;
    stacked.push(expandDims(value, 0));
  }
  return [carry, stacked];
}

/**
 * Returns log P(target) under logits features · tableᵀ, exactly, by a running log Σ eˣ over blocks of `chunk`
 * states; `[rows]`, in nats. Memory is that of one block's logits, `[rows, chunk]`, whatever the number of
 * states.
 *
 * `features: [rows, d]`, `table: [states, d]` (a bias is one of its columns, with a feature of 1),
 * `targets: [rows]` i32.
 */
export function chunkedLogProb(
  features: Tensor,
  table: Tensor,
  targets: Tensor,
  chunk = defaultChunk,
): Tensor {
  checkChunk(chunk);
  const none = full([features.shape[0] as number], -Infinity, features.dtype);
  const [total] = overBlocks(features, table, chunk, none, (sofar, logits) => {
    const next = logAddExp(sofar, logSumExp(logits, 1));
    return [next, next];
  });
  return sub(sum(mul(features, gather(table, targets)), 1), total);
}

/** The position of `u: [rows, 1]` among the cumulated probabilities `[rows, n]`, so that position i is met with p_i. */
function pick(probabilities: Tensor, u: Tensor): Tensor {
  const n = probabilities.shape[1] as number;
  // The last sum is 1 up to rounding, and is not counted.
  const below = slice(cumsum(probabilities, 1), 1, 0, n - 1);
  return sum(cast(greaterEqual(u, below), "i32"), 1);
}

/**
 * Draws one state per row exactly from softmax(features · tableᵀ / temperature) in two passes: the first
 * finds the probability of each block of `chunk` states and picks one, the second picks the state within it.
 * Returns `value: [rows]` i32 and `logProb: [rows]`, nats, its log-probability at temperature 1.
 *
 * `u: [rows, 2]` are uniform numbers, one per pass: a single one has too few bits for the rarest of 10⁶
 * states. Memory is that of the logits of a block, of one number per block and row, and of the rows of one
 * block each, `[rows, chunk, d]`.
 */
export function chunkedDraw(
  features: Tensor,
  table: Tensor,
  u: Tensor,
  chunk = defaultChunk,
  temperature?: Tensor,
): { value: Tensor; logProb: Tensor } {
  checkChunk(chunk);
  const rows = features.shape[0] as number;
  const [states, width] = table.shape as [number, number];
  const tempered = (logits: Tensor) => (temperature ? div(logits, temperature) : logits);
  // At another temperature the sum at temperature 1 is carried along for the log-probability.
  const start = temperature ? [full([rows], -Infinity, features.dtype)] : [];
  const [carry, parts] = overBlocks(features, table, chunk, start, (sofar, logits) => {
    const next = sofar.map((s) => logAddExp(s, logSumExp(logits, 1)));
    return [next, logSumExp(tempered(logits), 1)];
  });
  const blocks = concat(parts, 0);
  const total = carry[0] ?? logSumExp(blocks, 0);

  const block = pick(softmax(transpose(blocks), 1), slice(u, 1, 0, 1));
  const ids = add(mul(expandDims(block, 1), chunk), reshape(arange(chunk), [1, chunk]));
  const candidates = gather(table, minimum(ids, states - 1));
  const logits = reshape(matmul(candidates, reshape(features, [rows, width, 1])), [rows, chunk]);
  const whole = states % chunk === 0;
  const within = whole ? logits : where(less(ids, states), logits, -Infinity);
  // Rounding may also lead past the end of the last block, to what is no state.
  const last = sub(states - 1, mul(block, chunk));
  const position = minimum(pick(softmax(tempered(within), 1), slice(u, 1, 1, 2)), last);
  const chosen = cast(equal(expandDims(position, 1), reshape(arange(chunk), [1, chunk])), logits.dtype);
  return {
    value: add(mul(block, chunk), position),
    logProb: sub(sum(mul(logits, chosen), 1), total),
  };
}
