import { arrayFrom, type NDArray } from "../../src/array.ts";
import { binary, categorical, real, type Space, siteShape, sites, stateCount } from "../../src/data/space.ts";
import type { ExactModel } from "../../src/models/contract.ts";
import { createModel, familyNamed } from "../../src/models/registry.ts";

export { disturbed } from "./parameters.ts";

/** One exact model the laws are held against. */
export interface Case {
  readonly name: string;
  readonly space: Space;
  readonly context?: Space | undefined;
  readonly make: () => ExactModel;
  /** The family's estimate of the number of parameters. */
  readonly parameterCount: () => number;
}

/**
 * Spaces of at most 1,024 configurations, so that 10,000 rows fill the cells of a chi-squared test. A magnetisation of 0
 * or 2 needs an even number of sites.
 */
const spacesFor = ({ magnetisation }: Record<string, unknown>): readonly Space[] => [
  binary([10]),
  binary(magnetisation === undefined ? [3, 3] : [2, 5]),
  categorical([6], 3),
  categorical([2, 3], 3),
];

/** Families and the hyperparameters that change what they compute: a new family is its lines here. */
const families: readonly (readonly [
  family: string,
  hyperparameters: Record<string, unknown>,
  only?: "binary" | "categorical",
])[] = [
  ["made", { hidden: 16, direct: false }],
  ["made", { hidden: [12, 10], activation: "tanh" }],
  ["made", { hidden: 16, order: "random", orderSeed: 3 }],
  ["made", { hidden: [15, 10], blocks: 3 }],
  ["made", { hidden: 7, activation: "tanh", order: "random", blocks: 5 }],
  ["made", { hidden: [14, 9], orders: 3 }],
  ["made", { hidden: 12, z2: true }, "binary"],
  ["made", { hidden: 12, inputs: "spins" }, "binary"],
  ["made", { hidden: 12, orders: 2, z2: true, order: "random" }, "binary"],
  ["made", { hidden: [12, 8], orders: 2, masks: 2, perStep: 2, dropout: 0.2, inputDropout: 0.1 }],
  ["made", { hidden: 10, symmetry: ["translations", "reflections"] }],
  ["made", { hidden: 10, symmetry: "reflections", orders: 2, z2: true }, "binary"],
  ["made", { hidden: 12, magnetisation: 2, order: "random" }, "binary"],
  ["made", { hidden: 12, magnetisation: 0, orders: 2, z2: true, symmetry: "translations" }, "binary"],
  ["nade", { hidden: 16 }],
  ["nade", { hidden: [9, 7], activation: "tanh", order: "random", orderSeed: 3 }],
  ["nade", { hidden: 11, embedding: 3, orders: 2 }, "categorical"],
  ["nade", { hidden: [10, 9], dropout: 0.3, inputDropout: 0.2 }],
  ["nade", { hidden: 12, z2: true, magnetisation: 0 }, "binary"],
  ["nade", { hidden: [10, 8], anyOrder: true, orders: 3 }],
  ["nade", { hidden: 12, anyOrder: true, embedding: 5 }, "categorical"],
  // Smooth activations: of so many hidden units one would meet the kink of relu between the two central differences.
  ["transformer", { layers: 2, width: 8, heads: 2, positions: "learned", activation: "tanh" }],
  [
    "transformer",
    { layers: 1, width: 8, heads: 2, order: "random", activation: "gelu", positions: "learned" },
  ],
  [
    "transformer",
    { layers: 2, width: 8, heads: 2, positions: "rotary", order: "snake", mlp: 3, activation: "gelu" },
  ],
  ["transformer", { layers: 1, width: 6, heads: 3, z2: true, activation: "silu" }, "binary"],
  ["transformer", { anyOrder: true, layers: 2, width: 8, heads: 2, positions: "both", activation: "tanh" }],
  [
    "transformer",
    { anyOrder: true, orders: 2, layers: 1, width: 8, heads: 2, positions: "rotary", activation: "gelu" },
  ],
  ["transformer", { layers: 1, width: 8, heads: 2, negatives: 5, activation: "silu" }, "categorical"],
  [
    "transformer",
    { layers: 1, width: 6, heads: 1, negatives: 3, order: "random", activation: "tanh" },
    "categorical",
  ],
  [
    "transformer",
    { anyOrder: true, layers: 1, width: 6, heads: 2, negatives: 4, activation: "gelu" },
    "categorical",
  ],
  ["rnn", { units: 8 }],
  ["rnn", { units: 6, layers: 2, dimensions: 1, order: "natural" }],
  ["rnn", { units: 6, cell: "lstm", layers: 2 }],
  ["rnn", { units: 8, cell: "lstm", embedding: 3, order: "natural" }, "categorical"],
  // Smooth activations: central differences cannot be taken across the bend of a relu.
  ["pixelcnn", { channels: 4, layers: 2, head: 5, activation: "tanh" }],
  [
    "pixelcnn",
    { channels: 3, layers: 3, activation: "silu", first: 3, head: 4, padding: "periodic", gate: "linear" },
  ],
  [
    "pixelcnn",
    {
      channels: 3,
      layers: 3,
      activation: "silu",
      first: 5,
      kernel: 5,
      dilations: [2, 1],
      residual: false,
      siteBias: false,
    },
  ],
  ["pixelcnn", { channels: 4, layers: 1, activation: "silu", z2: true, padding: "periodic" }, "binary"],
  ["rnn", { units: 6, embedding: 4, negatives: 5 }, "categorical"],
];

/** Every family on every space, one unconditional and one conditional. */
export const cases: readonly Case[] = families.flatMap(([family, hyperparameters, only]) =>
  spacesFor(hyperparameters)
    .filter((space) => only === undefined || space.kind === only)
    .flatMap((space, i) =>
      (i === 0 ? [undefined, real([2])] : [undefined]).map((context) => ({
        name: `${family} ${JSON.stringify(hyperparameters)} on ${space.kind} [${space.kind === "sequence" ? "" : space.shape}]${context ? " given a context" : ""}`,
        space,
        context,
        make: () => createModel(family, { space, context }, hyperparameters) as ExactModel,
        parameterCount: () => familyNamed(family).parameterCount({ space, context }, hyperparameters),
      })),
    ),
);

/** Every configuration of a small space, as datasets store it. */
export function everyConfiguration({ space }: Case): NDArray {
  const [n, k] = [sites(space), stateCount(space) as number];
  const rows = k ** n;
  const data = Uint8Array.from(
    { length: rows * n },
    (_, i) => Math.floor(Math.floor(i / n) / k ** (i % n)) % k,
  );
  return { dtype: "u8", shape: [rows, ...siteShape(space)], data };
}

/** One context for all rows: the distribution given it is what is summed. */
export function contextOf({ context }: Pick<Case, "context">, rows: number): NDArray<"f32"> | undefined {
  if (!context) return undefined;
  const n = sites(context);
  return arrayFrom(
    "f32",
    [rows, n],
    Array.from({ length: rows * n }, (_, i) => (i % n) - 0.3),
  );
}
