import { expect, test } from "vitest";
import { stoppedAt } from "../../test/stopped.ts";
import type { NDArray } from "../array.ts";
import { binary, categorical, real, type Space, sites } from "../data/space.ts";
import { isArray } from "../models/arrays.ts";
import type { ExactModel, GradientPlayer, Symbolic } from "../models/contract.ts";
import { type MadeOptions, makeMade } from "../models/exact/made/made.ts";
import type { MadeParameters } from "../models/exact/made/network.ts";
import { adam } from "../optim/index.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { jit } from "../runtime/jit.ts";
import type { Estimate } from "../stats/index.ts";
import { energyTarget } from "../systems/target.ts";
import { grad } from "../tensor/grad.ts";
import { leaves, mapTree, mean, mul, type Tensor } from "../tensor/index.ts";
import type { EventOf, TrainEvent } from "./event.ts";
import type { TrainHooks } from "./hooks.ts";
import { varianceObjective } from "./reinforce.ts";
import { solve } from "./solve.ts";
import type { SolveOptions } from "./solve-options.ts";

/** A random energy of every configuration, of order 1: nothing that a model could know beforehand. */
function randomTarget(space: Space, beta: number) {
  const states = space.kind === "categorical" ? space.states : 2;
  const energies = normal(Key.fromSeed(5), states ** sites(space), "f64");
  const n = sites(space);
  const energy = ({ data, shape }: NDArray) =>
    Float64Array.from({ length: shape[0] as number }, (_, row) => {
      let index = 0;
      for (let i = 0; i < n; i++) index = index * states + Number(data[row * n + i]);
      return energies[index] as number;
    });
  const logZ = Math.log(energies.reduce((z, e) => z + Math.exp(-beta * e), 0));
  return { target: energyTarget({ space, beta, energy }), logZ };
}

const space = binary([5]);
const { target, logZ } = randomTarget(space, 0.7);
const model = makeMade({ space }, { hidden: 40, inputs: "spins" });

/** What a round told of the solve. */
const told = ({ measures, knobs }: EventOf<"round">) => ({
  bound: measures["log Z"] as Estimate,
  ess: (measures.ESS as Estimate).value,
  beta: knobs?.beta,
});

async function run(
  options: SolveOptions,
  hooks: TrainHooks = {},
  of = target,
  by: ExactModel<MadeParameters> = model,
) {
  const events: TrainEvent[] = [];
  const solved = await solve(by, of, { seed: 3, ...options }, hooks).result((e) => events.push(e));
  return { solved, events, estimates: events.filter((e) => e.type === "round").map(told) };
}

test("the gradient of half the variance of log q + βE is REINFORCE with the leave-one-out baseline", async () => {
  const batch = 6;
  const p = mapTree(model.init(Key.fromSeed(1)), isArray, (a) => ({
    ...a,
    data: normal(Key.fromSeed(2).fold(a.data.length), a.data.length, "f32") as Float32Array,
  })) as MadeParameters;
  const bits = Float32Array.from(
    { length: batch * 5 },
    (_, i) => ((i * i + 3 * i) % 2) ^ (i % 3 === 0 ? 1 : 0),
  );
  const x: NDArray<"f32"> = { dtype: "f32", shape: [batch, 5], data: bits };
  const action: NDArray<"f32"> = {
    dtype: "f32",
    shape: [batch],
    data: Float32Array.from({ length: batch }, (_, i) => Math.sin(3 * i) * 2),
  };
  const logProb = jit((q: Symbolic<MadeParameters>, y: Tensor) => model.logProb(q, y));
  const l = ((await logProb(p as never, x)) as NDArray<"f32">).data;
  // By its definition, with the baseline of each row the mean over the others.
  const f = [...l].map((v, i) => v + (action.data[i] as number));
  const total = f.reduce((a, b) => a + b, 0);
  const advantage: NDArray<"f32"> = {
    dtype: "f32",
    shape: [batch],
    data: Float32Array.from(f, (v) => v - (total - v) / (batch - 1)),
  };
  const reinforce = jit(
    grad((q: Symbolic<MadeParameters>, y: Tensor, a: Tensor) => mean(mul(a, model.logProb(q, y)))) as never,
  ) as (...args: unknown[]) => Promise<unknown>;
  const [player] = varianceObjective(model, batch, { optimiser: adam(), updates: 1 }).players as [
    GradientPlayer<MadeParameters>,
  ];
  const variance = jit(
    grad(
      (q: Symbolic<MadeParameters>, y: Tensor, a: Tensor) =>
        player.loss({ parameters: q, x: y, action: a, key: undefined as never, state: {}, knobs: {} }).loss,
    ) as never,
  ) as (...args: unknown[]) => Promise<unknown>;
  const [wanted, got] = [await reinforce(p, x, advantage), await variance(p, x, action)].map((tree) =>
    leaves(tree, isArray).flatMap(({ data }) => [...data]),
  ) as [number[], number[]];
  expect(wanted.some((v) => Math.abs(v) > 0.01)).toBe(true);
  got.forEach((v, i) => {
    expect(Math.abs(v - (wanted[i] as number))).toBeLessThan(1e-5);
  });
});

