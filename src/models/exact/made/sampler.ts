import { arrayFrom, type NDArray } from "../../../array.ts";
import { type Space, sites } from "../../../data/space.ts";
import type { ActivationName } from "../../../nn/activation.ts";
import { bernoulliLogProb } from "../../../nn/likelihood.ts";
import {
  add,
  arange,
  broadcastTo,
  cast,
  constant,
  cumsum,
  gather,
  greaterEqual,
  less,
  logSoftmax,
  matmul,
  mul,
  oneHot,
  reshape,
  scan,
  sigmoid,
  slice,
  softmax,
  sum,
  type Tensor,
  transpose,
  zeros,
} from "../../../tensor/index.ts";
import { type SymbolicKey, uniform } from "../../../tensor/ops/random.ts";
import { BATCH } from "../../../tensor/shape.ts";
import type { Draws, Traced } from "../../contract.ts";
import type { Ordering } from "./masks.ts";
import { type MadeParameters, realType, statesOf, upper, withContext } from "./network.ts";
import { dense } from "./triangular.ts";

/**
 * Samples in one order, site by site. The first layer's pre-activations are carried and each drawn site adds its
 * row of weights, so that a sample costs O(sites · hidden) with one hidden layer, not a full pass for every site.
 * Returns `x: [batch, sites]` and its log-probability.
 */
export function sampleOrdering(
  p: Traced<MadeParameters>,
  { sites: order, positions }: Ordering,
  activation: ActivationName,
  space: Space,
  key: SymbolicKey,
  context?: Tensor,
): Draws {
  const n = sites(space);
  const k = statesOf(space);
  const dtype = realType(p);
  const { weight, bias } = p.layers[0] as { weight: Tensor[]; bias: Tensor };
  const hidden = bias.shape[0] as number;
  const top = p.layers.at(-1)?.bias.shape[0] as number;
  const inOrder = (t: Tensor) => gather(t, indices(order), 0);

  const steps = {
    row: inOrder(reshape(dense(weight, n * k), [n, k, hidden])),
    column: transpose(
      gather(reshape(dense(p.output.weight, top), [top, n, k]), indices(order), 1),
      [1, 0, 2],
    ),
    bias: inOrder(reshape(p.output.bias, [n, k])),
    position: arange(n),
    ...(p.direct
      ? {
          direct: inOrder(
            reshape(gather(reshape(dense(p.direct.weight, n * k), [n * k, n, k]), indices(order), 1), [
              n,
              k,
              n * k,
            ]),
          ),
        }
      : {}),
  };
  // Logits by position that do not pass through hidden units: of direct links as sites are drawn, of the context at once.
  const fromContext =
    p.context &&
    context &&
    gather(reshape(matmul(context, p.context.direct), [BATCH, n, k]), indices(order), 1);
  const offsets: { offset?: Tensor } =
    p.direct || fromContext
      ? { offset: fromContext ? reshape(fromContext, [BATCH, n * k]) : zeros([BATCH, n * k], dtype) }
      : {};
  const start = {
    first: withContext(p, "weight", broadcastTo(bias, [BATCH, hidden]), context),
    logProb: zeros([BATCH], dtype),
    ...offsets,
  };
  const [end, drawn] = scan(
    (carry: typeof start, step: typeof steps) => {
      const h = upper(p, activation, carry.first);
      let logits = add(matmul(h, step.column), step.bias);
      if (carry.offset) {
        const own = gather(reshape(carry.offset, [BATCH, n, k]), step.position, 1);
        logits = add(logits, own);
      }
      const { value, input, logProb } = drawSite(space, logits, uniform(key, [BATCH, 1], dtype));
      const next = {
        first: add(carry.first, matmul(input, step.row)),
        logProb: add(carry.logProb, logProb),
        ...(carry.offset
          ? { offset: step.direct ? add(carry.offset, matmul(input, step.direct)) : carry.offset }
          : {}),
      };
      return [next, value] as const;
    },
    start,
    steps,
  );
  return { x: gather(transpose(drawn), indices(positions), 1), logProb: end.logProb };
}

/** One site from its logits `[batch, 1 or states]` and uniform numbers `[batch, 1]`. */
function drawSite(
  space: Space,
  logits: Tensor,
  u: Tensor,
): { value: Tensor; input: Tensor; logProb: Tensor } {
  const flat = [BATCH];
  if (space.kind !== "categorical") {
    const bit = cast(less(u, sigmoid(logits)), logits.dtype);
    return { value: reshape(bit, flat), input: bit, logProb: reshape(bernoulliLogProb(logits, bit), flat) };
  }
  const { states } = space;
  // The number of cumulated probabilities below u; the last, 1 up to rounding, is not counted.
  const below = slice(cumsum(softmax(logits), 1), 1, 0, states - 1);
  const value = cast(sum(cast(greaterEqual(u, below), "i32"), 1), "i32");
  const input = oneHot(value, states, logits.dtype);
  return { value, input, logProb: sum(mul(logSoftmax(logits), input), 1) };
}

const indices = (values: Uint32Array): Tensor =>
  constant(arrayFrom("i32", [values.length], values) as NDArray<"i32">);
