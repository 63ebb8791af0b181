import type { NDArray } from "../../src/array.ts";
import { describe, real } from "../../src/data/space.ts";
import type { Domain, ImplicitModel, Parameters } from "../../src/models/contract.ts";
import { createModel, familyNamed } from "../../src/models/registry.ts";
import { contextWidth, domainOf } from "./models/domain.ts";
import type { NoiseNetworkParameters } from "./models/noise-network.ts";
import "./models/register.ts";

/** One implicit model the laws are held against. */
export interface Case {
  readonly name: string;
  readonly domain: Domain;
  readonly make: () => ImplicitModel;
  /** The family's estimate of the number of parameters. */
  readonly parameterCount: () => number;
  /** The rows that noise makes, by plain loops in double precision. */
  readonly rowsOf: (parameters: Parameters, noise: ArrayLike<number>, context?: NDArray<"f32">) => number[][];
}

/** x = z V + tanh(z U + b + c C) W + a. */
function rowsOfNoise(parameters: Parameters, noise: ArrayLike<number>, context?: NDArray<"f32">): number[][] {
  const { generator: g } = parameters as NoiseNetworkParameters;
  const [inputs, n] = g.skip.shape as readonly [number, number];
  const hidden = g.bias.data.length;
  const width = g.context ? (g.context.shape[0] as number) : 0;
  const at = (array: { readonly data: Float32Array }, i: number) => array.data[i] as number;
  return Array.from({ length: noise.length / inputs }, (_, row) => {
    const z = Array.from({ length: inputs }, (_, i) => noise[row * inputs + i] as number);
    const units = Array.from({ length: hidden }, (_, h) => {
      let sum = z.reduce((s, v, i) => s + v * at(g.inner, i * hidden + h), at(g.bias, h));
      for (let k = 0; k < width; k++)
        sum += (context?.data[row * width + k] as number) * (g.context?.data[k * hidden + h] as number);
      return Math.tanh(sum);
    });
    return Array.from({ length: n }, (_, j) => {
      const straight = z.reduce((s, v, i) => s + v * at(g.skip, i * n + j), at(g.offset, j));
      return units.reduce((s, v, h) => s + v * at(g.outer, h * n + j), straight);
    });
  });
}

/** Families and the hyperparameters that change what they compute: a new family is its lines here. */
const families: readonly (readonly [
  family: string,
  hyperparameters: Record<string, unknown>,
  domains: readonly Domain[],
  rowsOf: Case["rowsOf"],
])[] = [
  ["noise-network", { noise: 3, hidden: 6 }, [domainOf(real([2, 2])), domainOf(real([2]), 2)], rowsOfNoise],
  ["noise-network", { training: "critic" }, [domainOf(real([2]))], rowsOfNoise],
];

/** Every family on each of its domains. */
export const cases: readonly Case[] = families.flatMap(([family, hyperparameters, domains, rowsOf]) =>
  domains.map((domain) => ({
    name: `${family} ${JSON.stringify(hyperparameters)}, ${describe(domain.space)}${contextWidth(domain) > 0 ? ", given a context" : ""}`,
    domain,
    make: () => createModel(family, domain, hyperparameters) as ImplicitModel,
    parameterCount: () => familyNamed(family).parameterCount(domain, hyperparameters),
    rowsOf,
  })),
);
