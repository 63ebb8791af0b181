import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../array.ts";
import { binary, categorical, circle, levels, real, type Space, sites } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { Program } from "../../../runtime/program.ts";
import { KEY, Spec, trace } from "../../../runtime/trace.ts";
import { symmetricEigen } from "../../../stats/symmetric-eigen.ts";
import { conv2d, grad, matmul, relu, reshape, sum, type Tensor, tanh } from "../../../tensor/index.ts";
import { createModel } from "../../registry.ts";
import { type Augmentation, augmentations, augmented } from "./augment.ts";
import { adversarialCost } from "./losses.ts";
import { gradientPenalty, r1Penalty } from "./penalties.ts";
import { rowsOf } from "./rows/of-space.ts";
import { largestSingularValue, spectrallyNormalised, spectralState } from "./spectral.ts";

const f64 = (shape: readonly number[], values: ArrayLike<number>) => arrayFrom("f64", shape, values);
const drawn = (seed: number, shape: readonly number[]) =>
  f64(
    shape,
    normal(
      Key.fromSeed(seed),
      shape.reduce((a, b) => a * b, 1),
      "f64",
    ),
  );

/** Runs a function once, over arrays. */
async function once(f: (...args: never[]) => Tensor, args: readonly NDArray<"f64" | "f32">[], keyed = false) {
  const specs = args.map(({ shape, dtype }) => new Spec(shape, dtype));
  const program = await Program.compile(trace(f as never, (keyed ? [KEY, ...specs] : specs) as never));
  const [out] = await program.run(args as never, keyed ? { keys: [Key.fromSeed(3)] } : {});
  await program.release();
  return out as NDArray<"f64">;
}
const scalarOf = async (...at: Parameters<typeof once>) => Number((await once(...at)).data[0]);

describe("costs", () => {
  test("at the best discriminator the minimax cost is log 2 less the Jensen–Shannon divergence", async () => {
    const [p, q] = [
      [4, 2, 1, 1],
      [1, 1, 1, 5],
    ] as const;
    const scores = (counts: readonly number[]) =>
      counts.flatMap((n, i) =>
        Array.from({ length: n }, () => Math.log((p[i] as number) / (q[i] as number))),
      );
    const entropy = (counts: readonly number[], of: number) =>
      -counts.reduce((s, n) => s + (n / of) * Math.log(n / of), 0);
    const mixed = p.map((n, i) => n + (q[i] as number));
    const divergence = entropy(mixed, 16) - (entropy(p, 8) + entropy(q, 8)) / 2;
    const cost = await scalarOf(adversarialCost as never, [f64([8], scores(p)), f64([8], scores(q))]);
    expect(cost).toBeCloseTo(Math.LN2 - divergence, 12);
  });
});

describe("penalties", () => {
  const [real, fake] = [drawn(1, [5, 3]), drawn(2, [5, 3])];
  const weights = f64([3, 1], [2, -1, 0.5]);
  const length = Math.sqrt(4 + 1 + 0.25);
  const scores = (w: Tensor) => (x: Tensor) => reshape(matmul(x, w), [5]);

  test("of a linear critic are exact, row by row", async () => {
    const r1 = (x: Tensor, w: Tensor) => r1Penalty(scores(w), x);
    expect(await scalarOf(r1 as never, [real, weights])).toBeCloseTo(length ** 2 / 2, 12);
    const gp = (key: never, x: Tensor, y: Tensor, w: Tensor) => gradientPenalty(scores(w), x, y, key);
    expect(await scalarOf(gp as never, [real, fake, weights], true)).toBeCloseTo((length - 1) ** 2, 10);
  });

  test("gradients of length 1 in every row give WGAN-GP 0 and R1 ½", async () => {
    const unit = f64(
      [3, 1],
      Array.from(weights.data, (v) => v / length),
    );
    const r1 = (x: Tensor, w: Tensor) => r1Penalty(scores(w), x);
    expect(await scalarOf(r1 as never, [real, unit])).toBeCloseTo(0.5, 12);
    const gp = (key: never, x: Tensor, y: Tensor, w: Tensor) => gradientPenalty(scores(w), x, y, key);
    expect(await scalarOf(gp as never, [real, fake, unit], true)).toBeCloseTo(0, 10);
  });

  test("the gradient of R1 by the weights of strided convolutions is that of central differences", async () => {
    const [x, first, second] = [drawn(3, [2, 1, 6, 6]), drawn(4, [3, 1, 3, 3]), drawn(5, [2, 3, 3, 3])];
    const penalty = (a: Tensor, b: Tensor, images: Tensor) =>
      r1Penalty((at) => {
        const hidden = tanh(conv2d(at, a, { stride: 2, padding: 1 }));
        return sum(tanh(conv2d(hidden, b, { stride: 2, padding: 1 })), [1, 2, 3]);
      }, images);
    const slopes = await once(grad((a: Tensor, ...rest: [Tensor, Tensor]) => penalty(a, ...rest)) as never, [
      ...[first, second, x],
    ]);
    const at = (k: number, h: number) =>
      scalarOf(penalty as never, [
        f64(
          first.shape,
          first.data.map((v, i) => v + (i === k ? h : 0)),
        ),
        second,
        x,
      ]);
    for (const k of [0, 13, 26]) {
      const numeric = ((await at(k, 1e-5)) - (await at(k, -1e-5))) / 2e-5;
      expect(slopes.data[k]).toBeCloseTo(numeric, 6);
    }
  });
});

