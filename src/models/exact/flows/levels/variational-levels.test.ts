import { expect, test } from "vitest";
import { arrayFrom, type NDArray, ndarray } from "../../../../array.ts";
import { makeDataset } from "../../../../data/dataset.ts";
import { levels, real } from "../../../../data/space.ts";
import { score } from "../../../../evaluate/score.ts";
import { Key } from "../../../../random/key.ts";
import { normal } from "../../../../random/normal.ts";
import { uniform } from "../../../../random/uniform.ts";
import { jit } from "../../../../runtime/jit.ts";
import { independentMean } from "../../../../stats/index.ts";
import type { SymbolicKey, Tensor } from "../../../../tensor/index.ts";
import { leavesWithPaths } from "../../../../tensor/tree.ts";
import { fit } from "../../../../train/fit.ts";
import { freeze, isArray } from "../../../arrays.ts";
import { FittedExact } from "../../../fitted/exact.ts";
import { convolutional } from "../conditioners/convolutional.ts";
import { glow, makeGlow } from "../glow.ts";
import { affineTransform } from "../transforms/affine-transform.ts";
import { levelNoise } from "./level-noise.ts";

const options = { steps: 2, channels: 8 } as const;

/** Images of 2 × 2 pixels, 0 or 1, of which the upper two are equal and the lower two differ with probability 0.9 each. */
function images(rows: number): NDArray {
  const u = uniform(Key.fromSeed(3), 4 * rows, "f64");
  const data = Uint8Array.from({ length: 4 * rows }, (_, i) => {
    const [a, b, c, d] = u.subarray(4 * Math.floor(i / 4), 4 * Math.floor(i / 4) + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const [first, third] = [Number(a < 0.5), Number(c < 0.5)];
    return [first, b < 0.9 ? first : 1 - first, third, d < 0.9 ? 1 - third : third][i % 4] as number;
  });
  return ndarray("u8", [rows, 2, 2], data);
}

/** 2 ln 2 for two fair coins, and twice the entropy of 0.9. */
const entropy = 2 * Math.LN2 - 2 * (0.9 * Math.log(0.9) + 0.1 * Math.log(0.1));

test("fresh noise is uniform but for 10⁻² nats a number", async () => {
  const conditioner = convolutional({
    ...{ channels: 4, kernel: 3, blocks: 0, activation: "relu", padding: "zero", contextSize: 0 },
  }) as never;
  const noise = levelNoise([1, 4, 4], affineTransform(2), conditioner);
  const rows = 2000;
  const image = ndarray("f32", [rows, 1, 4, 4], normal(Key.fromSeed(1), 16 * rows, "f32"));
  const fresh = freeze(noise.init(Key.fromSeed(2)));
  const draw = jit((key: SymbolicKey, x: Tensor) => noise.draw(fresh as never, x, key));
  const { noise: u, logProb } = (await draw(Key.fromSeed(3) as never, image)) as unknown as {
    noise: NDArray<"f32">;
    logProb: NDArray<"f32">;
  };
  await draw.release();
  const each = independentMean(Float64Array.from(logProb.data, (l) => l / 16));
  expect(each.value).toBeGreaterThan(-4 * each.error);
  expect(each.value).toBeLessThan(0.02 + 4 * each.error);
  const cells = new Float64Array(10);
  for (const v of u.data) (cells[Math.floor(10 * v)] as number)++;
  // A density that differs by 14 % everywhere is 10⁻² nats from uniform; a cell's own error is 2 %.
  for (const n of cells) expect(Math.abs(n / (1.6 * rows) - 1)).toBeLessThan(0.14);
});

test("the fractions of rows do not enter the bound", async () => {
  const space = levels([4, 4], 5);
  const model = makeGlow({ space }, { ...options, dequantisation: "variational" });
  const fitted = new FittedExact(model, model.init(Key.fromSeed(2)));
  const rows = (fraction: number) =>
    ndarray(
      "f32",
      [5, 4, 4],
      Float32Array.from({ length: 80 }, (_, i) => (i % 5) + fraction),
    );
  const at = { key: Key.fromSeed(4), draws: 1 };
  expect(await fitted.levelBound(rows(0.2), at)).toEqual(await fitted.levelBound(rows(0.9), at));
  // Of real numbers the density is another at another place.
  expect(await fitted.logProb(rows(0.2))).not.toEqual(await fitted.logProb(rows(0.9)));
  await fitted.release();
});

test("the bound holds, and learned noise is closer to the entropy than uniform noise", async () => {
  const dataset = makeDataset({ arrays: { x: images(6000) } }, "images", { space: "levels:2" });
  const bounds: Record<string, number> = {};
  for (const dequantisation of ["uniform", "variational"] as const) {
    const model = makeGlow({ space: dataset.space }, { steps: 4, channels: 16, dequantisation });
    const fitted = await fit(model, dataset, { epochs: 30, lr: 0.005, batch: 100, seed: 1 }).result();
    const result = await score(fitted, dataset);
    // Samples are levels of 2 × 2 pixels; how often each comes up is P of it, which the bound may not exceed.
    const { x } = await fitted.sample(20_000, { key: Key.fromSeed(5) });
    const drawn = Array.from(x.data as Float32Array, Math.floor);
    const counts = new Float64Array(16);
    for (let row = 0; row < 20_000; row++)
      (counts[drawn.slice(4 * row, 4 * row + 4).reduce((code, bit) => 2 * code + bit, 0)] as number)++;
    const every = makeDataset(
      {
        arrays: {
          x: arrayFrom(
            "u8",
            [1600, 2, 2],
            Array.from({ length: 6400 }, (_, i) => (((i >> 2) % 16) >> (3 - (i % 4))) & 1),
          ),
        },
      },
      "every",
      { space: "levels:2" },
    );
    const each = await fitted.levelBound(every.x, { key: Key.fromSeed(6), draws: 4 });
    for (let code = 0; code < 16; code++) {
      const own = independentMean(each.filter((_, i) => i % 16 === code));
      const p = (counts[code] as number) / 20_000;
      expect(own.value).toBeLessThan(Math.log(p) + 4 * own.error + 4 / Math.sqrt(20_000 * p));
    }
    await fitted.release();
    bounds[dequantisation] = result.nll.value;
    expect(result.levels?.bitsPerDimension.value).toBeCloseTo(result.nll.value / (4 * Math.LN2), 10);
    expect(result.nll.value).toBeGreaterThan(entropy - 4 * result.nll.error);
  }
  expect(bounds.variational).toBeLessThan((bounds.uniform as number) - 0.02);
  expect(bounds.variational).toBeLessThan(entropy + 0.15);
}, 240_000);

test("counts its parameters, and takes grey levels alone", () => {
  const domain = { space: levels([4, 8, 3], 256), context: real([1]) };
  const h = { ...options, dequantisation: "variational" } as const;
  const parameters = leavesWithPaths(makeGlow(domain, h).init(Key.fromSeed(0)), isArray);
  expect(glow.parameterCount(domain, h)).toBe(parameters.reduce((sum, [, { data }]) => sum + data.length, 0));
  expect(() => makeGlow({ space: real([4, 4], [0, 2]) }, h)).toThrow(
    "variational dequantisation is of grey levels, which a space of levels holds",
  );
});
