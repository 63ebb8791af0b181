import { expect, test } from "vitest";
import type { NDArray } from "../array.ts";
import { binary, categorical, real } from "../data/space.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { Program } from "../runtime/program.ts";
import { mapTree } from "../tensor/tree.ts";
import { isArray } from "./arrays.ts";
import type { ExactModel, Parameters } from "./contract.ts";
import { type MadeOptions, makeMade } from "./exact/made/made.ts";
import { makeNade, type NadeOptions } from "./exact/nade/nade.ts";
import { fitted } from "./fitted/fitted.ts";
import { traceSampler } from "./graphs.ts";

/** Parameters as large as trained ones; what is masked stays zero. */
function trained(model: ExactModel): Parameters {
  const key = Key.fromSeed(7);
  let i = 0;
  return mapTree(model.init(key), isArray, (a, path) => {
    const noise = normal(key.fold(i++), a.data.length, "f32");
    const mask = model.masks?.[path];
    return { ...a, data: Float32Array.from(noise, (v, j) => 0.4 * v * (mask?.[j] ?? 1)) };
  }) as Parameters;
}

const made = (shape: number[], options: MadeOptions) =>
  makeMade({ space: binary(shape) }, options) as unknown as ExactModel;

const nade = (shape: number[], options: NadeOptions) =>
  makeNade({ space: binary(shape) }, options) as unknown as ExactModel;

const models: [string, ExactModel][] = [
  ["MADE", made([5, 5], { hidden: 37 })],
  [
    "MADE in blocks, of tanh, without direct links",
    made([21], { hidden: 40, blocks: 3, activation: "tanh", direct: false }),
  ],
  ["MADE in another order, of spins", made([4, 4], { hidden: 30, order: "random", inputs: "spins" })],
  [
    "MADE with symmetries, of spins",
    made([4, 4], { hidden: 30, inputs: "spins", z2: true, symmetry: ["translations"] }),
  ],
  ["NADE in another order", nade([5, 4], { hidden: 33, order: "random" })],
];

test.each(models)("%s draws by the kernel what its graph draws from the same noise", async (_, model) => {
  expect(model.autoregressive?.shallow).toBeDefined();
  const parameters = trained(model);
  const used = fitted(model, parameters);
  const [n, key] = [1500, Key.fromSeed(3)];
  const { x, logProb } = await used.sample(n, { key });
  const graph = await Program.compile(traceSampler(model, parameters));
  const sites = x.data.length / n;
  const row = (a: ArrayLike<number>, at: number) =>
    Array.from({ length: sites }, (_, i) => a[at * sites + i]).join();
  let equal = 0;
  for (const [start, rows] of [
    [0, 1000],
    [1000, 500],
  ] as const) {
    const drawn = await graph.run([], { keys: [key.fold(start / 1000)], batch: rows });
    const [y, l] = drawn as [NDArray<"f32">, NDArray<"f32">];
    for (let r = 0; r < rows; r++) {
      if (row(x.data as Uint8Array, start + r) !== row(y.data, r)) continue;
      equal++;
      expect(Math.abs((logProb[start + r] as number) - (l.data[r] as number))).toBeLessThan(1e-4);
    }
  }
  // Rounding decides where a uniform number is as good as the probability: once in millions.
  expect(equal).toBeGreaterThanOrEqual(n - 2);
  const scores = await used.logProb(x);
  scores.forEach((score, r) => {
    expect(Math.abs((logProb[r] as number) - score)).toBeLessThan(1e-4);
  });
  await graph.release();
  await used.release();
});

test("a temperature acts on the draws, not on their log-probabilities", async () => {
  const model = made([12], { hidden: 20 });
  const used = fitted(model, trained(model));
  const cold = await used.sample(500, { key: Key.fromSeed(1), temperature: 0.2 });
  const warm = await used.sample(500, { key: Key.fromSeed(1) });
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
  expect(mean(cold.logProb)).toBeGreaterThan(mean(warm.logProb) + 1);
  const scores = await used.logProb(cold.x);
  scores.forEach((score, r) => {
    expect(Math.abs(score - (cold.logProb[r] as number))).toBeLessThan(1e-4);
  });
  await used.release();
});

test("what the kernel lacks is left to the graph", () => {
  const without = [
    made([6], { hidden: [8, 8] }),
    made([6], { activation: "gelu" }),
    made([6], { orders: 2 }),
    nade([6], { activation: "sigmoid" }),
    nade([6], { anyOrder: true }),
    nade([6], { hidden: [8, 8] }),
    made([6], { magnetisation: 0 }),
    makeMade({ space: binary([6]), context: real([2]) }, {}),
    makeMade({ space: categorical([6], 3) }, {}),
  ];
  for (const model of without) expect(model.autoregressive?.shallow).toBeUndefined();
});

test("rows do not depend on the threads that draw them", async () => {
  for (const [, model] of [models[0], models[3]] as [string, ExactModel][]) {
    const used = fitted(model, trained(model));
    const draws = async (threads: number) => used.sample(7500, { key: Key.fromSeed(5), threads });
    const [one, three] = [await draws(1), await draws(3)];
    expect(three.x.data).toEqual(one.x.data);
    expect(three.logProb).toEqual(one.logProb);
    await used.release();
  }
});
