import type { NDArray } from "../../src/array.ts";
import { binary, circle, describe, levels, real } from "../../src/data/space.ts";
import type { Domain, ImplicitModel, Parameters } from "../../src/models/contract.ts";
import type { GanParameters } from "../../src/models/index.ts";
import { createModel, familyNamed } from "../../src/models/registry.ts";
import { convolutionalGiven, denseGiven } from "./gan-loops.ts";
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

/** Numbers cut into rows of `width`. */
const cut = (numbers: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: numbers.length / width }, (_, row) =>
    Array.from({ length: width }, (_, i) => numbers[row * width + i] as number),
  );

/** Rows of a dense generator of so many numbers of a code, of what `row` makes of what the sites of a row are given and its noise. */
const denseRows =
  (
    latent: number,
    row: (given: readonly number[], parameters: Parameters, noise: readonly number[]) => number[],
    width = 0,
  ): Case["rowsOf"] =>
  (parameters, noise, context) => {
    const rows = noise.length / (latent + width);
    const codes = cut(Array.from(noise).slice(0, rows * latent), latent);
    const own = width > 0 ? cut(Array.from(noise).slice(rows * latent), width) : [];
    return denseGiven(parameters, codes, context).map((given, i) => row(given, parameters, own[i] ?? []));
  };

/** Real numbers in the units of the data. */
const inUnits = (given: readonly number[], parameters: Parameters): number[] => {
  const { shift, logScale } = (parameters as unknown as GanParameters).units as Record<
    string,
    NDArray<"f32">
  >;
  const of = (array: NDArray<"f32"> | undefined, i: number) => array?.data[i % array.data.length] as number;
  return given.map((v, i) => of(shift, i) + Math.exp(of(logScale, i)) * v);
};

/** Pairs of numbers as the angles of vectors. */
const angles = (given: readonly number[]) =>
  Array.from({ length: given.length / 2 }, (_, i) =>
    Math.atan2(given[2 * i + 1] as number, given[2 * i] as number),
  );

/** Families and the hyperparameters that change what they compute: a new family is its lines here. */
const families: readonly (readonly [
  family: string,
  hyperparameters: Record<string, unknown>,
  domains: readonly Domain[],
  rowsOf: Case["rowsOf"],
])[] = [
  ["noise-network", { noise: 3, hidden: 6 }, [domainOf(real([2, 2])), domainOf(real([2]), 2)], rowsOfNoise],
  ["noise-network", { training: "critic" }, [domainOf(real([2]))], rowsOfNoise],
  [
    "gan",
    { latent: 3, hidden: [16, 12] },
    [domainOf(real([2, 2])), domainOf(real([3]), 2)],
    denseRows(3, inUnits),
  ],
  ["gan", { latent: 3, hidden: 4 }, [domainOf(circle([2]))], denseRows(3, angles)],
  [
    ...(["gan", { latent: 2, hidden: 4 }, [domainOf(real([2], [-1, 3]))]] as const),
    denseRows(2, (given) => given.map((v) => 2 * Math.tanh(v) + 1)),
  ],
  [
    ...(["gan", { latent: 2, hidden: 4 }, [domainOf(levels([3], 4))]] as const),
    denseRows(2, (given) => given.map((v) => Math.floor(2 * (Math.tanh(v) + 1)) + 0.5)),
  ],
  [
    ...(["gan", { latent: 2, hidden: 4 }, [domainOf(binary([3]))]] as const),
    denseRows(
      2,
      (given, _, u) =>
        given.map((v, i) => Number(v + Math.log((u[i] as number) / (1 - (u[i] as number))) > 0)),
      3,
    ),
  ],
  [
    ...(["gan", { latent: 2, network: "convolutional", padding: "periodic", channels: [2, 3] }] as const),
    [domainOf(real([4, 4]))],
    (parameters, noise) =>
      convolutionalGiven(parameters, cut(noise, 2 + 4 + 16), 2, [
        [2, 2],
        [4, 4],
      ]).map((given) => inUnits(given, parameters)),
  ],
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
