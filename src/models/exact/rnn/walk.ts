import { add, concat, flip, matmul, type Tensor, zeros } from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import type { Walk } from "../autoregressive/conditionals.ts";
import type { States } from "./cells.ts";
import { contextSums, encode, type Network, outputsOf, realType, recurred, widthOf } from "./network.ts";
import type { LayerParameters, RnnParameters } from "./parameters.ts";

type State = {
  readonly layers: readonly States[];
  /** `[batch, width]`: the value of the site before, encoded; zero if there is none. */
  readonly value: Tensor;
};

/** What the line above adds at a site to the sums of a layer, and the states that it left there. */
type LayerAbove = {
  readonly gates: Tensor;
  readonly input?: Tensor;
  readonly recurrent: Tensor;
  readonly states: States;
};

type Step = { readonly above?: readonly LayerAbove[] };

/** Visits the sites of an RNN: states are carried along, and on a lattice kept for the line below. */
export function rnnWalk(
  p: Symbolic<RnnParameters>,
  net: Network,
  batch: number,
  context?: Tensor,
): Walk<State, Step> {
  const { cell, lattice } = net;
  const { dimensions, length, snake } = lattice;
  const real = realType(p);
  const fromContext = contextSums(p, context);
  const joined = p.layers.map(joinedWeights);
  const blank = (lead: readonly number[]): State => {
    const nothing = (width: number) => zeros([...lead, batch, width], real);
    const states = (layer: Symbolic<LayerParameters>) =>
      Array.from({ length: cell.states }, () => nothing(layer.candidate.bias.shape[0] as number));
    return { layers: p.layers.map(states), value: nothing(widthOf(p)) };
  };
  const start = blank([]);
  const arrive = ({ layers, value }: State, { above }: Step): State => {
    let below = value;
    const next = p.layers.map((layer, i) => {
      const states = layers[i] as States;
      const over = above?.[i];
      const shared = i === 0 ? fromContext : undefined;
      const [first, second] = joined[i] as Joined;
      const h = states[0] as Tensor;
      const gates = add(matmul(concat([h, below], 1), first), layer.gates.bias);
      const input = add(matmul(below, second), layer.candidate.bias);
      const { recurrent } = recurred(layer, 0, h);
      const sums = {
        gates: total(gates, shared?.gates, over?.gates),
        input: total(input, shared?.input, over?.input),
        recurrent: total(recurrent, over?.recurrent),
      };
      const after = cell.next(sums, over ? [states, over.states] : [states]);
      below = after[0] as Tensor;
      return after;
    });
    return { layers: next, value };
  };
  return {
    start,
    steps: {},
    arrive,
    outputs: ({ layers }) => outputsOf(p, layers.at(-1)?.[0] as Tensor, fromContext),
    advance: ({ layers }, _, drawn) => ({ layers, value: encode(p, net, drawn) }),
    ...(dimensions === 2
      ? {
          line: {
            length,
            enter: () => start,
            memory: {
              start: blank([length]),
              leave: (state: State) => state,
              above: (left: State) => aboveLine(p, left, snake),
            },
          },
        }
      : {}),
  };
}

type Joined = readonly [gates: Tensor, input: Tensor];

/** The weights of a layer for what is along the line: `[units + inputs, gates · units]` and `[inputs, units]`. */
function joinedWeights({ gates, candidate }: Symbolic<LayerParameters>): Joined {
  const [input] = gates.input as [Tensor];
  return [concat([gates.recurrent[0] as Tensor, input], 0), candidate.input[0] as Tensor];
}

function total(first: Tensor, ...rest: (Tensor | undefined)[]): Tensor {
  return rest.reduce((sum: Tensor, t) => (t === undefined ? sum : add(sum, t)), first);
}

/** One product for a whole line of what the line above adds to the sums of each layer, `[length, batch, ...]`. */
function aboveLine(p: Symbolic<RnnParameters>, left: State, snake: boolean): LayerAbove[] {
  const seen = (t: Tensor) => (snake ? flip(t, 0) : t);
  const value = seen(left.value);
  return p.layers.map((layer, i) => {
    const states = (left.layers[i] as States).map(seen);
    const { gates, recurrent } = recurred(layer, 1, states[0] as Tensor);
    if (i > 0) return { gates, recurrent, states };
    const input = matmul(value, layer.candidate.input[1] as Tensor);
    return {
      gates: add(gates, matmul(value, layer.gates.input[1] as Tensor)),
      input,
      recurrent,
      states,
    };
  });
}
