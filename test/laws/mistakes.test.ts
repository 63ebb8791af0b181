import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { type NDArray, ndarray } from "../../src/array.ts";
import { type Dataset, makeDataset } from "../../src/data/dataset.ts";
import { binary, categorical, real } from "../../src/data/space.ts";
import { score } from "../../src/evaluate/index.ts";
import type { BoundedModel, Family, ImplicitModel, Objective } from "../../src/models/contract.ts";
import { createModel, fitted, register } from "../../src/models/index.ts";
import { Key } from "../../src/random/key.ts";
import { normal as normals } from "../../src/random/normal.ts";
import { constant, mean, mul, sum, type Tensor } from "../../src/tensor/index.ts";
import { type FitOptions, fit, type TrainEvent } from "../../src/train/index.ts";
import type { PpcaParameters } from "./models/ppca.ts";
import "./models/register.ts";

// A model that does not keep to its contract is told so, with its name and what was expected, before anything is trained.
const key = Key.fromSeed(1);
const good = createModel("ppca", real([3]), { latent: 1 });
const implicit = createModel("noise-network", real([3]), { noise: 1, hidden: 2 });
const rowsOf = (context?: NDArray<"f32">, contextSpace?: string): Dataset =>
  makeDataset(
    { arrays: { x: ndarray("f32", [60, 3], normals(key, 180, "f32")), ...(context && { context }) } },
    "rows.npz",
    { space: "real", rows: "independent", ...(contextSpace && { contextSpace }) },
  );
const labels = ndarray(
  "f32",
  [60, 1],
  Float32Array.from({ length: 60 }, (_, row) => row % 3),
);
let data: Dataset;
beforeAll(() => {
  data = rowsOf();
});

const handle = (more: Partial<BoundedModel<PpcaParameters>>) =>
  fitted({ ...good, ...more } as typeof good, good.init(key));
const trained = (model: typeof good | ImplicitModel, options: FitOptions = { epochs: 1 }) =>
  fit(model, data, options).result();
const firstRows = ndarray("f32", [20, 3], normals(key, 60, "f32"));

test("samples of another shape than a batch of rows are refused", async () => {
  const seven = constant(ndarray("f32", [7, 3]));
  await expect(handle({ sample: () => ({ x: seven }) }).sample(20)).rejects.toThrow(
    "ppca: x of sample has shape [7, 3], expected [batch, 3]",
  );
  const sums = handle({ sample: (...at) => ({ x: sum(good.sample(...at).x, 1) }) });
  await expect(sums.sample(20)).rejects.toThrow("ppca: x of sample has shape [batch], expected [batch, 3]");
});

test("draws that are no states of a discrete space are refused, not rounded", async () => {
  const bits = fitted({ ...implicit, space: binary([3]) } as typeof implicit, implicit.init(key));
  await expect(bits.sample(20)).rejects.toThrow(
    /^the model's sampler returns -?\d+\.\d+; a binary space holds 0 or 1$/,
  );
});

test("rows of another space than the model's are refused, in a fit and by a handle", async () => {
  const made = createModel("made", binary([3]), { hidden: 4 });
  await expect(fit(made, data, { epochs: 1 }).result()).rejects.toThrow(
    /^rows.npz: row 0, column 0 has the value .*; a binary space holds 0 or 1$/,
  );
  const own = fitted(made, made.init(key));
  await expect(score(own, data)).rejects.toThrow(/^rows with the value .* a binary space holds 0 or 1$/);
});

test("a bound that is none of each row is refused, of a handle and in training", async () => {
  const scalar: typeof good.bound = (...at) => ({ bound: mean(good.bound(...at).bound), parts: {} });
  await expect(handle({ bound: scalar }).bound(firstRows)).rejects.toThrow(
    "ppca: bound has shape [], expected [batch]",
  );
  await expect(trained({ ...good, bound: scalar })).rejects.toThrow("ppca: bound has shape [], expected");
  const bare = ((...at: Parameters<typeof good.bound>) =>
    good.bound(...at).bound) as unknown as typeof good.bound;
  await expect(trained({ ...good, bound: bare })).rejects.toThrow(
    /^ppca: bound gives \{ bound, parts \},.*a tensor$/,
  );
  const partless = ((...at: Parameters<typeof good.bound>) => ({
    bound: good.bound(...at).bound,
  })) as unknown as typeof good.bound;
  await expect(trained({ ...good, bound: partless })).rejects.toThrow(
    /^ppca: bound gives .* it gave no parts$/,
  );
});

