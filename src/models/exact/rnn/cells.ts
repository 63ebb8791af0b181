import { add, mul, sigmoid, slice, sub, type Tensor, tanh } from "../../../tensor/index.ts";

/** Sums of products that a cell turns into its next states, `[batch, ...]`. */
export interface Sums {
  /** `[batch, gates · units]`: before the sigmoids, gate after gate. */
  readonly gates: Tensor;
  /** `[batch, units]`: what the inputs add to the candidate. */
  readonly input: Tensor;
  /** `[batch, units]`: what the neighbours' outputs add to it. */
  readonly recurrent: Tensor;
}

/** The states of a cell, `[batch, units]` each; the first is its output. */
export type States = readonly Tensor[];

/** A recurrent cell with one neighbour (a chain) or two (a lattice: along the line first, then the line above). */
export interface Cell {
  /** Number of state tensors. */
  readonly states: number;
  /** Number of gates. */
  gates(neighbours: number): number;
  /** Initial bias of each gate. */
  gateBias(gate: number): number;
  /** Whether a gate multiplies the neighbours' share of the candidate, which then has a separate bias. */
  readonly resets: boolean;
  /** The states at a site from the states of its neighbours. */
  next(sums: Sums, neighbours: readonly States[]): Tensor[];
}

/** The gates of `[batch, gates · units]`, one by one. */
function gatesOf({ gates, input }: Sums): Tensor[] {
  const units = input.shape[1] as number;
  const open = sigmoid(gates);
  const count = (gates.shape[1] as number) / units;
  return Array.from({ length: count }, (_, i) => slice(open, 1, i * units, (i + 1) * units));
}

/**
 * Gated recurrent unit (Cho et al., arXiv:1406.1078) with the reset gate after the product, as in cuDNN:
 * n = tanh(W x + b + r ⊙ (U h + c)), h′ = (1 − z) ⊙ n + z ⊙ h. With two neighbours U h is a sum over both and h their
 * mixture w ⊙ h₁ + (1 − w) ⊙ h₂ by a third gate, so that the new state is a convex sum of candidate and neighbours as
 * in the spatial GRU (Wan et al., arXiv:1604.04378, equation 9).
 */
const gru: Cell = {
  states: 1,
  gates: (neighbours) => 1 + neighbours,
  gateBias: () => 0,
  resets: true,
  next(sums, neighbours) {
    const [reset, update, mix] = gatesOf(sums) as [Tensor, Tensor, Tensor?];
    const [h, above] = neighbours.map(([output]) => output) as [Tensor, Tensor?];
    const candidate = tanh(add(sums.input, mul(reset, sums.recurrent)));
    const kept = mix && above ? add(above, mul(mix, sub(h, above))) : h;
    return [add(candidate, mul(update, sub(kept, candidate)))];
  },
};

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997; forget gates by Gers et al. 2000): c′ = i ⊙ g + Σ f ⊙ c with a
 * forget gate for each neighbour (Graves, Fernández & Schmidhuber, arXiv:0705.2011, section 2), h′ = o ⊙ tanh(c′).
 */
const lstm: Cell = {
  states: 2,
  gates: (neighbours) => 2 + neighbours,
  // Forget gates start open (Jozefowicz, Zaremba & Sutskever 2015).
  gateBias: (gate) => (gate < 2 ? 0 : 1),
  resets: false,
  next(sums, neighbours) {
    const [enter, leave, ...forget] = gatesOf(sums) as [Tensor, Tensor, ...Tensor[]];
    const candidate = mul(enter, tanh(add(sums.input, sums.recurrent)));
    const memory = neighbours.reduce(
      (sum, [, c], i) => add(sum, mul(forget[i] as Tensor, c as Tensor)),
      candidate,
    );
    return [mul(leave, tanh(memory)), memory];
  },
};

/** Cells by name. */
export const cells = { gru, lstm } satisfies Record<string, Cell>;

/** The name of a cell. */
export type CellName = keyof typeof cells;
