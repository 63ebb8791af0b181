import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../array.ts";
import { binary, categorical, real, type Space, sites } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { permutation } from "../../../random/permutation.ts";
import { jit } from "../../../runtime/jit.ts";
import { independentMean } from "../../../stats/index.ts";
import { grad, mul, type SymbolicKey, sum, type Tensor, transpose } from "../../../tensor/index.ts";
import { mapTree } from "../../../tensor/tree.ts";
import { isArray } from "../../arrays.ts";
import type { Symbolic } from "../../contract.ts";
import { orderOf } from "../autoregressive/autoregressive.ts";
import { byPosition, bySite } from "../autoregressive/order.ts";
import { outputsInOrder } from "./blocks.ts";
import { makeNade } from "./nade.ts";
import { begin, encode, inputWeights, type NadeParameters, type NadeShape, sizesOf } from "./network.ts";

const random = (seed: number, shape: readonly number[]) =>
  arrayFrom(
    "f64",
    shape,
    normal(
      Key.fromSeed(seed),
      shape.reduce((a, b) => a * b, 1),
      "f64",
    ) as Float64Array,
  );

/** Random inputs of {@link outputsInOrder}: `rows` of `n` sites of `inputs` numbers, layers of `hidden` units. */
function sequence(n: number, inputs: number, outputs: number, hidden: readonly number[], rows: number) {
  const [first, top] = [hidden[0] as number, hidden.at(-1) as number];
  return {
    start: random(1, [rows, first]),
    x: random(2, [rows, n, inputs]),
    rows: random(3, [n, inputs, first]),
    columns: random(4, [n, top, outputs]),
    layers: hidden.slice(1).map((units, i) => ({
      weight: random(5 + 2 * i, [hidden[i] as number, units]),
      bias: random(6 + 2 * i, [units]),
    })),
  };
}

type Arrays = ReturnType<typeof sequence>;

/** The same outputs by plain loops: every site sums over all sites before it. */
function byLoops({ start, x, rows, columns, layers }: Arrays): Float64Array {
  const [batch, n, inputs] = x.shape as [number, number, number];
  const [, top, outputs] = columns.shape as [number, number, number];
  const first = start.shape[1] as number;
  const y = new Float64Array(batch * n * outputs);
  for (let r = 0; r < batch; r++)
    for (let i = 0; i < n; i++) {
      let h = Array.from({ length: first }, (_, k) => {
        let a = start.data[r * first + k] as number;
        for (let j = 0; j < i * inputs; j++)
          a += (x.data[r * n * inputs + j] as number) * (rows.data[j * first + k] as number);
        return Math.tanh(a);
      });
      for (const { weight, bias } of layers)
        h = [...bias.data].map((b, k) =>
          Math.tanh(h.reduce((a, v, l) => a + v * (weight.data[l * bias.data.length + k] as number), b)),
        );
      for (let o = 0; o < outputs; o++)
        for (let k = 0; k < top; k++)
          (y[(r * n + i) * outputs + o] as number) +=
            (h[k] as number) * (columns.data[(i * top + k) * outputs + o] as number);
    }
  return y;
}

describe.each([
  ["one site", 1, 1, 1, [3]],
  ["less than a block", 5, 1, 1, [4]],
  ["blocks and a part of one", 31, 1, 1, [4]],
  ["bits with a mask, two layers", 16, 2, 1, [4, 3]],
  ["three states, three layers", 9, 3, 3, [3, 4, 2]],
  ["inputs wider than a block", 4, 20, 2, [3]],
] as const)("outputs in blocks: %s", (_, n, inputs, outputs, hidden) => {
  const arrays = sequence(n, inputs, outputs, hidden, 3);

  test("are those of plain loops", async () => {
    const f = jit((s: never) => outputsInOrder(s, "tanh"));
    const y = (await f(arrays as never)) as NDArray<"f64">;
    expect(y.shape).toEqual([3, n, outputs]);
    for (const [i, v] of byLoops(arrays).entries())
      expect(Math.abs((y.data[i] as number) - v)).toBeLessThan(1e-12);
    await f.release();
  });

  test("have the derivatives of central differences, with respect to everything", async () => {
    const weight = random(20, [3, n, outputs]);
    const value = (s: Arrays) =>
      byLoops(s).reduce((total, v, i) => total + v * (weight.data[i] as number), 0);
    const f = jit((s: never, w: Tensor) => grad((t: never) => sum(mul(outputsInOrder(t, "tanh"), w)))(s));
    const gradient = (await f(arrays as never, weight)) as unknown as Arrays;
    let seed = 30;
    mapTree(gradient as never, isArray, (g, path) => {
      const direction = random(seed++, g.shape);
      const moved = (step: number) =>
        mapTree(arrays as never, isArray, (a, other) =>
          other === path
            ? arrayFrom(
                "f64",
                a.shape,
                (a as unknown as NDArray<"f64">).data.map((v, i) => v + step * (direction.data[i] as number)),
              )
            : a,
        ) as unknown as Arrays;
      const numeric = (value(moved(1e-5)) - value(moved(-1e-5))) / 2e-5;
      const analytic = (g as unknown as NDArray<"f64">).data.reduce(
        (t, v, i) => t + v * (direction.data[i] as number),
        0,
      );
      expect(Math.abs(analytic - numeric), path).toBeLessThan(1e-7 * Math.max(1, Math.abs(numeric)));
    });
    await f.release();
  });
});