/** The fit of the good model by another objective. */
const by = (players: unknown) =>
  trained({ ...good, objective: () => ({ players }) as unknown as Objective<PpcaParameters> });
const player = (loss: (x: Tensor) => unknown, more: object = {}) => [
  { name: "own", loss: ({ x }: { x: Tensor }) => loss(x), ...more },
];

test("an objective that would train nothing is refused", async () => {
  await expect(by([])).rejects.toThrow("ppca: its objective has no players");
  await expect(by(player((x) => ({ loss: mean(x) })))).rejects.toThrow("ppca: player 'own' has no optimiser");
  await expect(by([{ name: "own" }])).rejects.toThrow("ppca: player 'own' has neither a loss nor an update");
  const none = { ...implicit, objective: undefined } as unknown as ImplicitModel;
  await expect(trained(none)).rejects.toThrow(
    "noise-network: a model that only draws samples needs an objective",
  );
});

test("players without a name or a parameter of their own are refused", async () => {
  const two = (more: object) =>
    trained({
      ...good,
      objective: ({ optimiser }) =>
        ({
          players: ["one", "two"].flatMap((name) =>
            player((x) => ({ loss: mean(x) }), { name, optimiser, ...more }),
          ),
        }) as unknown as Objective<PpcaParameters>,
    });
  await expect(two({ name: "own" })).rejects.toThrow(
    /^ppca: every player needs a name .* two are called 'own'$/,
  );
  await expect(two({ name: undefined })).rejects.toThrow(/^ppca: every player needs a name .* one has none$/);
  await expect(two({ owns: (path: string) => path === "lodaing" })).rejects.toThrow(
    /^ppca: player 'one' owns none of the parameters, which are .*loading/,
  );
});

