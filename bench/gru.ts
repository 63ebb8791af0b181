import { binary } from "../src/data/space.ts";
import type { DifferentiableModel, Symbolic } from "../src/models/contract.ts";
import { uniformInit } from "../src/nn/init.ts";
import { bernoulliLogProb } from "../src/nn/likelihood.ts";
import {
  add,
  concat,
  expandDims,
  matmul,
  mean,
  mul,
  neg,
  reshape,
  scan,
  sigmoid,
  slice,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
  zeros,
} from "../src/tensor/index.ts";

const shapes = (units: number) => ({
  input: [2, 3 * units],
  hidden: [units, 3 * units],
  inputBias: [3 * units],
  hiddenBias: [3 * units],
  output: [units, 1],
  outputBias: [1],
});

type Weights = Record<keyof ReturnType<typeof shapes>, ReturnType<typeof uniformInit>>;

/** Negative log-likelihood of `x: [batch, sites]` under a GRU whose input is the previous site, one-hot. */
function loss(p: Symbolic<Weights>, x: Tensor, units: number): Tensor {
  const [batch, sites] = x.shape as [number, number];
  const bits = expandDims(transpose(x), -1);
  const oneHot = concat([sub(1, bits), bits], -1);
  const previous = concat([zeros([1, batch, 2]), slice(oneHot, 0, 0, sites - 1)], 0);
  const inputs = add(matmul(previous, p.input), p.inputBias);
  const [, states] = scan(
    (h: Tensor, i: Tensor) => {
      const s = add(matmul(h, p.hidden), p.hiddenBias);
      const gates = sigmoid(add(slice(i, 1, 0, 2 * units), slice(s, 1, 0, 2 * units)));
      const r = slice(gates, 1, 0, units);
      const z = slice(gates, 1, units, 2 * units);
      const n = tanh(add(slice(i, 1, 2 * units), mul(r, slice(s, 1, 2 * units))));
      const next = add(n, mul(z, sub(h, n)));
      return [next, next];
    },
    zeros([batch, units]),
    inputs,
  );
  const logits = add(matmul(states, p.output), p.outputBias);
  return neg(mean(sum(reshape(bernoulliLogProb(logits, bits), [sites, batch]), 0)));
}

/** A GRU over binary sites, as far as a training step needs a model. */
export function gruModel(sites: number, units: number): DifferentiableModel<Weights> {
  const limit = 1 / Math.sqrt(units);
  return {
    family: "gru",
    hyperparameters: { units },
    space: binary([sites]),
    init: (key) => {
      const entries = Object.entries(shapes(units));
      return Object.fromEntries(
        entries.map(([name, shape], i) => [name, uniformInit(key.fold(i), shape, limit)]),
      ) as Weights;
    },
    loss: (p, x) => loss(p, x, units),
  };
}
