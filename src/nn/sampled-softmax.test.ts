import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../array.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { jit } from "../runtime/jit.ts";
import { chiSquaredTest, independentMean, jointTest } from "../stats/index.ts";
import {
  exp,
  matmul,
  mean,
  neg,
  type SymbolicKey,
  scatterAdd,
  type Tensor,
  transpose,
  valueAndGrad,
} from "../tensor/index.ts";
import { categoricalLogProb } from "./likelihood.ts";
import { logUniformStates, sampledSoftmaxLoss } from "./sampled-softmax.ts";

const [ROWS, WIDTH, STATES] = [6, 3, 30];
const draws = (shape: number[], seed: number) =>
  arrayFrom(
    "f64",
    shape,
    normal(
      Key.fromSeed(seed),
      shape.reduce((a, b) => a * b, 1),
      "f64",
    ),
  );
const features = draws([ROWS, WIDTH], 1);
const table = draws([STATES, WIDTH], 2);
const targets = arrayFrom("i32", [ROWS], [0, 0, 1, 5, 17, 29]);

const full = (h: Tensor, t: Tensor, x: Tensor) => neg(categoricalLogProb(matmul(h, transpose(t)), x));

test("states are drawn by the log-uniform law, whose expected counts come with them, p > 1e-4", async () => {
  const count = 50_000;
  const f = jit((key: SymbolicKey) => logUniformStates(key, STATES, count));
  const { ids, logExpected } = (await f(Key.fromSeed(3) as never)) as unknown as {
    ids: NDArray<"i32">;
    logExpected: NDArray<"f64">;
  };
  await f.release();
  const law = (k: number) => (count * Math.log((k + 2) / (k + 1))) / Math.log(STATES + 1);
  const counts = new Float64Array(STATES);
  ids.data.forEach((k, i) => {
    (counts[k] as number)++;
    expect(Math.abs((logExpected.data[i] as number) - Math.log(law(k)))).toBeLessThan(1e-12);
  });
  expect(
    chiSquaredTest(
      counts,
      counts.map((_, k) => law(k)),
    ).pValue,
  ).toBeGreaterThan(1e-4);
});

test("of a million states the rare half is drawn as often as the law says, within 4 standard errors", async () => {
  const [states, count] = [1_000_000, 100_000];
  const f = jit((key: SymbolicKey) => logUniformStates(key, states, count).ids);
  const { data } = (await f(Key.fromSeed(4) as never)) as unknown as NDArray<"i32">;
  await f.release();
  expect(data.every((k) => k >= 0 && k < states)).toBe(true);
  const rare = data.filter((k) => k >= states / 2);
  const p = Math.log((states + 1) / (states / 2 + 1)) / Math.log(states + 1);
  expect(Math.abs(rare.length - count * p)).toBeLessThan(4 * Math.sqrt(count * p * (1 - p)));
  // Single precision would leave holes: here odd and even states are drawn alike.
  const odd = rare.filter((k) => k % 2 === 1).length;
  expect(Math.abs(odd - rare.length / 2)).toBeLessThan(4 * Math.sqrt(rare.length / 4));
});

test("the normaliser has no bias: the mean over 2,000 keys is that of all states, p > 1e-4", async () => {
  const samples = 8;
  const f = jit((h: Tensor, t: Tensor, x: Tensor, key: SymbolicKey) =>
    exp(sampledSoftmaxLoss(h, t, x, key, samples)),
  );
  const exact = jit((h: Tensor, t: Tensor, x: Tensor) => exp(full(h, t, x)));
  const expected = (await exact(features, table, targets)) as NDArray<"f64">;
  const found = Array.from({ length: ROWS }, () => [] as number[]);
  for (let i = 0; i < 2000; i++) {
    const { data } = (await f(features, table, targets, Key.fromSeed(i) as never)) as NDArray<"f64">;
    found.forEach((list, row) => {
      list.push(data[row] as number);
    });
  }
  await f.release();
  await exact.release();
  const sigmas = found.map((list, row) => {
    const { value, error } = independentMean(Float64Array.from(list));
    return (value - (expected.data[row] as number)) / error;
  });
  // Rows share their draws: the bound for dependent estimates.
  expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-4);
});

/** Mean gradients of features and table over keys, with their errors. */
async function meanGradient(samples: number, keys: number) {
  const f = jit(
    (p: { h: Tensor; t: Tensor }, x: Tensor, key: SymbolicKey) =>
      valueAndGrad((q: { h: Tensor; t: Tensor }) => mean(sampledSoftmaxLoss(q.h, q.t, x, key, samples)))(p)
        .gradient,
  );
  const size = (ROWS + STATES) * WIDTH;
  const found = Array.from({ length: size }, () => new Float64Array(keys));
  for (let k = 0; k < keys; k++) {
    const g = (await f({ h: features, t: table } as never, targets, Key.fromSeed(k) as never)) as unknown as {
      h: NDArray<"f64">;
      t: NDArray<"f64">;
    };
    [...g.h.data, ...g.t.data].forEach((v, i) => {
      (found[i] as Float64Array)[k] = v;
    });
  }
  await f.release();
  return found.map((values) => independentMean(values));
}

test("the gradient converges to that of the full softmax as samples grow, p > 1e-4", async () => {
  const exact = jit(
    (p: { h: Tensor; t: Tensor }, x: Tensor) =>
      valueAndGrad((q: { h: Tensor; t: Tensor }) => mean(full(q.h, q.t, x)))(p).gradient,
  );
  const g = (await exact({ h: features, t: table } as never, targets)) as unknown as {
    h: NDArray<"f64">;
    t: NDArray<"f64">;
  };
  await exact.release();
  const expected = [...g.h.data, ...g.t.data];
  const distance: number[] = [];
  for (const [samples, keys] of [
    [3, 300],
    [30, 300],
    [20_000, 25],
  ] as const) {
    const found = await meanGradient(samples, keys);
    distance.push(Math.hypot(...found.map(({ value }, i) => value - (expected[i] as number))));
    if (samples < 20_000) continue;
    const sigmas = found.map(({ value, error }, i) => (value - (expected[i] as number)) / error);
    expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-4);
  }
  // The bias falls as one over the samples, well above the noise of 300 keys at 3 samples.
  expect(distance[1] as number).toBeLessThan(0.3 * (distance[0] as number));
  expect(distance[2] as number).toBeLessThan(0.1 * (distance[1] as number));
});

test("the table's gradient is rows: the targets' and the drawn states', which add to the dense one", async () => {
  const loss = (p: { t: Tensor }, h: Tensor, x: Tensor, key: SymbolicKey) =>
    mean(sampledSoftmaxLoss(h, p.t, x, key, 5));
  const f = jit((p: { t: Tensor }, h: Tensor, x: Tensor, key: SymbolicKey) => {
    const dense = valueAndGrad(loss)(p, h, x, key).gradient.t;
    const { ids, rows } = valueAndGrad(loss, { sparse: ["t"] })(p, h, x, key).sparse.t as {
      ids: Tensor;
      rows: Tensor;
    };
    return [dense, scatterAdd(rows, ids, STATES), ids];
  });
  const [dense, summed, ids] = (await f(
    { t: table } as never,
    features,
    targets,
    Key.fromSeed(1) as never,
  )) as NDArray<"f64">[];
  await f.release();
  expect(ids?.data.length).toBe(ROWS + 5);
  dense?.data.forEach((v, i) => {
    expect(Math.abs(v - (summed?.data[i] as number))).toBeLessThan(1e-14);
  });
});
