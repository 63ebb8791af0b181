import { binary, categorical, type Space } from "../../src/data/space.ts";
import type { ExactModel } from "../../src/models/contract.ts";
import { createModel, familyNamed } from "../../src/models/registry.ts";

/** One exact model the laws are held against. */
export interface Case {
  readonly name: string;
  readonly space: Space;
  readonly contextSize: number;
  readonly make: () => ExactModel;
  /** The family's estimate of the number of parameters. */
  readonly parameterCount: () => number;
}

const spaces: Space[] = [binary([12]), binary([3, 4]), categorical([6], 4), categorical([2, 3], 4)];

/** Families and the hyperparameters that change what they compute: a new family is its lines here. */
const families: readonly (readonly [
  family: string,
  hyperparameters: Record<string, unknown>,
  only?: "binary",
])[] = [
  ["made", { hidden: 16, direct: false }],
  ["made", { hidden: [12, 10], activation: "tanh" }],
  ["made", { hidden: 16, order: "random", orderSeed: 3 }],
  ["made", { hidden: [15, 10], blocks: 3 }],
  ["made", { hidden: 7, activation: "tanh", order: "random", blocks: 5 }],
  ["made", { hidden: [14, 9], orders: 3 }],
  ["made", { hidden: 12, z2: true }, "binary"],
  ["made", { hidden: 12, orders: 2, z2: true, order: "random" }, "binary"],
];

/** Every family on every space, one unconditional and one conditional. */
export const cases: readonly Case[] = families.flatMap(([family, hyperparameters, only]) =>
  spaces
    .filter((space) => only === undefined || space.kind === only)
    .flatMap((space, i) =>
      (i === 0 ? [0, 2] : [0]).map((contextSize) => ({
        name: `${family} ${JSON.stringify(hyperparameters)} on ${space.kind} [${space.kind === "sequence" ? "" : space.shape}]${contextSize ? " given a context" : ""}`,
        space,
        contextSize,
        make: () => createModel(family, { space, contextSize }, hyperparameters) as ExactModel,
        parameterCount: () => familyNamed(family).parameterCount({ space, contextSize }, hyperparameters),
      })),
    ),
);