test.each([
  ["bits", space, { inputs: "bits" }],
  ["spins", space, { inputs: "spins" }],
  ["three states", categorical([3], 3), {}],
] as const)(
  "%s: the bound rises to the exact log Z of a random energy, and never above",
  async (_, s, more) => {
    const random = randomTarget(s, 0.7);
    const made = makeMade({ space: s }, { hidden: 40, ...more } as MadeOptions);
    const { estimates } = await run({ steps: 300, batch: 100, lr: 0.02 }, {}, random.target, made);
    expect(estimates.length).toBe(300);
    const last = estimates.at(-1) as (typeof estimates)[number];
    // The weights are all but equal in the end: bound and log Z agree to a hundredth.
    expect(last.ess).toBeGreaterThan(0.99);
    expect(Math.abs(last.bound.value - random.logZ)).toBeLessThan(0.01);
    const first = estimates[0] as (typeof estimates)[number];
    expect(first.bound.value).toBeLessThan(random.logZ - 0.05);
  },
);

test("annealing raises beta linearly over its share of the steps, and bounds log Z at the target's beta", async () => {
  const { estimates } = await run({ steps: 200, batch: 100, lr: 0.01, anneal: 0.5, annealFrom: 0.2 });
  expect(estimates[0]?.beta).toBe(0.2);
  expect(estimates[50]?.beta).toBeCloseTo(0.2 + 0.5 * (50 / 100), 12);
  for (const { beta } of estimates.slice(100)) expect(beta).toBe(0.7);
  for (const { bound } of estimates) expect(bound.value - 4 * bound.error).toBeLessThan(logZ);
});

test("stopped at any checkpoint and resumed, the same bits and the same estimates", async () => {
  const options = { steps: 60, batch: 30, clip: 0.5, anneal: 0.3 } satisfies SolveOptions;
  const timeless = (list: readonly TrainEvent[]) =>
    list.filter((e) => e.type === "round").map(({ seconds: _, ...rest }) => rest);
  const whole = await run(options);
  for (const stop of [1, 17, 59]) {
    const { hooks, checkpoint } = stoppedAt(stop);
    await expect(run(options, hooks)).rejects.toMatchObject({ code: "interrupted" });
    const rest = await run(options, { resume: checkpoint() });
    expect(rest.solved.parameters).toEqual(whole.solved.parameters);
    expect(timeless(rest.events)).toEqual(timeless(whole.events).slice(stop));
  }
});

test("what cannot be solved for is refused, naming what is wrong", async () => {
  const wrong = (beta: number) =>
    energyTarget({ space, beta, energy: ({ shape }) => new Float64Array(shape[0] ?? 0) });
  for (const beta of [0, -1])
    await expect(run({}, {}, wrong(beta))).rejects.toThrow(/positive inverse temperature/);
  await expect(run({}, {}, randomTarget(binary([4]), 1).target)).rejects.toThrow(
    /its configurations are .*the model is one of/,
  );
  const conditional = makeMade({ space, context: real([2]) }, { hidden: 4 });
  await expect(run({}, {}, target, conditional)).rejects.toThrow(/conditional made/);
  await expect(run({ steps: 0 })).rejects.toThrow(/solve: steps/);
  await expect(run({ batch: 1 })).rejects.toThrow(/solve: batch/);
  const nan = energyTarget({
    space,
    energy: ({ shape }) => new Float64Array(shape[0] ?? 0).fill(Number.NaN, 2),
  });
  await expect(run({ steps: 2 }, {}, nan)).rejects.toThrow(/energy of row 2 is NaN/);
  const own = { ...target, name: "own", energy: () => Float64Array.of(1, Number.POSITIVE_INFINITY) };
  await expect(run({ steps: 2, batch: 2 }, {}, own)).rejects.toThrow("own: the energy of row 1 is Infinity");
  await expect(run({ steps: 2, batch: 3 }, {}, own)).rejects.toThrow(
    "own: the energy has 2 numbers for 3 rows",
  );
  await expect(run({ steps: 50, lr: 1e30, optimiser: "sgd" })).rejects.toMatchObject({ code: "failure" });
});
