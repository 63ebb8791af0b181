import { arrayFrom } from "../../../array.ts";
import { sites } from "../../../data/space.ts";
import {
  add,
  arange,
  broadcastTo,
  constant,
  expandDims,
  gather,
  matmul,
  reshape,
  type Tensor,
  transpose,
  zeros,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import type { Walk } from "../autoregressive/conditionals.ts";
import { statesOf } from "../autoregressive/head.ts";
import type { Ordering } from "./masks.ts";
import { encode, type MadeParameters, type Reading, realType, upper, withContext } from "./network.ts";
import { dense } from "./triangular.ts";

type State = {
  /** `[batch, hidden]`: pre-activations of the first layer. */
  readonly first: Tensor;
  /** `[batch, sites · states]`, by position: logits that do not pass through hidden units. */
  readonly offset?: Tensor;
};

type Step = {
  /** `[states, hidden]`: what the site adds to the first layer. */
  readonly row: Tensor;
  /** `[top, states]`: how the last layer makes its logits. */
  readonly column: Tensor;
  readonly bias: Tensor;
  readonly position: Tensor;
  /** `[states, sites · states]`: what the site adds to the logits after it. */
  readonly direct?: Tensor;
};

/**
 * Visits the sites of MADE in one order. The first layer's pre-activations are carried and each site adds its row of
 * weights, so that a sample costs O(sites · hidden) with one hidden layer, not a full pass for every site.
 */
export function madeWalk(
  p: Symbolic<MadeParameters>,
  { sites: order }: Ordering,
  reading: Reading,
  batch: number,
  context?: Tensor,
): Walk<State, Step> {
  const { space, activation } = reading;
  const n = sites(space);
  const k = statesOf(space);
  const dtype = realType(p);
  const { weight, bias } = p.layers[0] as { weight: Tensor[]; bias: Tensor };
  const hidden = bias.shape[0] as number;
  const top = p.layers.at(-1)?.bias.shape[0] as number;
  const indices = constant(arrayFrom("i32", [n], order));
  const inOrder = (t: Tensor) => gather(t, indices, 0);

  // Logits that do not pass through hidden units: of the context at once, of direct links as sites are drawn.
  const fromContext =
    p.context &&
    context &&
    reshape(gather(reshape(matmul(context, p.context.direct), [batch, n, k]), indices, 1), [batch, n * k]);
  const direct =
    p.direct &&
    inOrder(
      reshape(gather(reshape(dense(p.direct.weight, n * k), [n * k, n, k]), indices, 1), [n, k, n * k]),
    );
  return {
    start: {
      first: withContext(p, "weight", broadcastTo(bias, [batch, hidden]), context),
      ...(direct || fromContext ? { offset: fromContext ?? zeros([batch, n * k], dtype) } : {}),
    },
    steps: {
      row: inOrder(reshape(dense(weight, n * k), [n, k, hidden])),
      column: transpose(gather(reshape(dense(p.output.weight, top), [top, n, k]), indices, 1), [1, 0, 2]),
      bias: inOrder(reshape(p.output.bias, [n, k])),
      position: arange(n),
      ...(direct ? { direct } : {}),
    },
    outputs({ first, offset }, { column, bias, position }) {
      const logits = add(matmul(upper(p, activation, first), column), bias);
      return offset ? add(logits, gather(reshape(offset, [batch, n, k]), position, 1)) : logits;
    },
    advance({ first, offset }, { row, direct }, value) {
      const input = encode(reading, expandDims(value, 1), dtype);
      return {
        first: add(first, matmul(input, row)),
        ...(offset ? { offset: direct ? add(offset, matmul(input, direct)) : offset } : {}),
      };
    },
  };
}
