import { expect, test } from "vitest";
import { ndarray } from "../../src/array.ts";
import { makeDataset } from "../../src/data/index.ts";
import { real } from "../../src/data/space.ts";
import { isArray } from "../../src/models/arrays.ts";
import { adversarialCost } from "../../src/models/implicit/gan/losses.ts";
import { createModel, fitted, type GanParameters } from "../../src/models/index.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { jit } from "../../src/runtime/jit.ts";
import { add, grad, matmul, mul, reshape, sub, type Tensor, tanh } from "../../src/tensor/index.ts";
import { leavesWithPaths, mapTree } from "../../src/tensor/tree.ts";
import { fit, type TrainHooks } from "../../src/train/index.ts";

const rows = 400;
const dataset = () =>
  makeDataset(
    {
      arrays: {
        x: ndarray(
          "f32",
          [rows, 2],
          normal(Key.fromSeed(1), 2 * rows, "f32").map((v, i) => v * (1 + (i % 2))),
        ),
      },
    },
    "rows",
    { space: "real" },
  );

test("asking a gan for a likelihood does not compile", () => {
  const model = createModel("gan", real([2]), { hidden: 4 });
  const own = fitted(model, model.init(Key.fromSeed(1)));
  // @ts-expect-error: samples alone have no log-probability
  expect(own.logProb).toBeUndefined();
  // @ts-expect-error: nor a bound
  expect(own.bound).toBeUndefined();
});

const games = [
  { spectral: true, r1Every: 3 },
  { loss: "wgan-gp", updates: 2 },
] as const;

test.each(games)(
  "a game that is stopped and goes on ends with the bits of one that never was: %o",
  async (h) => {
    const model = () => createModel("gan", real([2]), { hidden: 8, ...h });
    const options = { epochs: 4, batch: 32, schedule: "cosine", average: 0.9, seed: 3 } as const;
    const numbers = ({ parameters }: { readonly parameters: GanParameters }) =>
      leavesWithPaths(parameters, isArray).flatMap(([, { data }]) => [...(data as Float32Array)]);
    const whole = await fit(model(), dataset(), options).result();
    const stop = new AbortController();
    let kept: Uint8Array | undefined;
    const hooks: TrainHooks = {
      signal: stop.signal,
      async saveCheckpoint(bytes, { round }) {
        kept = bytes.slice();
        if (round === 2) stop.abort();
      },
    };
    await expect(fit(model(), dataset(), options, hooks).result()).rejects.toThrow("stopped at step");
    const resumed = await fit(model(), dataset(), options, { resume: kept }).result();
    expect(numbers(resumed)).toEqual(numbers(whole));
  },
);

test("a discriminator alone, at its best, is the exact logarithm of the density ratio of enumerable data", async () => {
  const [p, q] = [
    [6, 5, 3, 2],
    [2, 4, 4, 6],
  ] as const;
  // Each of four states, as often as it is probable.
  const statesOf = (counts: readonly number[]) =>
    ndarray(
      "f32",
      [16, 4],
      Float32Array.from(
        counts.flatMap((n, i) => Array(n).fill([0, 1, 2, 3].map((k) => Number(k === i)))).flat(),
      ),
    );
  type Layer = { readonly w: Tensor; readonly b: Tensor; readonly v: Tensor };
  const scores = ({ w, b, v }: Layer, x: Tensor) =>
    reshape(matmul(tanh(add(matmul(x, w), b)), v), [x.shape[0] as number]);
  const step = jit((layer: Layer, a: Tensor, c: Tensor) => {
    const slope = grad((at: Layer) => adversarialCost(scores(at, a), scores(at, c)))(layer);
    return {
      w: sub(layer.w, mul(slope.w, 0.5)),
      b: sub(layer.b, mul(slope.b, 0.5)),
      v: sub(layer.v, mul(slope.v, 0.5)),
    };
  });
  const drawn = (seed: number, shape: readonly number[]) =>
    ndarray(
      "f32",
      shape,
      normal(
        Key.fromSeed(seed),
        shape.reduce((s, n) => s * n, 1),
        "f32",
      ),
    );
  const [real16, fake16] = [statesOf(p), statesOf(q)];
  let layer = { w: drawn(1, [4, 12]), b: ndarray("f32", [12]), v: drawn(2, [12, 1]) };
  for (let k = 0; k < 1200; k++) layer = (await step(layer, real16, fake16)) as typeof layer;
  const all = jit((at: Layer, x: Tensor) => scores(at, x));
  const found = await all(
    layer,
    ndarray(
      "f32",
      [4, 4],
      Float32Array.from([0, 5, 10, 15].reduce((s, i) => s.fill(1, i, i + 1), new Float32Array(16))),
    ),
  );
  await step.release();
  await all.release();
  for (const [i, n] of p.entries())
    expect(Number(found.data[i])).toBeCloseTo(Math.log(n / (q[i] as number)), 2);
});

test("a game on two Gaussian columns ends near the data, and its critic gives rows scores", async () => {
  const model = createModel("gan", real([2]), { hidden: 16 });
  const made = await fit(model, dataset(), { epochs: 3, batch: 32, schedule: "cosine", seed: 1 }).result();
  const { x } = await made.sample(100, { seed: 1 });
  const scores = await made.scores(x);
  expect(scores).toHaveLength(100);
  expect(new Set(scores).size).toBeGreaterThan(50);
  await made.release();
  expect(mapTree(made.parameters, isArray, ({ data }) => data.every(Number.isFinite))).toMatchObject({
    generator: { bias: true },
  });
});
