import { expect, test } from "vitest";
import { arrayFrom, type NDArray, ndarray } from "../../src/array.ts";
import { makeDataset } from "../../src/data/dataset.ts";
import { binary, real, type Space } from "../../src/data/space.ts";
import type { VaeOptions } from "../../src/models/approximate/latent/vae/options.ts";
import { makeVae } from "../../src/models/approximate/latent/vae/vae.ts";
import { isArray } from "../../src/models/arrays.ts";
import type {
  GradientPlayer,
  LatentVariables,
  ObjectiveRequest,
  Parameters,
} from "../../src/models/contract.ts";
import { FittedBounded } from "../../src/models/fitted/bounded.ts";
import { adam } from "../../src/optim/index.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { Program } from "../../src/runtime/program.ts";
import { KEY, Spec, trace } from "../../src/runtime/trace.ts";
import { gaussLegendre, independentMean, jointTest, mean, sum } from "../../src/stats/index.ts";
import { symmetricEigenvalues } from "../../src/stats/symmetric-eigen.ts";
import { valueAndGrad } from "../../src/tensor/grad.ts";
import { logMeanExp, mean as meanOf, neg, reshape, scalar, type Tensor } from "../../src/tensor/index.ts";
import { leavesWithPaths } from "../../src/tensor/tree.ts";
import { fit } from "../../src/train/index.ts";
import { asDouble, disturbed, doubleSpecs } from "./parameters.ts";

const ROWS = 48;
const rows = arrayFrom(
  "f64",
  [ROWS, 4],
  Array.from({ length: 4 * ROWS }, (_, i) => (Math.floor(i / 4) >> (i % 4)) & 1),
);

/** Loss and gradient of the model's own objective at some parameters, in double precision, by key. */
async function objectiveOf(options: VaeOptions, parameters: Parameters, knobs: Record<string, number> = {}) {
  const model = makeVae({ space: binary([4]) }, options);
  const request = { optimiser: adam() } as ObjectiveRequest;
  const player = model.objective?.(request).players[0] as GradientPlayer;
  const scalars = Object.fromEntries(Object.entries(knobs).map(([name, v]) => [name, scalar(v, "f64")]));
  return gradients(parameters, rows, (parameters, x, key) => {
    const { loss } = player.loss({ parameters, x, key, state: {}, knobs: scalars } as never);
    return loss;
  });
}

/** A loss and its gradient as one vector, by key. */
async function gradients(
  parameters: Parameters,
  x: NDArray<"f64">,
  loss: (parameters: never, x: Tensor, key: never) => Tensor,
) {
  const f = (p: never, key: never, at: Tensor) => {
    const { value, gradient } = valueAndGrad((q: never) => loss(q, at, key))(p);
    return [value, gradient];
  };
  const specs = [doubleSpecs(parameters), KEY, new Spec(x.shape, "f64")];
  const program = await Program.compile(trace(f as never, specs as never));
  return {
    async at(seed: number) {
      const keys = [Key.fromSeed(seed)];
      const [value, ...parts] = (await program.run([...asDouble(parameters), x], {
        keys,
      })) as NDArray<"f64">[];
      return { value: Number(value?.data[0]), gradient: parts.map(({ data }) => data) };
    },
    release: () => program.release(),
  };
}

test("the doubly reparameterised gradient is that of the importance-weighted bound", async () => {
  const options = { latent: 2, hidden: 4, draws: 5 } as const;
  const model = makeVae({ space: binary([4]) }, options);
  const parameters = disturbed(model);
  const names = leavesWithPaths(parameters, isArray).map(([path]) => path);
  const own = await objectiveOf(options, parameters);
  // The same noise, differentiated as it stands.
  const each = Array.from({ length: ROWS * options.draws }, (_, i) => Math.floor(i / options.draws));
  const copies = arrayFrom(
    "f64",
    [each.length, 4],
    each.flatMap((row) => [...rows.data.slice(4 * row, 4 * row + 4)]),
  );
  const plain = await gradients(parameters, copies, (p, x, key) => {
    const { bound } = model.bound(p, x, key);
    return neg(meanOf(logMeanExp(reshape(bound, [ROWS, options.draws]), 1)));
  });
  const differences: Float64Array[][] = [];
  for (let seed = 0; seed < 200; seed++) {
    const [a, b] = [await own.at(seed), await plain.at(seed)];
    expect(a.value).toBeCloseTo(b.value, 10);
    differences.push(a.gradient.map((g, i) => g.map((v, j) => v - (b.gradient[i]?.[j] as number))));
  }
  await own.release();
  await plain.release();
  const sigmas: number[] = [];
  for (const [i, name] of names.entries())
    for (let j = 0; j < (differences[0]?.[i]?.length as number); j++) {
      const column = Float64Array.from(differences, (d) => d[i]?.[j] as number);
      // The decoder's gradient is the plain one.
      if (!name.startsWith("encoder.")) expect(Math.max(...column.map(Math.abs))).toBeLessThan(1e-10);
      else {
        const { value, error } = independentMean(column);
        sigmas.push(value / error);
      }
    }
  expect(sigmas.length).toBeGreaterThan(20);
  expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-3);
});

