import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../../array.ts";
import { Key } from "../../../../random/key.ts";
import { normal } from "../../../../random/normal.ts";
import { jit } from "../../../../runtime/jit.ts";
import { chiSquaredTest, sum } from "../../../../stats/index.ts";
import type { SymbolicKey, Tensor } from "../../../../tensor/index.ts";
import { bernoulli } from "./bernoulli.ts";
import { categorical } from "./categorical.ts";
import { gaussian } from "./gaussian.ts";
import type { Likelihood } from "./likelihood.ts";
import { logisticMixture } from "./logistic-mixture.ts";
import { vonMises } from "./von-mises.ts";

const SITES = 3;

/** One likelihood, and the values a site may take: states, or the middles of narrow cells of real numbers. */
interface Case {
  readonly likelihood: Likelihood<never>;
  readonly values: readonly number[];
  /** Width of a cell; 1 where values are states. */
  readonly cell: number;
  readonly dtype: "f64" | "i32";
  /** How far the decoder's numbers lie apart. */
  readonly spread?: number;
  /** The cell of a drawn value. */
  readonly cellOf?: (value: number) => number;
  /** How closely probabilities sum to 1. */
  readonly within?: number;
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const cells = (low: number, high: number, n: number) => ({
  values: range(n).map((i) => low + ((i + 0.5) * (high - low)) / n),
  cell: (high - low) / n,
});
const levels = (count: number) => ({
  values: range(count).map((k) => k + 0.3),
  cell: 1,
  dtype: "f64" as const,
  cellOf: Math.floor,
});

const cases: readonly (readonly [name: string, Case])[] = [
  ["bernoulli", { likelihood: bernoulli as never, values: [0, 1], cell: 1, dtype: "f64" }],
  ["categorical", { likelihood: categorical(4) as never, values: range(4), cell: 1, dtype: "i32" }],
  [
    "gaussian, one deviation",
    { likelihood: gaussian(SITES, "shared") as never, ...cells(-14, 14, 2000), dtype: "f64" },
  ],
  [
    "gaussian, one a site",
    { likelihood: gaussian(SITES, "site") as never, ...cells(-14, 14, 2000), dtype: "f64" },
  ],
  [
    "gaussian, functions of z",
    { likelihood: gaussian(SITES, "latent") as never, ...cells(-25, 25, 4000), dtype: "f64" },
  ],
  ["logistic, two levels", { likelihood: logisticMixture(2, 1) as never, ...levels(2) }],
  ["logistic, 16 levels", { likelihood: logisticMixture(16, 3) as never, ...levels(16) }],
  [
    "logistic, 256 narrow levels",
    { likelihood: logisticMixture(256, 2) as never, ...levels(256), spread: 4 },
  ],
  // log I₀ is known to 2 · 10⁻⁷.
  [
    "von Mises",
    { likelihood: vonMises as never, ...cells(-Math.PI, Math.PI, 400), dtype: "f64", within: 1e-6 },
  ],
  [
    "von Mises, narrow",
    {
      likelihood: vonMises as never,
      ...cells(-Math.PI, Math.PI, 4000),
      dtype: "f64",
      spread: 40,
      within: 1e-6,
    },
  ],
  [
    "von Mises, wide",
    {
      likelihood: vonMises as never,
      ...cells(-Math.PI, Math.PI, 200),
      dtype: "f64",
      spread: 0.01,
      within: 1e-6,
    },
  ],
];

const floats = (seed: number, shape: readonly number[], scale: number) => {
  const noise = normal(
    Key.fromSeed(seed),
    shape.reduce((a, b) => a * b),
    "f32",
  );
  return arrayFrom(
    "f64",
    shape,
    Array.from(noise, (v) => scale * v),
  );
};

/** The likelihood's own parameters, away from what they start at. */
const parametersOf = (likelihood: Likelihood<never>) =>
  Object.fromEntries(
    Object.entries(likelihood.init() as Record<string, NDArray<"f32">>).map(([name, { shape }], i) => [
      name,
      floats(20 + i, shape, 0.3),
    ]),
  ) as never;

describe.each(cases)("%s", (_, { likelihood, values, cell, dtype, spread = 1, within = 1e-9, cellOf }) => {
  const parameters = parametersOf(likelihood);
  const outputs = floats(3, [1, SITES, likelihood.outputs], spread);

  /** P of every value of every site, `[values][sites]`. */
  async function probabilities(): Promise<number[][]> {
    const rows = arrayFrom(
      dtype,
      [values.length, SITES],
      values.flatMap((v) => Array(SITES).fill(v)),
    );
    const every = arrayFrom(
      "f64",
      [values.length, SITES, likelihood.outputs],
      values.flatMap(() => Array.from(outputs.data)),
    );
    const f = jit((p: never, given: Tensor, x: Tensor) => likelihood.logProb(p, given, x));
    const { data } = (await f(parameters, every as never, rows as never)) as unknown as NDArray<"f64">;
    await f.release();
    return values.map((_, v) =>
      range(SITES).map((site) => Math.exp(data[v * SITES + site] as number) * cell),
    );
  }

  test("probabilities sum to 1 at every site", async () => {
    const p = await probabilities();
    for (const site of range(SITES)) {
      const column = p.map((row) => row[site] as number);
      expect(Math.abs(sum(column) - 1)).toBeLessThan(within);
      expect(Math.max(...column)).not.toBe(Math.min(...column));
    }
  });

  test("draws follow them, and the centre is the most probable value or the mean", async () => {
    const p = await probabilities();
    const many = 20_000;
    const every = arrayFrom(
      "f64",
      [many, SITES, likelihood.outputs],
      range(many).flatMap(() => Array.from(outputs.data)),
    );
    const f = jit((q: never, given: Tensor, key: SymbolicKey) => [
      likelihood.draw(q, given, key),
      likelihood.centre(q, given),
    ]);
    const [drawn, centre] = (await f(
      parameters,
      every as never,
      Key.fromSeed(9) as never,
    )) as unknown as NDArray[];
    await f.release();
    const low = (values[0] as number) - cell / 2;
    const at =
      cellOf ?? ((v: number) => Math.min(values.length - 1, Math.max(0, Math.floor((v - low) / cell))));
    for (const site of range(SITES)) {
      const counts = new Float64Array(values.length);
      for (let row = 0; row < many; row++) (counts[at(Number(drawn?.data[row * SITES + site]))] as number)++;
      const expected = p.map((row) => many * (row[site] as number));
      expect(chiSquaredTest(...merged(counts, expected)).pValue).toBeGreaterThan(1e-4);
    }
    const at0 = range(SITES).map((site) => Number(centre?.data[site]));
    for (const [site, value] of at0.entries()) {
      const column = p.map((row) => row[site] as number);
      if (
        likelihood.name === "bernoulli" ||
        likelihood.name === "categorical" ||
        likelihood.name === "von-mises"
      )
        // Angles have their most probable value in the middle.
        expect(column[at(value)]).toBeCloseTo(Math.max(...column), likelihood.name === "von-mises" ? 3 : 10);
      if (likelihood.name === "gaussian")
        expect(value).toBeCloseTo(sum(column.map((q, v) => q * (values[v] as number))), 5);
    }
  });
});

/** Cells joined until 10 draws or more are expected in each. */
function merged(counts: Float64Array, expected: readonly number[]): [Float64Array, Float64Array] {
  const [some, means]: [number[], number[]] = [[], []];
  let [count, mean] = [0, 0];
  for (const [i, own] of expected.entries()) {
    count += counts[i] as number;
    mean += own;
    if (mean < 10) continue;
    some.push(count);
    means.push(mean);
    [count, mean] = [0, 0];
  }
  (some[some.length - 1] as number) += count;
  (means[means.length - 1] as number) += mean;
  // What lies beyond all cells is of the order of rounding.
  const scale = sum(some) / sum(means);
  return [Float64Array.from(some), Float64Array.from(means, (m) => scale * m)];
}
