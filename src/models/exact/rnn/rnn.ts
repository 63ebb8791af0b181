import * as z from "zod";
import { type Space, siteShape } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { glorotInit, uniformInit, zerosInit } from "../../../nn/init.ts";
import type { Key } from "../../../random/key.ts";
import { mean, type SymbolicKey, sum, type Tensor } from "../../../tensor/index.ts";
import { contextFeatures } from "../../context.ts";
import type { Domain, ExactModel, Family, Symbolic } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { autoregressive, orderOf, requireDiscrete } from "../autoregressive/autoregressive.ts";
import { logits, statesOf } from "../autoregressive/head.ts";
import { commonHyperparameters } from "../autoregressive/options.ts";
import {
  negativesFor,
  vocabulary,
  vocabularyHyperparameters,
  vocabularyTable,
} from "../autoregressive/vocabulary.ts";
import { type Cell, type CellName, cells } from "./cells.ts";
import { forward } from "./forward.ts";
import { type Lattice, latticeOf, orderOn } from "./lattice.ts";
import type { Network } from "./network.ts";
import type { LayerParameters, RnnParameters } from "./parameters.ts";
import { rnnWalk } from "./walk.ts";

const schema = z.strictObject({
  /** Gru or lstm (default `gru`). */
  cell: z
    .enum(Object.keys(cells) as [CellName, ...CellName[]])
    .default("gru")
    .describe("gru or lstm"),
  /** Units of each layer (default 64). */
  units: z.int().min(1).max(100_000).default(64).describe("units of each layer"),
  /** Layers; each reads the one below it at the same site (default 1). */
  layers: z.int().min(1).max(16).default(1).describe("layers; each reads the one below it at the same site"),
  /** Neighbours a site hears from: 1 the site before it, 2 also the one above; 0 chooses by the shape (default 0). */
  dimensions: z
    .int()
    .min(0)
    .max(2)
    .default(0)
    .describe(
      "neighbours a site hears from: 1 the site before it, 2 also the one above; 0 chooses by the shape",
    ),
  /** Rows back and forth, or each from left to right; a chain has one order (default `snake`). */
  order: z
    .enum(["snake", "natural"])
    .default("snake")
    .describe("read rows back and forth (snake), or each from left to right; a chain has one order"),
  /** Numbers that stand for a value; 0 chooses: one-hot up to 32 states, else as many as units (default 0). */
  embedding: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe(
      "size of the representation of a value; 0: one-hot up to 32 states, otherwise the number of units",
    ),
  ...vocabularyHyperparameters,
  ...commonHyperparameters,
});

/** Hyperparameters of {@link rnn}, defaults filled in. */
export type RnnHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type RnnOptions = z.input<typeof schema>;

/** Values of more states than this are embedded. */
const oneHotStates = 32;

/** What hyperparameters mean on a space. */
interface Sizes {
  readonly cell: Cell;
  readonly dimensions: 1 | 2;
  /** Length of an encoded value. */
  readonly width: number;
  readonly embedded: boolean;
  /** States sampled to train; 0 for the full softmax. */
  readonly negatives: number;
  /** Numbers a site has in the outputs. */
  readonly outputs: number;
}

function sizesOn(space: Space, h: RnnHyperparameters): Sizes {
  const axes = siteShape(space).length;
  if (h.dimensions === 2 && axes !== 2)
    throw usageError(`dimensions 2 needs sites with two axes, such as 8x8; these have ${axes}`);
  const dimensions = (h.dimensions || (axes === 2 ? 2 : 1)) as 1 | 2;
  if (h.embedding > 0 && space.kind !== "categorical")
    throw usageError("embedding is for categorical sites; bits are one-hot");
  const negatives = negativesFor(space, h.negatives);
  const states = Math.max(2, statesOf(space));
  const embedded = h.embedding > 0 || negatives > 0 || states > oneHotStates;
  const width = embedded ? h.embedding || h.units : states;
  const outputs = negatives > 0 ? width : statesOf(space);
  return { cell: cells[h.cell], dimensions, embedded, negatives, width, outputs };
}

/**
 * Makes a recurrent network that visits the sites one after another: P(x) = Π P(x_i | h_i). The state h_i
 * follows from the state and the value of the site before, and on a lattice also of the site above, by the
 * same weights everywhere. The two-dimensional network is visited in snake order (Hibat-Allah et al., Phys.
 * Rev. Research 2, 023358, section II.C), with gated cells. P sums to 1. Binary and categorical spaces,
 * optional context.
 *
 * @throws AnsatzError (usage) for other spaces and for hyperparameters out of range, naming them.
 */
