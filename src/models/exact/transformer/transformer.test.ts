import { expect, test } from "vitest";
import type { NDArray } from "../../../array.ts";
import { binary, categorical, type Space, siteShape, sites } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { jit } from "../../../runtime/jit.ts";
import type { Tensor } from "../../../tensor/index.ts";
import { mapTree } from "../../../tensor/tree.ts";
import { isArray } from "../../arrays.ts";
import type { Symbolic } from "../../contract.ts";
import { FittedExact } from "../../fitted/exact.ts";
import { orderOf } from "../autoregressive/autoregressive.ts";
import { forward } from "./network.ts";
import { checkOptions, sizesOf, type TransformerOptions } from "./options.ts";
import { ordersOf } from "./orders.ts";
import { initial, type TransformerParameters } from "./parameters.ts";
import { quarterTurn, rotations } from "./rotary.ts";
import { makeTransformer } from "./transformer.ts";

/** Parameters far from their initial values. */
function disturbed(space: Space, options: TransformerOptions, by = 0.4): TransformerParameters {
  const h = checkOptions({ space }, options);
  let i = 0;
  return mapTree(
    initial(Key.fromSeed(1), h, sizesOf(space, h), space.kind === "binary", 0),
    isArray,
    (array) => {
      const noise = normal(Key.fromSeed(2).fold(i++), array.data.length, "f32");
      return { ...array, data: array.data.map((v, j) => v + by * (noise[j] as number)) };
    },
  ) as TransformerParameters;
}

test.each([
  ["learned", binary([9])],
  ["learned", categorical([9], 5)],
  ["rotary", categorical([3, 3], 4)],
  ["both", binary([2, 2, 2])],
] as const)(
  "outputs do not see their own site or later ones: %s positions on %o",
  async (positions, space) => {
    const options = { layers: 2, width: 15, heads: 3, positions };
    const h = checkOptions({ space }, options);
    const sizes = sizesOf(space, h);
    const net = { space, sizes, activation: h.activation, rotary: positions !== "learned" };
    const n = sites(space);
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    const f = jit((p: Symbolic<TransformerParameters>, x: Tensor) =>
      forward(p, net, x, orderOf(order).sites),
    );
    const p = disturbed(space, options);
    const outputs = async (row: number[]) =>
      (await f(p, { dtype: "i32", shape: [1, n], data: Int32Array.from(row) })) as NDArray<"f32">;
    const row = Array.from({ length: n }, (_, i) => (i * 3) % sizes.states);
    const before = await outputs(row);
    const width = before.data.length / n;
    for (let site = 0; site < n; site++) {
      const after = await outputs(row.with(site, ((row[site] as number) + 1) % sizes.states));
      for (let other = 0; other < n; other++) {
        const at = (a: NDArray<"f32">) => [...a.data.subarray(other * width, (other + 1) * width)];
        if (other <= site) expect(at(after)).toEqual(at(before));
        else expect(at(after)).not.toEqual(at(before));
      }
    }
    await f.release();
  },
);

test.each([
  ["learned", binary([37])],
  ["rotary", categorical([7, 6], 5)],
  ["learned", categorical([16, 2], 300)],
  ["both", categorical([5, 4], 3), true],
  ["learned", binary([4, 5]), true],
] as const)(
  "caches that grow over several stretches give the log-probabilities of full passes: %s on %o",
  async (positions, space, anyOrder?: boolean) => {
    const options = {
      layers: 2,
      width: 8,
      heads: 2,
      positions,
      order: "random",
      anyOrder: anyOrder ?? false,
    } as const;
    const model = new FittedExact(makeTransformer({ space }, options), disturbed(space, options, 0.1));
    const { x, logProb } = await model.sample(50, { key: Key.fromSeed(3) });
    const again = await model.logProb(x);
    logProb.forEach((value, i) => {
      expect(Math.abs(value - (again[i] as number))).toBeLessThan(1e-5 * Math.abs(value));
    });
    // Each stretch has noise of its own: no site of 50 rows repeats the draws of another.
    const n = sites(space);
    const columns = Array.from({ length: n }, (_, i) =>
      Array.from({ length: 50 }, (_, row) => x.data[row * n + i]).join(" "),
    );
    expect(new Set(columns).size).toBe(n);
    await model.release();
  },
);

test("a snake goes from neighbour to neighbour through every site", () => {
  for (const shape of [[7], [3, 4], [2, 3, 4]]) {
    const space = binary(shape);
    const [order] = ordersOf(space, { order: "snake", orders: 1, orderSeed: 0 }) as [Uint32Array];
    expect(new Set(order).size).toBe(sites(space));
    const coordinates = (site: number) => {
      let rest = site;
      return siteShape(space)
        .toReversed()
        .map((size) => {
          const c = rest % size;
          rest = Math.floor(rest / size);
          return c;
        });
    };
    for (let t = 1; t < order.length; t++) {
      const [a, b] = [coordinates(order[t - 1] as number), coordinates(order[t] as number)];
      expect(a.reduce((sum, c, i) => sum + Math.abs(c - (b[i] as number)), 0)).toBe(1);
    }
  }
});

test("hyperparameters that contradict each other are refused, naming them", () => {
  const make = (options: TransformerOptions) => () => makeTransformer({ space: binary([4]) }, options);
  expect(make({ width: 10, heads: 4 })).toThrow("4 heads cannot share a width of 10");
  expect(make({ orders: 2 })).toThrow("needs anyOrder");
  expect(() => makeTransformer({ space: { kind: "circle", shape: [3] } })).toThrow(
    "transformer models binary and categorical spaces",
  );
});

test.each([4, 5])("a turned product of heads of width %i depends on the displacement alone", (width) => {
  const [heads, space] = [2, binary([5, 6])];
  const { cos, sin } = rotations(space, width, "f64");
  const quarter = quarterTurn(heads, width, "f64").data;
  const size = heads * width;
  const [q, k] = [3, 7].map((m) => Array.from({ length: size }, (_, i) => Math.sin(m * i + 1)));
  const turn = (x: number[], site: number) =>
    x.map((v, i) => {
      const xr = x.reduce((sum, u, j) => sum + u * (quarter[j * size + i] as number), 0);
      const at = site * width + (i % width);
      return v * (cos.data[at] as number) + xr * (sin.data[at] as number);
    });
  const product = (head: number, a: number, b: number) => {
    const [x, y] = [turn(q as number[], a), turn(k as number[], b)];
    return x.reduce((sum, v, i) => sum + (Math.floor(i / width) === head ? v * (y[i] as number) : 0), 0);
  };
  const site = (row: number, column: number) => 6 * row + column;
  for (const head of [0, 1]) {
    // Shifted by two rows and three columns; then another displacement of the same length.
    const first = product(head, site(0, 2), site(1, 1));
    expect(product(head, site(2, 5), site(3, 4))).toBeCloseTo(first, 12);
    expect(product(head, site(0, 2), site(1, 3))).not.toBeCloseTo(first, 3);
  }
});
