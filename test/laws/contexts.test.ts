import { describe, expect, it } from "vitest";
import { arrayFrom, type NDArray } from "../../src/array.ts";
import { makeDataset } from "../../src/data/dataset.ts";
import { binary, categorical, circle, levels, real, type Space, sequence } from "../../src/data/space.ts";
import { modelRows } from "../../src/models/arrays.ts";
import { contextFeatures, contextReader } from "../../src/models/context.ts";
import type { ExactModel } from "../../src/models/contract.ts";
import { FittedExact } from "../../src/models/fitted/exact.ts";
import { createModel } from "../../src/models/registry.ts";
import { Key } from "../../src/random/key.ts";
import { jit } from "../../src/runtime/jit.ts";
import { fit } from "../../src/train/fit.ts";
import { disturbed } from "./exact-models.ts";

/** Every family that takes a context, small. */
const families: readonly (readonly [string, Space, Record<string, unknown>])[] = [
  ["made", binary([5]), { hidden: 6, orders: 2 }],
  ["nade", binary([5]), { hidden: 6, anyOrder: true }],
  ["pixelcnn", binary([2, 3]), { channels: 4, layers: 1 }],
  ["rnn", binary([5]), { units: 5 }],
  ["transformer", binary([5]), { width: 8, heads: 2, layers: 1, anyOrder: true }],
  ["realnvp", real([3]), { couplings: 2, hidden: 6 }],
  ["spline", real([3]), { couplings: 2, hidden: 6, bins: 4 }],
  ["maf", real([3]), { layers: 2, hidden: 6 }],
  ["glow", levels([2, 2], 4), { steps: 2, channels: 4, levels: 1, dequantisation: "variational" }],
  ["lattice-flow", real([2, 2]), { couplings: 2, channels: 4 }],
  ["gauge-flow", circle([2, 4, 4]), { couplings: 2, channels: 4, bins: 4 }],
];

/** Rows of each kind of space, and the numbers that stand for each: by plain loops, as the documentation says. */
const contexts: readonly (readonly [Space, rows: readonly number[][], read: readonly number[][]])[] = [
  [
    categorical([2], 3),
    [
      [0, 2],
      [1, 1],
    ],
    [
      [1, 0, 0, 0, 0, 1],
      [0, 1, 0, 0, 1, 0],
    ],
  ],
  [
    sequence(2, 2),
    [
      [1, 0],
      [1, 2],
    ],
    [
      [0, 1, 0, 1, 0, 0],
      [0, 1, 0, 0, 0, 1],
    ],
  ],
  [binary([3]), [[0, 1, 1]], [[0, 1, 1]]],
  [real([1, 2], [-1, 1]), [[-0.5, 1]], [[-0.5, 1]]],
  [
    circle([2]),
    [[0, -2]],
    // Cosines of both, then sines.
    [[1, Math.cos(-2), 0, Math.sin(-2)]],
  ],
];

const rowsOf = (values: readonly (readonly number[])[]): NDArray<"f32"> =>
  arrayFrom("f32", [values.length, (values[0] as number[]).length], values.flat());

/** The same row of numbers `n` times. */
const repeated = (row: readonly number[], n: number) => rowsOf(Array.from({ length: n }, () => row));

it.each(contexts)("what networks read of contexts in $kind", async (space, rows, read) => {
  expect(contextFeatures({ context: space })).toBe((read[0] as number[]).length);
  const reader = jit((c) => contextReader(space)(c as never) as never);
  const found = (await reader(rowsOf(rows) as never)) as unknown as NDArray<"f32">;
  expect(found.shape).toEqual([rows.length, (read[0] as number[]).length]);
  found.data.forEach((value, i) => {
    expect(value).toBeCloseTo(read.flat()[i] as number, 6);
  });
});

