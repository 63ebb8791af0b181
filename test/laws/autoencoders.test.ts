import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../src/array.ts";
import { binary, categorical, circle, levels, real, type Space, sites } from "../../src/data/space.ts";
import { makeAutoencoder } from "../../src/models/approximate/latent/autoencoder/autoencoder.ts";
import { squaredErrorOf } from "../../src/models/approximate/latent/autoencoder/squared-error.ts";
import { freeze, modelRows } from "../../src/models/arrays.ts";
import type {
  Domain,
  GradientPlayer,
  HasCodes,
  ObjectiveRequest,
  Parameters,
} from "../../src/models/contract.ts";
import { createModel, FittedImplicit } from "../../src/models/index.ts";
import { adam } from "../../src/optim/index.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { jit } from "../../src/runtime/jit.ts";
import { Program } from "../../src/runtime/program.ts";
import { Spec, trace } from "../../src/runtime/trace.ts";
import { mean, sum } from "../../src/stats/index.ts";
import { createSystem, simulateTemperatures } from "../../src/systems/index.ts";
import type { Tensor } from "../../src/tensor/index.ts";
import { fit } from "../../src/train/index.ts";
import { contextRows, domainOf, rowsIn } from "./models/domain.ts";
import { disturbed, expectGradient } from "./parameters.ts";

/** Spaces, and what a site counts as in the squared error: numbers in the units of the data. */
const cases: readonly (readonly [name: string, domain: Domain, numbers: (value: number) => number[]])[] = [
  ["bits", domainOf(binary([4]), 2), (v) => [v]],
  ["states", domainOf(categorical([4], 3)), (v) => [0, 1, 2].map((state) => Number(v === state))],
  ["real numbers", domainOf(real([4])), (v) => [v]],
  ["grey levels", domainOf(levels([2, 2], 5)), (v) => [Math.floor(v) / 4]],
  ["angles", domainOf(circle([4])), (v) => [Math.cos(v), Math.sin(v)]],
];

describe.each(cases)("%s", (_, domain, numbers) => {
  const { space } = domain;
  const model = makeAutoencoder(domain, { latent: 2, hidden: 5 });
  const parameters = disturbed(model);
  const ROWS = 30;
  const x = rowsIn(space, normal(Key.fromSeed(8), ROWS * sites(space), "f32"));
  const context = contextRows(domain, ROWS);
  const inputs = [modelRows(space, x, 0, ROWS), ...(context ? [context] : [])];
  const player = model.objective({ optimiser: adam() } as ObjectiveRequest).players[0] as GradientPlayer;
  const double = (array: NDArray) =>
    array.dtype === "i32" ? array : arrayFrom("f64", array.shape, array.data as Float32Array);

  test("the gradient of its loss is that of central differences", async () => {
    await expectGradient(
      parameters,
      model.masks,
      (p: never, _key: never, rows: never, given: never) =>
        player.loss({ parameters: p, x: rows, context: given } as never).loss,
      inputs.map((array) => double(array as NDArray)) as never,
      /^units\./,
    );
  });

  test("codes decode to rows of the space", async () => {
    const { encode, decode, codes } = model.coding as HasCodes["coding"];
    expect(codes).toEqual(real([2]));
    const both = (rows: Tensor, given: Tensor | undefined) =>
      decode(freeze(parameters), encode(freeze(parameters), rows, given), given);
    const specs = inputs.map(({ shape, dtype }) => new Spec(shape, dtype));
    const program = await Program.compile(trace(both as never, specs as never));
    const [back] = await program.run(inputs as never);
    await program.release();
    expect(back?.shape).toEqual(x.shape);
    expect(Array.from(back?.data as Float32Array).every(inside(space))).toBe(true);
  });

  test("the squared error counts in the units of the data, by plain loops", async () => {
    const error = squaredErrorOf("autoencoder", space);
    const y = rowsIn(space, normal(Key.fromSeed(9), ROWS * sites(space), "f32"));
    // Means of columns of their own, and one unit for all.
    const units = Object.fromEntries(
      Object.entries(error.init() as Record<string, NDArray>).map(([name, { shape, data }]) => [
        name,
        arrayFrom(
          "f32",
          shape,
          Array.from(data as Float32Array, (_, i) => (name === "shift" ? i : 0.4)),
        ),
      ]),
    ) as Parameters;
    const flat = (array: NDArray) => {
      const rows = modelRows(space, array, 0, ROWS);
      return { ...rows, shape: [ROWS, sites(space)] };
    };
    const f = jit((p: never, a: Tensor, b: Tensor) =>
      error.between(p, error.read(p, a, "f32"), error.read(p, b, "f32")),
    );
    const { data } = (await f(
      units as never,
      flat(x) as never,
      flat(y) as never,
    )) as unknown as NDArray<"f32">;
    await f.release();
    const n = sites(space);
    for (let row = 0; row < ROWS; row++) {
      const expected = sum(
        Array.from({ length: n }, (_, site) => {
          const [a, b] = [x, y].map((of) => numbers(Number(of.data[row * n + site]))) as [number[], number[]];
          return sum(a.map((v, k) => (v - (b[k] as number)) ** 2));
        }),
      );
      expect(Math.abs((data[row] as number) - expected)).toBeLessThan(1e-5 * Math.max(1, expected));
    }
  });
});

