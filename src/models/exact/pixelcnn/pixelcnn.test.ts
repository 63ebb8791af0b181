import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../array.ts";
import { binary, categorical, real, type Space, siteShape, sites, stateCount } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { jit } from "../../../runtime/jit.ts";
import { sum } from "../../../stats/index.ts";
import type { Tensor } from "../../../tensor/index.ts";
import { mapTree } from "../../../tensor/tree.ts";
import { isArray } from "../../arrays.ts";
import type { Symbolic } from "../../contract.ts";
import { FittedExact } from "../../fitted/exact.ts";
import { forward } from "./network.ts";
import { initialParameters, type PixelcnnParameters } from "./parameters.ts";
import { makePixelcnn, type PixelcnnOptions } from "./pixelcnn.ts";
import { type Plan, planOf, type Sizes } from "./plan.ts";

const sizes: Sizes = {
  channels: 4,
  layers: 5,
  first: 3,
  kernel: 3,
  dilations: [1],
  head: 5,
  activation: "silu",
  padding: "zero",
  gate: "tanh",
  residual: true,
  siteBias: true,
};

function noisy<P>(parameters: P): P {
  const key = Key.fromSeed(3);
  let i = 0;
  return mapTree(parameters as never, isArray, (a) => ({
    ...a,
    data: normal(key.fold(++i), a.data.length, "f32") as Float32Array,
  })) as P;
}

/** Which sites' logits change when site j is given another value: `[j][site]`. */
async function influences(plan: Plan): Promise<boolean[][]> {
  const { space, outputs } = plan;
  const n = sites(space);
  // In double precision, as sums may be rounded in another order for another row.
  const parameters = mapTree(noisy(initialParameters(plan, Key.fromSeed(0))) as never, isArray, (a) =>
    arrayFrom("f64", a.shape, a.data),
  );
  const logits = jit((p: Symbolic<PixelcnnParameters>, x: Tensor) => forward(p, plan, x), { batch: [1] });
  const base = Array.from({ length: n }, (_, i) => (i * i) % 2);
  const rows = [base, ...base.map((_, j) => base.map((v, k) => (k === j ? 1 - v : v)))];
  const x = arrayFrom(space.kind === "binary" ? "f64" : "i32", [rows.length, n], rows.flat());
  const { data } = (await logits(parameters as never, x)) as NDArray<"f64">;
  await logits.release();
  const of = (row: number, site: number) =>
    data.slice((row * n + site) * outputs, (row * n + site + 1) * outputs);
  return base.map((_, j) =>
    base.map((_, site) => of(j + 1, site).some((v, k) => Math.abs(v - (of(0, site)[k] as number)) > 1e-10)),
  );
}

test.each([
  ["a lattice", binary([4, 5]), {}],
  ["a periodic lattice", binary([4, 5]), { padding: "periodic" }],
  ["a row", categorical([9], 3), { layers: 8 }],
  ["a column", binary([6, 1]), {}],
  ["channels of pixels", categorical([3, 3, 2], 3), {}],
  ["many states", categorical([3, 4], 20), { gate: "linear" }],
  ["dilated layers", binary([5, 5]), { dilations: [2, 1], layers: 6 }],
  ["wide kernels", binary([5, 4]), { kernel: 5, first: 7, layers: 3, residual: false }],
] as [string, Space, Partial<Sizes>][])(
  "on %s a site is seen by every later site and by none before: no blind spot",
  async (_, space, changes) => {
    const seen = await influences(planOf(space, 0, { ...sizes, ...changes }));
    seen.forEach((row, j) => {
      row.forEach((changed, site) => {
        expect(changed, `site ${site} sees ${j}`).toBe(site > j);
      });
    });
  },
);

test("one layer reads its window alone, and on a periodic lattice what of it was drawn beyond an edge", async () => {
  const [rows, columns] = [5, 6];
  const reads = async (padding: "zero" | "periodic") => {
    const seen = await influences(planOf(binary([rows, columns]), 0, { ...sizes, layers: 1, padding }));
    return (site: number) => seen.flatMap((row, j) => (row[site] ? [j] : []));
  };
  const at = (row: number, column: number) => row * columns + column;
  const zero = await reads("zero");
  expect(zero(at(2, 2))).toEqual([at(1, 1), at(1, 2), at(1, 3), at(2, 1)]);
  expect(zero(at(4, 5))).toEqual([at(3, 4), at(3, 5), at(4, 4)]);
  const periodic = await reads("periodic");
  // The last column's right neighbour is the first of its row; the last row's neighbours below are the first row.
  expect(periodic(at(2, 5))).toEqual([at(1, 0), at(1, 4), at(1, 5), at(2, 0), at(2, 4)]);
  expect(periodic(at(4, 0))).toEqual([at(0, 0), at(0, 1), at(0, 5), at(3, 0), at(3, 1), at(3, 5)]);
  expect(periodic(at(0, 0))).toEqual([]);
});

const options: PixelcnnOptions = { channels: 4, layers: 2, head: 5 };

test.each([
  ["three channels a pixel", categorical([2, 1, 3], 3)],
  ["a periodic lattice narrower than its window", binary([3, 2])],
  ["one site", binary([1])],
  ["one pixel of two channels", categorical([1, 1, 2], 4)],
  ["a column", categorical([4, 1], 3)],
] as const)(
  "on %s P sums to 1, and samples have the log-probability that scoring gives",
  async (name, space) => {
    const model = makePixelcnn(
      { space },
      { ...options, padding: name.includes("periodic") ? "periodic" : "zero" },
    );
    const [n, k] = [sites(space), stateCount(space) as number];
    const fitted = new FittedExact(model, noisy(model.init(Key.fromSeed(1))));
    const data = Uint8Array.from(
      { length: k ** n * n },
      (_, i) => Math.floor(Math.floor(i / n) / k ** (i % n)) % k,
    );
    const all = await fitted.logProb({ dtype: "u8", shape: [k ** n, ...siteShape(space)], data });
    expect(sum(all.map(Math.exp))).toBeCloseTo(1, 5);
    const { x, logProb } = await fitted.sample(200, { key: Key.fromSeed(2) });
    const scored = await fitted.logProb(x);
    logProb.forEach((value, i) => {
      expect(Math.abs(value - (scored[i] as number))).toBeLessThan(2e-4);
    });
    await fitted.release();
  },
);

test("256 grey levels of three channels are drawn and scored alike", async () => {
  const model = makePixelcnn({ space: categorical([4, 3, 3], 256) }, { ...options, first: 3 });
  const fitted = new FittedExact(model, model.init(Key.fromSeed(1)));
  const { x, logProb } = await fitted.sample(50, { key: Key.fromSeed(2) });
  const scored = await fitted.logProb(x);
  expect(new Set(Array.from(x.data, Number)).size).toBeGreaterThan(200);
  logProb.forEach((value, i) => {
    expect(Math.abs(value - (scored[i] as number))).toBeLessThan(1e-3);
  });
  await fitted.release();
});

test("spaces and sizes it does not have are refused", () => {
  expect(() => makePixelcnn({ space: real([4]) })).toThrow(/not real ones/);
  expect(() => makePixelcnn({ space: binary([2, 2, 2, 2]) })).toThrow(/one to three axes/);
  expect(() => makePixelcnn({ space: binary([4]) }, { kernel: 4 })).toThrow(/odd/);
});