function disturbed(model: ReturnType<typeof makeNade>, seed: number): NadeParameters {
  let i = 0;
  return mapTree(model.init(Key.fromSeed(seed)), isArray, (a) => ({
    ...a,
    data: normal(Key.fromSeed(seed).fold(++i), a.data.length, "f32") as Float32Array,
  })) as NadeParameters;
}

test.each([
  [binary([31]), false],
  [binary([17]), true],
  [categorical([11], 3), true],
] as [Space, boolean][])(
  "flipping an input changes the outputs of later sites alone, in any order",
  async (space, anyOrder) => {
    const shape: NadeShape = { space, anyOrder, contextSize: 0, hidden: [9], embedding: 0 };
    const n = sites(space);
    const { outputs, logits } = sizesOf(shape);
    const sitesInOrder = permutation(Key.fromSeed(4), n);
    const order = orderOf(sitesInOrder);
    const model = makeNade({ space }, { hidden: 9, anyOrder });
    const f = jit(
      (p: Symbolic<NadeParameters>, x: Tensor) =>
        bySite(
          outputsInOrder(
            {
              start: begin(p, x.shape[0] as number, undefined),
              x: encode(p, shape, byPosition(x, order, 1)),
              rows: byPosition(inputWeights(p, n), order, 0),
              columns: byPosition(columnsOf(p), order, 0),
              layers: p.layers,
            },
            "tanh",
          ),
          order,
          1,
        ),
      { batch: [1] },
    );
    const base = Array.from({ length: n }, (_, i) => (i * 7) % 2);
    const rows = [base, ...base.map((_, j) => base.map((v, k) => (k === j ? 1 - v : v)))];
    const x = arrayFrom(logits === 1 ? "f32" : "i32", [n + 1, n], rows.flat());
    const y = (await f(disturbed(model, 3) as never, x)) as NDArray<"f32">;
    const position = (site: number) => sitesInOrder.indexOf(site);
    for (let j = 0; j < n; j++)
      for (let site = 0; site < n; site++) {
        const at = (row: number) => y.data.slice((row * n + site) * outputs, (row * n + site + 1) * outputs);
        const [flipped, original] = [at(j + 1), at(0)];
        // Rows of one product may differ in their rounding.
        const changed = flipped.some((v, k) => Math.abs(v - (original[k] as number)) > 1e-5);
        expect(changed, `site ${site} sees ${j}`).toBe(position(site) > position(j));
      }
    await f.release();
  },
);

const columnsOf = (p: Symbolic<NadeParameters>) => transpose(p.output.weight, [1, 0, 2]);

test("the estimate over random orders has the mean of −log P over all orders", async () => {
  const space = categorical([4], 3);
  const orders = everyOrder(4);
  const model = makeNade({ space }, { hidden: [6, 5], anyOrder: true, activation: "tanh" });
  const parameters = disturbed(model, 7);
  const row = [2, 0, 1, 1];
  // −log P in every order, by the conditionals that a completion asks for in an order of its own.
  const { autoregressive } = model;
  const inOrder = jit(
    (
      p: Symbolic<NadeParameters>,
      x: Tensor,
      known: Tensor,
      key: SymbolicKey,
      places: Tensor,
      positions: Tensor,
    ) =>
      autoregressive?.complete(p, key, {
        values: x,
        known,
        particles: 1,
        member: 0,
        order: { sites: places, positions },
      }).logWeight as Tensor,
    { batch: [1, 2] },
  );
  let exact = 0;
  for (const order of orders) {
    const positions = order.map((_, site) => order.indexOf(site));
    const logP = (await inOrder(
      parameters as never,
      arrayFrom("i32", [1, 4], row),
      arrayFrom("f32", [1, 4], [1, 1, 1, 1]),
      Key.fromSeed(1),
      arrayFrom("i32", [4], order),
      arrayFrom("i32", [4], positions),
    )) as NDArray<"f32">;
    exact -= (logP.data[0] as number) / orders.length;
  }
  await inOrder.release();

  const estimate = jit(
    (p: Symbolic<NadeParameters>, x: Tensor, key: SymbolicKey) => model.estimate?.(p, x, key) as Tensor,
    { batch: [1] },
  );
  const batches: number[] = [];
  const x = arrayFrom("i32", [500, 4], Array(500).fill(row).flat());
  for (let i = 0; i < 200; i++) {
    const each = (await estimate(parameters as never, x, Key.fromSeed(2).fold(i))) as NDArray<"f32">;
    batches.push(each.data.reduce((a, v) => a + v, 0) / 500);
  }
  await estimate.release();
  // Rows of a batch share how many sites are known; batches are independent. 4 standard errors: p = 6·10⁻⁵.
  const mean = independentMean(batches);
  expect(mean.error).toBeLessThan(0.02);
  expect(Math.abs(mean.value - exact)).toBeLessThan(4 * (mean.error as number));
});

function everyOrder(n: number): number[][] {
  if (n === 0) return [[]];
  return everyOrder(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, i) => [...rest.slice(0, i), n - 1, ...rest.slice(i)]),
  );
}

test("spaces it does not have and hyperparameters out of range are refused", () => {
  expect(() => makeNade({ space: real([4]) })).toThrow(/not real ones/);
  expect(() => makeNade({ space: binary([4]) }, { hidden: 0 })).toThrow(/hidden/);
  expect(() => makeNade({ space: binary([4]) }, { anyOrder: true, inputDropout: 0.1 })).toThrow(
    /inputDropout/,
  );
  expect(() => makeNade({ space: binary([4]) }, { order: "zigzag" as never })).toThrow(/order/);
});