/** Whether a value is one of a space. */
function inside(space: Space): (value: number) => boolean {
  if (space.kind === "binary") return (v) => v === 0 || v === 1;
  if (space.kind === "categorical") return (v) => Number.isInteger(v) && v >= 0 && v < space.states;
  if (space.kind === "circle") return (v) => Math.abs(v) <= Math.fround(Math.PI);
  const [low, high] = (space.kind === "real" && space.bounds) || [-Infinity, Infinity];
  return (v) => v >= low && v <= high;
}

test("it has codes, and says what it has not", async () => {
  const model = createModel("autoencoder", binary([4]), { latent: 2, hidden: 5 });
  const fitted = new FittedImplicit(model, model.init(Key.fromSeed(1)));
  await expect(async () => fitted.sample(3)).rejects.toThrow(
    "codes but no distribution over them, so no samples and no likelihood; encode and decode with it",
  );
  await fitted.release();
  expect(() => createModel("autoencoder", binary([4]), { latent: 5 })).toThrow(
    "autoencoder: a code of 5 numbers for 4 sites; take latent=4 or fewer",
  );
});

test("of Ising configurations over temperatures a code of one number is the magnetisation", async () => {
  const systems = [0.2, 0.35, 0.44, 0.55].map((beta) => createSystem("ising", { shape: [8, 8], beta }));
  const { dataset } = await simulateTemperatures(systems, { samples: 1000, seed: 3, threads: 1 });
  const model = makeAutoencoder({ space: dataset.space }, { latent: 1, hidden: 32 });
  const fitted = await fit(model, dataset, {
    ...{ epochs: 40, batch: 50, lr: 3e-3, schedule: "cosine", seed: 1, augment: ["none"] },
  }).result();
  const rows = dataset.x.shape[0] as number;
  const { encode } = model.coding as HasCodes<typeof fitted.parameters>["coding"];
  const program = await Program.compile(
    trace((x: Tensor) => encode(freeze(fitted.parameters), x), [new Spec([rows, 8, 8])]),
  );
  const [codes] = await program.run([modelRows(dataset.space, dataset.x, 0, rows)]);
  await program.release();
  await fitted.release();
  const magnetisation = Array.from({ length: rows }, (_, row) =>
    sum(Array.from(dataset.x.data.slice(64 * row, 64 * (row + 1)) as Uint8Array)),
  );
  const spearman = correlation(ranks(Array.from(codes?.data as Float32Array)), ranks(magnetisation));
  expect(Math.abs(spearman)).toBeGreaterThan(0.98);
}, 120_000);

/** Ranks, equal values sharing the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const of = new Map<number, number>();
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (sorted[j] === sorted[i]) j++;
    of.set(sorted[i] as number, (i + j - 1) / 2);
    i = j;
  }
  return values.map((v) => of.get(v) as number);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [a, b].map((of) => of.map((v) => v - mean(of))) as [number[], number[]];
  const product = (u: number[], v: number[]) => sum(u.map((w, i) => w * (v[i] as number)));
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}
