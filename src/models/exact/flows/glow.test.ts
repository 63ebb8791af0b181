import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray, ndarray } from "../../../array.ts";
import { makeDataset, splitRows } from "../../../data/dataset.ts";
import { categorical, real } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { independentMean } from "../../../stats/index.ts";
import { leavesWithPaths, mapTree } from "../../../tensor/tree.ts";
import { fit } from "../../../train/fit.ts";
import { isArray } from "../../arrays.ts";
import type { ExactModel } from "../../contract.ts";
import { FittedExact } from "../../fitted/exact.ts";
import { glow, makeGlow } from "./glow.ts";

const disturbed = ({ init, masks = {} }: ExactModel, size: number) => {
  let i = 0;
  return mapTree(init(Key.fromSeed(1)), isArray, (array, path) => {
    const z = normal(Key.fromSeed(7).fold(i++), array.data.length, "f32");
    const data = array.data.map((v, j) => v + size * (z[j] as number) * (masks[path]?.[j] ?? 1));
    return { ...array, data };
  }) as never;
};

describe("glow", () => {
  test.each([
    ["anywhere", real([4, 8, 3]), 0.05],
    // So close to the ends that single precision has no digits left, x does not tell z.
    ["inside bounds", real([4, 8, 3], [0, 2]), 0.02],
  ])(
    "samples %s have the log-probability that logProb gives, row by row, given contexts",
    async (_, space, size) => {
      const model = makeGlow({ space, context: real([2]) }, { steps: 2, channels: 8, padding: "periodic" });
      const fitted = new FittedExact(model, disturbed(model as ExactModel, size));
      const context = arrayFrom(
        "f32",
        [50, 2],
        Array.from({ length: 100 }, (_, i) => Math.sin(i)),
      );
      const { x, logProb } = await fitted.sample(50, { key: Key.fromSeed(2), context });
      expect(x.shape).toEqual([50, 4, 8, 3]);
      const [low, high] = space.bounds ?? [-Infinity, Infinity];
      expect([...(x as NDArray<"f32">).data].every((v) => v >= low && v <= high)).toBe(true);
      const again = await fitted.logProb(x, context);
      logProb.forEach((l, row) => {
        expect(Math.abs(l - (again[row] as number)) / Math.abs(l)).toBeLessThan(2e-5);
      });
      // A row depends on no other, and on its own context.
      const n = 96;
      const one = ndarray("f32", [1, 4, 8, 3], (x as NDArray<"f32">).data.slice(7 * n, 8 * n));
      const own = ndarray("f32", [1, 2], context.data.slice(14, 16));
      const [alone] = await fitted.logProb(one, own);
      expect(Math.abs((alone as number) - (again[7] as number))).toBeLessThan(1e-3);
      const [other] = await fitted.logProb(one, arrayFrom("f32", [1, 2], [3, -3]));
      expect(Math.abs((other as number) - (again[7] as number))).toBeGreaterThan(0.05);
      await fitted.release();
    },
  );

  test("fresh parameters are a normal distribution of moved pixels", async () => {
    const model = makeGlow({ space: real([4, 4]) });
    const fitted = new FittedExact(model, model.init(Key.fromSeed(3)));
    const x = normal(Key.fromSeed(4), 5 * 16, "f32");
    const logProb = await fitted.logProb(ndarray("f32", [5, 4, 4], x));
    await fitted.release();
    logProb.forEach((l, row) => {
      let exact = -8 * Math.log(2 * Math.PI);
      for (let i = 0; i < 16; i++) exact -= 0.5 * (x[16 * row + i] as number) ** 2;
      expect(Math.abs(l - exact)).toBeLessThan(1e-4);
    });
  });

  test("the estimate of the number of parameters is exact", () => {
    for (const [shape, options] of [
      [[8, 8], {}],
      [[4, 8, 3], { blocks: 2, steps: 3, kernel: 5, channels: 7 }],
      [[16, 16, 1], { levels: 1, steps: 1 }],
    ] as const) {
      const domain = { space: real(shape), context: real([3]) };
      const parameters = leavesWithPaths(makeGlow(domain, options).init(Key.fromSeed(0)), isArray);
      const count = parameters.reduce((sum, [, { data }]) => sum + data.length, 0);
      expect(glow.parameterCount(domain, options)).toBe(count);
    }
  });

  test("takes as many levels as the sides allow, and says which sides it cannot take", () => {
    const made = (shape: readonly number[], options = {}) => makeGlow({ space: real(shape) }, options);
    expect(made([28, 28]).hyperparameters.levels).toBe(2);
    expect(made([32, 64, 3]).hyperparameters.levels).toBe(3);
    expect(() => made([7, 8])).toThrow("glow halves both sides at each level, and 7x8 has an odd one");
    expect(() => made([28, 28], { levels: 3 })).toThrow(
      "those of 28x28 cannot be halved 3 times; take levels=2",
    );
    expect(() => made([8])).toThrow("glow takes images, of shape height x width");
    expect(() => made([4, 4], { padding: "periodic", kernel: 5 })).toThrow(
      "is larger than the 1x1 sites left",
    );
    expect(() => makeGlow({ space: categorical([4, 4], 3) })).toThrow("not a categorical space");
  });

  test("learns a correlated field to a KL divergence of 0.02 nats a site", async () => {
    // φ = ε + a (ε of the four neighbours), on a torus: the map is diagonal in Fourier space.
    const [side, a, rows] = [4, 0.2, 6000];
    const n = side * side;
    const e = normal(Key.fromSeed(11), rows * n, "f64");
    const data = Float32Array.from({ length: rows * n }, (_, i) => {
      const [start, row, column] = [i - (i % n), Math.floor((i % n) / side), i % side];
      const at = (r: number, c: number) =>
        e[start + ((r + side) % side) * side + ((c + side) % side)] as number;
      const near = at(row + 1, column) + at(row - 1, column) + at(row, column + 1) + at(row, column - 1);
      return 5 + 3 * (at(row, column) + a * near);
    });
    let logDet = n * Math.log(3);
    for (let i = 0; i < side; i++)
      for (let j = 0; j < side; j++) {
        const [p, q] = [(2 * Math.PI * i) / side, (2 * Math.PI * j) / side];
        logDet += Math.log(Math.abs(1 + 2 * a * (Math.cos(p) + Math.cos(q))));
      }
    const exact = (row: number) => {
      const squares = e.subarray(row * n, (row + 1) * n).reduce((sum, v) => sum + v * v, 0);
      return -0.5 * (squares + n * Math.log(2 * Math.PI)) - logDet;
    };
    const x = ndarray("f32", [rows, side, side], data);
    const dataset = makeDataset({ arrays: { x } }, "field", { space: "real" });
    const model = makeGlow({ space: dataset.space }, { steps: 4, channels: 16, padding: "periodic" });
    const fitted = await fit(model, dataset, { epochs: 20, lr: 0.005, seed: 1 }).result();
    const logProb = await fitted.logProb(splitRows(dataset, "test"));
    await fitted.release();
    const kl = independentMean(
      Float64Array.from(dataset.splits.test, (row, i) => exact(row) - (logProb[i] as number)),
    );
    expect(kl.value / n).toBeLessThan(0.02);
    expect(kl.value).toBeGreaterThan(-3 * kl.error);
  }, 120_000);
});