test("β weighs the KL divergence, its warm-up by the step, and free bits take its gradient", async () => {
  const options = { latent: 2, hidden: 4 } as const;
  const model = makeVae({ space: binary([4]) }, options);
  const parameters = disturbed(model);
  const losses: Record<string, number> = {};
  for (const [name, more, knobs] of [
    ["bound", {}, {}],
    ["half", { beta: 0.5 }, {}],
    ["double", { beta: 2 }, {}],
    ["warming", { beta: 2, klWarmup: 4 }, { klWeight: 0.5 }],
    ["free", { freeBits: 100 }, {}],
  ] as const) {
    const own = await objectiveOf({ ...options, ...more }, parameters, knobs);
    const { value, gradient } = await own.at(1);
    losses[name] = value;
    await own.release();
    expect(gradient.flatMap((g) => [...g]).every(Number.isFinite)).toBe(true);
  }
  const { bound = 0, half = 0, double = 0, warming = 0, free = 0 } = losses;
  const KL = double - bound;
  expect(KL).toBeGreaterThan(0.1);
  expect(bound - half).toBeCloseTo(KL / 2, 9);
  expect(warming).toBeCloseTo(half, 9);
  // Each of two variables has 100 nats of its own.
  expect(free).toBeCloseTo(bound - KL + 200, 9);
  const knobs = makeVae({ space: binary([4]) }, { ...options, beta: 2, klWarmup: 4 }).objective?.({
    optimiser: adam(),
  } as ObjectiveRequest).knobs;
  expect([0, 1, 3, 10].map((step) => knobs?.(step).klWeight)).toEqual([0.5, 1, 2, 2]);
});

test.each([
  { latent: 1, hidden: 5 },
  { latent: 2, hidden: 3, posterior: "flow" },
] as const)("the bound of %j is below log P by quadrature, and nearer by more draws", async (options) => {
  const model = makeVae({ space: binary([3]) }, options);
  const parameters = disturbed(model);
  // P(x) = ∫ P(z) P(x | z) dz on a grid, of all 8 rows.
  const side = options.latent === 1 ? 400 : 60;
  const { points, weights } = gaussLegendre(side, -12, 12);
  const index = Array.from(
    { length: side ** options.latent },
    (_, i) => [i % side, Math.floor(i / side)] as const,
  );
  const axes = options.latent === 1 ? [0] : [0, 1];
  const grid = arrayFrom(
    "f64",
    [index.length, options.latent],
    index.flatMap((at) => axes.map((axis) => points[at[axis] as number] as number)),
  );
  const latent = model.latent as LatentVariables;
  const program = await Program.compile(
    trace(
      ((p: never, x: Tensor, z: Tensor) => [latent.logLikelihood(p, x, z), latent.logPrior(p, z)]) as never,
      [doubleSpecs(parameters), new Spec([index.length, 3], "f64"), new Spec(grid.shape, "f64")] as never,
    ),
  );
  const bits = Array.from({ length: 8 }, (_, code) => [0, 1, 2].map((site) => (code >> site) & 1));
  const exact: number[] = [];
  let prior = 0;
  for (const row of bits) {
    const x = arrayFrom(
      "f64",
      [index.length, 3],
      index.flatMap(() => row),
    );
    const [like, logPrior] = (await program.run([...asDouble(parameters), x, grid])) as NDArray<"f64">[];
    const volume = (i: number) =>
      axes.reduce((w, axis) => w * (weights[index[i]?.[axis] as number] as number), 1);
    const at = (data: Float64Array | undefined, i: number) => data?.[i] as number;
    exact.push(
      Math.log(sum(index.map((_, i) => volume(i) * Math.exp(at(like?.data, i) + at(logPrior?.data, i))))),
    );
    prior = sum(index.map((_, i) => volume(i) * Math.exp(at(logPrior?.data, i))));
  }
  await program.release();
  const within = options.latent === 1 ? 1e-6 : 2e-2;
  expect(Math.abs(prior - 1)).toBeLessThan(within);
  expect(Math.abs(sum(exact.map(Math.exp)) - 1)).toBeLessThan(within);
  const many = 1000;
  const x = ndarray(
    "u8",
    [8 * many, 3],
    Uint8Array.from({ length: 24 * many }, (_, i) => bits[Math.floor(i / 3) % 8]?.[i % 3] as number),
  );
  const fitted = new FittedBounded(model, parameters);
  const behind: number[] = [];
  for (const draws of [1, 30]) {
    const bounds = await fitted.bound(x, { draws, seed: 3 });
    const each = bits.map((_, code) => independentMean(bounds.filter((_, i) => i % 8 === code)));
    for (const [code, { value, error }] of each.entries())
      expect((value - (exact[code] as number) - within) / error).toBeLessThan(4);
    behind.push(mean(exact) - mean(each.map(({ value }) => value)));
  }
  await fitted.release();
  expect(behind[1]).toBeLessThan((behind[0] as number) / 2);
});