test("state and parts of another shape or name than the objective's are refused", async () => {
  const gives = (more: object) =>
    trained({
      ...good,
      objective: ({ optimiser }) =>
        ({
          players: player((x) => ({ loss: mean(x), ...more }), { optimiser }),
          state: { seen: ndarray("f32", [2]) },
        }) as unknown as Objective<PpcaParameters>,
    });
  const three = constant(ndarray("f32", [3]));
  await expect(gives({ state: { seen: three } })).rejects.toThrow(
    "ppca: the state 'seen' of player 'own' has shape [3], expected [2]",
  );
  await expect(gives({ state: { seen: constant(ndarray("i32", [2])) } })).rejects.toThrow(
    /is i32, and was f32$/,
  );
  await expect(gives({ state: { sene: three } })).rejects.toThrow("ppca: the objective has no state 'sene'");
  await expect(gives({ parts: { kl: three } })).rejects.toThrow(
    "ppca: the part 'kl' of player 'own' has shape [3]",
  );
  await expect(gives({ parts: { own: mean(three) } })).rejects.toThrow(/has the player's own name$/);
  expect(() => constant(1 as unknown as NDArray<"f32">)).toThrow(/for a number use scalar\(1\)$/);
});

test("state that an average of parameters would replace is refused", async () => {
  const own: typeof good = {
    ...good,
    objective: ({ optimiser }) => ({
      players: [{ name: "own", optimiser, loss: ({ x }) => ({ loss: mean(x) }) }],
      state: { "average.mean": ndarray("f32", [3]) },
    }),
  };
  await expect(trained(own, { epochs: 1, average: 0.9 })).rejects.toThrow(/keeps 'average.mean' itself/);
});

test("a loss that is no scalar is refused by the name of its player", async () => {
  const of = (loss: (x: Tensor) => unknown): Promise<unknown> =>
    trained({
      ...good,
      objective: ({ optimiser }) =>
        ({ players: player(loss, { optimiser }) }) as unknown as Objective<PpcaParameters>,
    });
  await expect(of((x) => mean(x))).rejects.toThrow(
    "ppca: the loss of player 'own' gives { loss }, not a tensor",
  );
  await expect(of((x) => ({ loss: sum(x, 0) }))).rejects.toThrow(
    "ppca: the loss of player 'own' has shape [3], expected []",
  );
  await expect(of((x) => ({ loss: mul(mean(x), Number.NaN) }))).rejects.toThrow(
    /or correct the loss if it is your own$/,
  );
});

test("contexts of another space are refused, and contexts that are not used are told", async () => {
  const labelled = rowsOf(labels, "categorical:3");
  const conditional = createModel("ppca", { space: real([3]), context: real([1]) }, { latent: 1 });
  await expect(fit(conditional, labelled, { epochs: 1 }).result()).rejects.toThrow(
    /^rows.npz: its contexts are categorical with 3 states .*; those of this ppca are real on 1 sites$/,
  );
  // Of which nothing is said, they may be labels.
  const ofLabels = createModel("ppca", { space: real([3]), context: categorical([1], 3) }, { latent: 1 });
  await fit(ofLabels, rowsOf(labels), { epochs: 1 }).result();
  const events: TrainEvent[] = [];
  await fit(good, labelled, { epochs: 1 }).result((event) => events.push(event));
  expect(events).toContainEqual({
    type: "warning",
    text: "rows.npz: its contexts are ignored: this ppca is not conditional",
  });
});

test("contexts are taken as a dataset keeps them", async () => {
  const domain = { space: real([3]), context: categorical([1], 3) };
  const whole = { ...labels, dtype: "i32", data: Int32Array.from(labels.data) } as NDArray<"i32">;
  for (const model of [createModel("ppca", domain, { latent: 1 }), createModel("noise-network", domain)]) {
    const own = fitted(model as typeof good, model.init(key) as PpcaParameters);
    const [one, two] = [await own.sample(60, { context: whole }), await own.sample(60, { context: labels })];
    expect(one.x.data).toEqual(two.x.data);
  }
  const exact = createModel("ppca-exact", domain, { latent: 1 });
  const own = fitted(exact, exact.init(key));
  const { x, logProb } = await own.sample(60, { context: whole });
  expect((await own.logProb(x, whole)).map(Math.fround)).toEqual(
    (await own.logProb(x, labels)).map(Math.fround),
  );
  expect(Math.abs((logProb[0] as number) - ((await own.logProb(x, whole))[0] as number))).toBeLessThan(1e-3);
});

test("hyperparameters of a family of one's own are checked as those of every family are", () => {
  const loose: Family<BoundedModel<PpcaParameters>> = {
    name: "loose",
    kind: "bounded",
    summary: "a family whose schema lets any name pass",
    schema: z.object({ latent: z.int().min(1).default(2), widths: z.array(z.int()).default([4, 5]) }),
    parameterCount: () => 0,
    create: (domain, options) => ({
      ...createModel("ppca", domain, { latent: (options as { latent: number }).latent }),
      family: "loose",
      hyperparameters: options as Readonly<Record<string, unknown>>,
    }),
  };
  register(loose);
  const make = (options: object) => createModel("loose" as string, real([3]), { ...options });
  expect(() => make({ laten: 3 })).toThrow("loose has no hyperparameter 'laten'; did you mean latent?");
  expect(() => make({ latent: 0 })).toThrow(
    "loose: hyperparameter latent: takes a whole number of at least 1, not 0",
  );
  const { hyperparameters } = make({});
  expect(hyperparameters).toEqual({ latent: 2, widths: [4, 5] });
  expect(() => (hyperparameters.widths as number[]).push(6)).toThrow(TypeError);
});

test("an unknown option of a fit is named with the one that was meant", async () => {
  await expect(trained(good, { epoch: 3 } as FitOptions)).rejects.toThrow(
    "fit has no option 'epoch'; did you mean epochs? (it has epochs, time, batch,",
  );
});

test("every event is told once", async () => {
  const training = fit(good, data, { epochs: 1 });
  const told: string[] = [];
  for await (const { type } of training) told.push(type);
  expect(told.at(-1)).toBe("done");
  for await (const { type } of training) throw new Error(`told again: ${type}`);
  await expect(score(await training.result(), data)).resolves.toMatchObject({ kind: "bounded" });
});