test("weights over their spectral norms have largest singular value 1, as an eigensolver finds it", async () => {
  const weight = arrayFrom("f32", [4, 2, 3, 1], normal(Key.fromSeed(6), 24, "f32"));
  const matrix = Array.from({ length: 4 }, (_, i) => Array.from(weight.data.subarray(6 * i, 6 * i + 6)));
  const products = matrix.flatMap((a) =>
    matrix.map((b) => a.reduce((s, v, k) => s + v * (b[k] as number), 0)),
  );
  const largest = Math.sqrt(Math.max(...symmetricEigen(Float64Array.from(products), 4).values));
  const parameters = { layer: { weight } };
  const state = spectralState(parameters, Key.fromSeed(7));
  const [name] = Object.keys(state) as [string];
  expect(largestSingularValue(weight, (state[name] as NDArray<"f32">).data, 200)).toBeCloseTo(largest, 6);
  const program = await Program.compile(
    trace(
      ((w: Tensor, u: Tensor) => {
        const { parameters, state } = spectrallyNormalised({ layer: { weight: w } } as never, { [name]: u });
        return [(parameters as unknown as { layer: { weight: Tensor } }).layer.weight, state[name]];
      }) as never,
      [new Spec([4, 2, 3, 1]), new Spec([4])] as never,
    ),
  );
  let left = state[name] as NDArray<"f32">;
  let divided = weight;
  for (let k = 0; k < 200; k++)
    [divided, left] = (await program.run([weight, left])) as [typeof weight, typeof left];
  await program.release();
  for (const [i, v] of divided.data.entries()) expect(v).toBeCloseTo((weight.data[i] as number) / largest, 5);
});

describe("random changes of images", () => {
  const image = drawn(8, [6, 1, 8, 8]);
  const sorted = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b);

  test("a translation of a periodic lattice keeps the values of each image, and moves most of them", async () => {
    const f = (key: never, x: Tensor) => augmented(x, key, ["translation"], "periodic");
    const { data } = await once(f as never, [image], true);
    for (let row = 0; row < 6; row++) {
      const of = (values: Float64Array) => sorted(values.subarray(64 * row, 64 * row + 64));
      expect(of(data)).toEqual(of(image.data));
    }
    expect(Array.from(data)).not.toEqual(Array.from(image.data));
  });

  test("a gradient passes through all of them, and cutout leaves a part", async () => {
    const slopes = (names: readonly Augmentation[]) => (key: never, x: Tensor) =>
      grad((at: Tensor) => sum(augmented(at, key, names, "zero")))(x);
    const all = await once(slopes(augmentations) as never, [image], true);
    expect(all.data.some((v) => v !== 0)).toBe(true);
    const cut = await once(slopes(["cutout"]) as never, [image], true);
    for (let row = 0; row < 6; row++) {
      const left = cut.data.subarray(64 * row, 64 * row + 64).reduce((a, b) => a + b, 0);
      // A square of 4 to 16 of 64 pixels, part of which may lie beyond the edge, is gone.
      expect(left).toBeGreaterThanOrEqual(48);
      expect(left).toBeLessThan(64);
    }
  });
});

describe.each<readonly [string, Space]>([
  ["real numbers", real([4])],
  ["bounded numbers", real([4], [-1, 3])],
  ["grey levels", levels([4], 3)],
  ["angles", circle([4])],
  ["bits", binary([4])],
])("%s", (_, space) => {
  const rows = rowsOf("gan", space);

  test("the discriminator reads of generated rows what it would read of them in a file", async () => {
    const given = drawn(9, [50, sites(space), rows.outputs]);
    const units = { shift: f64([4], [1, 2, 3, 4]), logScale: f64([4], [0, 1, -1, 0.5]) };
    const own = "shift" in rows.init() ? [units.shift, units.logScale] : [];
    const unitsOf = (of: readonly Tensor[]) =>
      (of.length > 0 ? { shift: of[0], logScale: of[1] } : {}) as never;
    const read = (key: never, g: Tensor, ...of: Tensor[]) =>
      rows.read(unitsOf(of), rows.row(unitsOf(of), g, key));
    const fake = (key: never, g: Tensor) => rows.fake(g, key);
    const [a, b] = [
      await once(read as never, [given, ...own], true),
      await once(fake as never, [given], true),
    ];
    // A number within the level instead of its middle; directions of short vectors are a little shorter.
    const within = space.kind === "real" && space.levels ? 1 / 3 + 1e-9 : 1e-3;
    for (const [i, v] of a.data.entries()) expect(Math.abs(v - (b.data[i] as number))).toBeLessThan(within);
  });

  test("what is generated has a gradient by what is given", async () => {
    const given = drawn(9, [50, sites(space), rows.outputs]);
    const f = (key: never, g: Tensor) => grad((at: Tensor) => sum(relu(rows.fake(at, key))))(g);
    const { data } = await once(f as never, [given], true);
    expect(data.some((v) => v !== 0)).toBe(true);
    expect(data.every(Number.isFinite)).toBe(true);
  });
});

test("what cannot be modelled is refused in a line", () => {
  expect(() => createModel("gan", categorical([4], 3))).toThrow(
    "gan models real numbers, grey levels, angles and bits",
  );
  expect(() => createModel("gan", real([4]), { diffAugment: "cutout" })).toThrow(
    "diffAugment changes images",
  );
  expect(() => createModel("gan", real([9, 9]), { network: "convolutional", patch: 2 })).toThrow(
    "patches of 2 pixels do not fit",
  );
});