export function makeRnn(domain: Domain, options: RnnOptions = {}): ExactModel<RnnParameters> {
  const { space } = domain;
  const h = checkHyperparameters("rnn", schema, options);
  requireDiscrete("rnn", space);
  const sizes = sizesOn(space, h);
  const lattice: Lattice = latticeOf(siteShape(space), sizes.dimensions, h.order === "snake");
  const { cell, negatives } = sizes;
  const words =
    negatives > 0
      ? vocabulary<RnnParameters>(space, negatives, ({ embedding }) => embedding as Tensor)
      : undefined;
  const net: Network = { space, cell, lattice, ...(words && { words }) };
  const order = orderOn(lattice);
  /** The sampled estimate of −log P, for a large vocabulary. */
  const loss = words && {
    sparse: ["embedding"],
    loss(p: Symbolic<RnnParameters>, x: Tensor, key: SymbolicKey, context?: Tensor) {
      const outputs = forward(p, net, x, { ...orderOf(order), member: 0 }, context);
      return mean(sum(words.loss(p, outputs, x, key), 1));
    },
  };
  return autoregressive<RnnParameters>(
    {
      family: "rnn",
      hyperparameters: {
        ...{ ...h, negatives, dimensions: sizes.dimensions },
        embedding: sizes.embedded ? sizes.width : 0,
      },
      space,
      context: domain.context,
      orders: [order],
      anyOrder: false,
      head: words ? words.head : logits(space),
      init: (key) => initial(key, h, sizes, domain),
      // Averages, because a single moment at this rate is noisy: of few rows the best looks best by chance, and comes too early.
      ...(!words && { fitOptions: () => ({ lr: 4e-3, average: 0.99 }) }),
      outputs: (p, x, order, context) => forward(p, net, x, order, context),
      walk: (p, _, batch, context) => rnnWalk(p, net, batch, context),
      ...loss,
      decays: (path) => path !== "embedding" && !path.toLowerCase().endsWith("bias"),
    },
    h,
  );
}

/** Fresh parameters: recurrent weights uniform within 1/√units, the rest by Glorot's rule, biases as the cell asks. */
function initial(key: Key, h: RnnHyperparameters, sizes: Sizes, domain: Domain): RnnParameters {
  const { space } = domain;
  const contextSize = contextFeatures(domain);
  const { cell, dimensions, width, embedded, negatives, outputs } = sizes;
  const { units } = h;
  const states = statesOf(space);
  const gates = cell.gates(dimensions);
  const neighbours = Array.from({ length: dimensions }, (_, i) => i);
  const limit = 1 / Math.sqrt(units);
  const layer = (own: Key, first: boolean): LayerParameters => {
    const [inputs, sources] = first ? [width, neighbours] : [units, [0]];
    const part = (k: Key, columns: number) => ({
      input: sources.map((i) => {
        const spread = Math.sqrt(6 / (inputs + units));
        return uniformInit(k.fold(0).fold(i), [inputs, columns], spread);
      }),
      recurrent: neighbours.map((i) => uniformInit(k.fold(1).fold(i), [units, columns], limit)),
      bias: zerosInit([columns]),
    });
    const gated = part(own.fold(0), gates * units);
    gated.bias.data.forEach((_, i) => {
      gated.bias.data[i] = cell.gateBias(Math.floor(i / units));
    });
    return {
      gates: gated,
      candidate: {
        ...part(own.fold(1), units),
        ...(cell.resets ? { recurrentBias: zerosInit([units]) } : {}),
      },
    };
  };
  const context = key.fold(h.layers + 2);
  return {
    ...(embedded
      ? {
          embedding:
            negatives > 0
              ? vocabularyTable(key.fold(h.layers), states, width)
              : uniformInit(key.fold(h.layers), [states, width], Math.sqrt(3 / width)),
        }
      : {}),
    layers: Array.from({ length: h.layers }, (_, i) => layer(key.fold(i), i === 0)),
    output: { weight: glorotInit(key.fold(h.layers + 1), units, outputs), bias: zerosInit([outputs]) },
    ...(contextSize > 0
      ? {
          context: {
            gates: glorotInit(context.fold(0), contextSize, gates * units),
            candidate: glorotInit(context.fold(1), contextSize, units),
            output: zerosInit([contextSize, outputs]),
          },
        }
      : {}),
  };
}

function parameterCount(domain: Domain, options: unknown): number {
  const { space } = domain;
  const contextSize = contextFeatures(domain);
  const h = checkHyperparameters("rnn", schema, options);
  const { cell, dimensions, width, embedded, outputs } = sizesOn(space, h);
  const { units, layers } = h;
  const columns = (cell.gates(dimensions) + 1) * units;
  const each = columns * (dimensions * units + 1) + (cell.resets ? units : 0);
  return (
    layers * each +
    columns * (dimensions * width + (layers - 1) * units) +
    (units + 1) * outputs +
    contextSize * (columns + outputs) +
    (embedded ? statesOf(space) * (width + 1) : 0)
  );
}

/** The family for the registry. */
export const rnn: Family<ExactModel<RnnParameters>> = {
  name: "rnn",
  kind: "exact",
  summary:
    "recurrent network (GRU or LSTM) on chains and lattices: exact likelihood, the same weights at every site",
  schema,
  parameterCount,
  create: (domain, hyperparameters) => makeRnn(domain, hyperparameters as RnnOptions),
};
