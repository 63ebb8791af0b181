import { expect, test } from "vitest";
import { arrayFrom, type NDArray, ndarray } from "../../../array.ts";
import { categorical } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { jit } from "../../../runtime/jit.ts";
import { chiSquaredTest } from "../../../stats/index.ts";
import {
  concat,
  full,
  matmul,
  mean,
  reshape,
  slice,
  sum,
  type Tensor,
  valueAndGrad,
} from "../../../tensor/index.ts";
import type { SymbolicKey } from "../../../tensor/ops/random.ts";
import type { ExactModel, Symbolic } from "../../contract.ts";
import { FittedExact } from "../../fitted/exact.ts";
import { autoregressive } from "./autoregressive.ts";
import type { Walk } from "./conditionals.ts";
import { negativesFor, vocabulary, vocabularyTable } from "./vocabulary.ts";

const [SITES, STATES, WIDTH] = [3, 5, 4];
const space = categorical([SITES], STATES);

type Chain = { readonly table: NDArray<"f32">; readonly mix: NDArray<"f32"> };

/** P(x) = Π P(x_i | x_{i−1}): the features of a site are the embedding of the one before, mixed. */
function chain(negatives: number): ExactModel<Chain> {
  const words = vocabulary<Chain>(space, negatives, (p) => p.table);
  const outputs = (p: Symbolic<Chain>, x: Tensor) => {
    const rows = x.shape[0] as number;
    const before = words.embed(p, slice(x, 1, 0, SITES - 1));
    const all = concat([full([rows, 1, WIDTH], 0.5, before.dtype), before], 1);
    return reshape(matmul(reshape(all, [rows * SITES, WIDTH]), p.mix), [rows, SITES, WIDTH]);
  };
  const walk = (p: Symbolic<Chain>, batch: number): Walk => {
    const start: Walk<Tensor, Tensor[]> = {
      start: full([batch, WIDTH], 0.5, p.mix.dtype),
      steps: [],
      outputs: (state) => matmul(state, p.mix),
      advance: (_, __, value) => words.embed(p, value),
    };
    return start as unknown as Walk;
  };
  return autoregressive<Chain>(
    {
      family: "chain",
      hyperparameters: {},
      space,
      orders: [Uint32Array.from({ length: SITES }, (_, i) => i)],
      anyOrder: false,
      head: words.head,
      init: (key) => ({
        table: vocabularyTable(key.fold(0), STATES, WIDTH),
        mix: ndarray("f32", [WIDTH, WIDTH], normal(key.fold(1), WIDTH * WIDTH, "f32")),
      }),
      outputs,
      walk: (p, _, batch) => walk(p, batch),
      loss: (p, x, key) => mean(sum(words.loss(p, outputs(p, x), x, key), 1)),
      sparse: ["table"],
    },
    { z2: false, symmetry: [], magnetisation: null },
  );
}

const model = chain(8);
const parameters = model.init(Key.fromSeed(1));
parameters.table.data.forEach((v, i) => {
  parameters.table.data[i] = 2 * v + (i % (WIDTH + 1) === WIDTH ? 0.3 * (i % 7) : 0);
});
const all = arrayFrom(
  "i32",
  [STATES ** SITES, SITES],
  Array.from({ length: STATES ** SITES * SITES }, (_, i) => {
    const [row, site] = [Math.floor(i / SITES), i % SITES];
    return Math.floor(row / STATES ** site) % STATES;
  }),
);

test("probabilities sum to 1, and samples follow them with the log-probability of each, p > 1e-4", async () => {
  const fitted = new FittedExact(model, parameters);
  const logProb = await fitted.logProb(all);
  expect(logProb.reduce((s, l) => s + Math.exp(l), 0)).toBeCloseTo(1, 5);
  const n = 20_000;
  const draws = await fitted.sample(n, { key: Key.fromSeed(2) });
  await fitted.release();
  const counts = new Float64Array(all.shape[0] as number);
  for (let row = 0; row < n; row++) {
    let index = 0;
    for (let i = SITES - 1; i >= 0; i--) index = index * STATES + Number(draws.x.data[row * SITES + i]);
    (counts[index] as number)++;
    expect(Math.abs((draws.logProb[row] as number) - (logProb[index] as number))).toBeLessThan(1e-5);
  }
  const { pValue } = chiSquaredTest(
    counts,
    logProb.map((l) => n * Math.exp(l)),
  );
  expect(pValue).toBeGreaterThan(1e-4);
});

test("with many drawn states the loss is −log P, and its gradient reaches every parameter", async () => {
  const rows = arrayFrom("i32", [4, SITES], all.data.subarray(60 * SITES, 64 * SITES));
  const many = chain(200_000);
  const f = jit((p: Symbolic<Chain>, x: Tensor, key: SymbolicKey) => valueAndGrad(many.loss)(p, x, key));
  const { value, gradient } = (await f(parameters as never, rows, Key.fromSeed(3) as never)) as unknown as {
    value: NDArray<"f32">;
    gradient: Chain;
  };
  await f.release();
  const fitted = new FittedExact(model, parameters);
  const exact = await fitted.logProb(rows);
  await fitted.release();
  // 200,000 draws determine each normaliser within a percent.
  expect(Math.abs((value.data[0] as number) + exact.reduce((s, l) => s + l, 0) / 4)).toBeLessThan(0.02);
  expect(gradient.table.data.every((v) => v !== 0)).toBe(true);
  expect(gradient.mix.data.every((v) => v !== 0)).toBe(true);
});

test("states are sampled above 5,000 of them, where not said otherwise", () => {
  expect(negativesFor(categorical([2], 5000), null)).toBe(0);
  expect(negativesFor(categorical([2], 5001), null)).toBe(1024);
  expect(negativesFor(categorical([2], 1_000_000), 0)).toBe(0);
  expect(() => negativesFor({ kind: "binary", shape: [2] }, 5)).toThrow(/categorical/);
});