test("on linear-Gaussian data it finds probabilistic PCA, and its bound is log P there", async () => {
  const [n, count] = [5, 3000];
  const noise = normal(Key.fromSeed(4), count * (n + 2), "f32");
  const loadings: readonly (readonly [number, number])[] = [
    [2, 0],
    [1.5, 0.5],
    [0, 1],
    [-1, 1],
    [0.5, -0.8],
  ];
  const values = Float32Array.from({ length: count * n }, (_, i) => {
    const [row, site] = [Math.floor(i / n), i % n];
    const own = (at: number) => noise[row * (n + 2) + at] as number;
    const [a, b] = loadings[site] as readonly [number, number];
    return 3 + a * own(0) + b * own(1) + 0.6 * own(2 + site);
  });
  const dataset = makeDataset({ arrays: { x: ndarray("f32", [count, n], values) } }, "rows", {
    space: "real",
  });
  const model = makeVae({ space: real([n]) }, { latent: 2, hidden: 0, variance: "shared" });
  const fitted = await fit(model, dataset, {
    epochs: 40,
    batch: 100,
    lr: 0.02,
    schedule: "cosine",
    seed: 1,
  }).result();
  const train = dataset.splits.train;
  const x = ndarray(
    "f32",
    [train.length, n],
    Float32Array.from(
      { length: train.length * n },
      (_, i) => values[(train[Math.floor(i / n)] as number) * n + (i % n)] as number,
    ),
  );
  const bound = mean(await fitted.bound(x, { draws: 1, seed: 2 }));
  const weighted = mean(await fitted.bound(x, { draws: 200, seed: 2 }));
  await fitted.release();
  // The largest likelihood of two components: Tipping & Bishop, J. R. Stat. Soc. B 61 (1999) 611, equations 7 and 8.
  const middle = Array.from({ length: n }, (_, j) =>
    mean(Array.from({ length: train.length }, (_, i) => x.data[i * n + j] as number)),
  );
  const covariance = Float64Array.from({ length: n * n }, (_, at) => {
    const [a, b] = [Math.floor(at / n), at % n];
    return mean(
      Array.from(
        { length: train.length },
        (_, i) =>
          ((x.data[i * n + a] as number) - (middle[a] as number)) *
          ((x.data[i * n + b] as number) - (middle[b] as number)),
      ),
    );
  });
  const eigenvalues = [...symmetricEigenvalues(covariance, n)];
  const rest = mean(eigenvalues.slice(2));
  const logs = Math.log(eigenvalues[0]!) + Math.log(eigenvalues[1]!) + (n - 2) * Math.log(rest);
  const best = -0.5 * (n * Math.log(2 * Math.PI) + logs + n);
  expect(weighted).toBeLessThan(best + 0.005);
  expect(best - weighted).toBeLessThan(0.01);
  expect(weighted - bound).toBeLessThan(0.02);
}, 60_000);

test("what a vae cannot be is refused in words", () => {
  const make =
    (options: object, space: Space = binary([4])) =>
    () =>
      makeVae({ space }, options);
  expect(make({ latent: 5 })).toThrow("vae: 5 latent variables for 4 sites; take latent=4 or fewer");
  expect(make({ likelihood: "gaussian" })).toThrow(
    "vae: the likelihood gaussian does not fit binary data; take bernoulli (or leave it out)",
  );
  expect(make({ prior: "spline", latent: 1 })).toThrow("two latent variables or more");
  expect(make({ posterior: "flow", latent: 1 })).toThrow("two latent variables or more");
  expect(make({ draws: 5, freeBits: 1 })).toThrow("freeBits are of the loss of one draw");
  expect(make({}, real([4], [0, 1]))).toThrow("no likelihood of real numbers with bounds; give --space real");
  expect(make({ network: "convolutional" }, binary([2, 2, 2, 2]))).toThrow("take network=dense");
  expect(make({ network: "convolutional", padding: "periodic", kernel: 9 }, binary([4, 4]))).toThrow(
    "a window of 9 goes more than once around",
  );
});