describe.each(families)("%s", (family, space, options) => {
  const n = 4;
  const given = (context: Space) => createModel(family, { space, context }, options) as ExactModel;

  it("given labels is the model that is given them one-hot as real numbers", async () => {
    const [labels, rows, read] = contexts[0] as (typeof contexts)[number];
    const [model, plain] = [given(labels), given(real([6]))];
    const parameters = disturbed(model);
    const [ofLabels, ofNumbers] = [new FittedExact(model, parameters), new FittedExact(plain, parameters)];
    const key = Key.fromSeed(2);
    const drawn = await ofLabels.sample(n, { key, context: repeated(rows[0] as number[], n) });
    const other = await ofNumbers.sample(n, { key, context: repeated(read[0] as number[], n) });
    expect(drawn.x.data).toEqual(other.x.data);
    expect(drawn.logProb).toEqual(other.logProb);
    const scores = await ofLabels.logProb(drawn.x, repeated(rows[1] as number[], n));
    expect(scores).toEqual(await ofNumbers.logProb(drawn.x, repeated(read[1] as number[], n)));
    // The labels matter: those of the other row give other probabilities.
    expect(Math.max(...scores.map((s, i) => Math.abs(s - (drawn.logProb[i] as number))))).toBeGreaterThan(
      1e-3,
    );
    if (model.levelBound) {
      const bound = (fitted: typeof ofLabels, row: readonly number[]) =>
        fitted.levelBound(drawn.x, { draws: 1, key, context: repeated(row, n) });
      expect(await bound(ofLabels, rows[0] as number[])).toEqual(await bound(ofNumbers, read[0] as number[]));
    }
    await ofLabels.release();
    await ofNumbers.release();
  });
});

describe("a context", () => {
  const space = binary([3]);
  const made = (context: Space) => {
    const model = createModel("made", { space, context }, { hidden: 4 });
    return new FittedExact(model, model.init(Key.fromSeed(0)));
  };
  const x = arrayFrom("u8", [2, 3], [0, 1, 1, 1, 0, 0]);

  it("that is a picture may come as one, or as a row of numbers", async () => {
    const fitted = made(real([2, 2]));
    const flat = arrayFrom("f32", [2, 4], [1, 2, 3, 4, 5, 6, 7, 8]);
    const picture = { ...flat, shape: [2, 2, 2] };
    expect(await fitted.logProb(x, picture)).toEqual(await fitted.logProb(x, flat));
  });

  it.each([
    [undefined, "this made is conditional: it needs a context of 1 value per row (--context)"],
    [rowsOf([[1]]), "the context has shape [1,1]; expected [2, 1]"],
    [
      rowsOf([
        [1, 0],
        [0, 1],
      ]),
      "the context has shape [2,2]; expected [2, 1]",
    ],
    [rowsOf([[2], [3]]), "row 1, column 0 has the value 3; a categorical:3 space holds integers 0 to 2"],
    [rowsOf([[0], [0.5]]), "row 1, column 0 has the value 0.5; a categorical:3 space"],
    [rowsOf([[Number.NaN], [0]]), "row 0, column 0 is NaN"],
  ])("outside its space is refused: %#", async (context, message) => {
    const fitted = made(categorical([1], 3));
    await expect(fitted.logProb(x, context)).rejects.toThrow(message);
    await expect(fitted.sample(2, context ? { context } : {})).rejects.toThrow(message);
  });

  it("of a dataset is real unless something says otherwise, and is checked before a fit", async () => {
    const rows = 40;
    const labels = Array.from({ length: rows }, (_, i) => i % 3);
    const arrays = {
      x: arrayFrom(
        "u8",
        [rows, 3],
        Array.from({ length: 3 * rows }, (_, i) => Number(i % 7 < 3)),
      ),
      context: arrayFrom("i64", [rows], labels),
    };
    const plain = makeDataset({ arrays }, "x.npz");
    expect(plain.contextSpace).toEqual(real([1]));
    const named = makeDataset({ arrays }, "x.npz", { contextSpace: "categorical:3" });
    expect(named.contextSpace).toEqual(categorical([1], 3));
    expect(() => makeDataset({ arrays }, "x.npz", { contextSpace: "binary" })).toThrow(
      "x.npz (context): row 2, column 0 has the value 2; a binary space holds 0 or 1",
    );
    expect(() => makeDataset({ arrays }, "x.npz", { contextSpace: real([2]) })).toThrow(
      "x.npz (context): rows have 1 values; its space, real on 2 sites, has 2",
    );
    const model = createModel("made", { space, context: binary([1]) }, { hidden: 4 });
    await expect(fit(model, plain, { epochs: 1 }).result()).rejects.toThrow(
      "x.npz (context): row 2, column 0 has the value 2; a binary space holds 0 or 1",
    );
    const fitted = await fit(
      createModel("made", { space, context: categorical([1], 3) }, { hidden: 4 }),
      named,
      { epochs: 1, batch: 8 },
    ).result();
    const nll = await fitted.logProb(modelRows(space, named.x, 0, 3) as NDArray, rowsOf([[0], [1], [2]]));
    expect(nll.every(Number.isFinite)).toBe(true);
    await fitted.release();
  });
});
