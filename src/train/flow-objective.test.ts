import { describe, expect, test } from "vitest";
import { stoppedAt } from "../../test/stopped.ts";
import type { NDArray } from "../array.ts";
import { binary, real } from "../data/space.ts";
import { metropolis } from "../evaluate/metropolis.ts";
import type { ExactModel, Symbolic } from "../models/contract.ts";
import { normalBase } from "../models/exact/flows/bases/independent.ts";
import { affine } from "../models/exact/flows/bijections/affine.ts";
import { flowModel } from "../models/exact/flows/flow.ts";
import { makeMade } from "../models/exact/made/made.ts";
import { Key } from "../random/key.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, trace } from "../runtime/trace.ts";
import type { Estimate } from "../stats/index.ts";
import type { Target } from "../systems/system.ts";
import { energyTarget } from "../systems/target.ts";
import type { SymbolicKey } from "../tensor/index.ts";
import { div, mul, reshape, slice, square, sub, sum, type Tensor, valueAndGrad } from "../tensor/index.ts";
import { constant } from "../tensor/ops/constant.ts";
import type { EventOf } from "./event.ts";
import { flowLoss } from "./flow-objective.ts";
import type { TrainHooks } from "./hooks.ts";
import { solve } from "./solve.ts";
import type { SolveOptions } from "./solve-options.ts";
import type { DifferentiableTarget, FlowModel, SolveProblem } from "./solve-problem.ts";

const [MEANS, SCALES] = [
  [0.5, -1, 2],
  [1.5, 0.4, 0.8],
];
const space = real([3]);

/** E = ½ Σ ((x − m)/s)² at inverse temperature β: normal, log Z = Σ log s √(2π/β). */
function gaussian(means: readonly number[], scales: readonly number[], beta: number): DifferentiableTarget {
  const at = (values: readonly number[]): Tensor =>
    constant({ dtype: "f32", shape: [3], data: Float32Array.from(values) });
  const energy = ({ data, shape: [rows = 0] }: NDArray) =>
    Float64Array.from({ length: rows }, (_, r) =>
      means.reduce((e, m, i) => e + 0.5 * ((Number(data[3 * r + i]) - m) / (scales[i] as number)) ** 2, 0),
    );
  return {
    ...energyTarget({ space, beta, energy, name: "gaussian" }),
    energyTensor: (x) => mul(sum(square(div(sub(x, at(means)), at(scales))), 1), 0.5),
  };
}

const beta = 2;
const target = gaussian(MEANS, SCALES, beta);
const logZ = SCALES.reduce((z, s) => z + Math.log(s * Math.sqrt((2 * Math.PI) / beta)), 0);
const model = flowModel({
  family: "affine",
  hyperparameters: {},
  domain: { space },
  base: normalBase([3]),
  bijection: affine([3]),
}) as unknown as ExactModel & FlowModel;

/** What a round told of the solve. */
const told = ({ measures, knobs }: EventOf<"round">) => ({
  bound: measures["log Z"] as Estimate,
  ess: (measures.ESS as Estimate).value,
  energy: measures.energy as Estimate,
  beta: knobs?.beta,
});

async function run(options: SolveOptions, of: Target | SolveProblem = target, hooks: TrainHooks = {}) {
  const rounds: EventOf<"round">[] = [];
  const solved = await solve(model, of, { seed: 3, ...options }, hooks).result((e) => {
    if (e.type === "round") rounds.push(e);
  });
  return { solved, estimates: rounds.map(told) };
}

describe.each(["path", "reparameterised"] as const)("%s", (estimator) => {
  /** Gradients by log-scale and shift, a row of six for each of `batches` batches. */
  async function gradients(logScale: readonly number[], shift: readonly number[], batches: number) {
    const p = model.init(Key.fromSeed(0)) as {
      bijection: { logScale: NDArray<"f32">; shift: NDArray<"f32"> };
    };
    const loss = flowLoss(model, { target }, estimator);
    const weight = (w: Tensor, i: number) => reshape(slice(w, 0, i, i + 1), []);
    const both = valueAndGrad(
      (q: Symbolic<never>, key: SymbolicKey, w: Tensor) =>
        loss(q, key, { start: weight(w, 0), target: weight(w, 1) }).loss,
    );
    const tree = { base: {}, bijection: { logScale: new Spec([3]), shift: new Spec([3]) } };
    const traced = trace(((q: never, key: SymbolicKey, w: Tensor) => both(q, key, w).gradient) as never, [
      tree,
      KEY,
      new Spec([2]),
    ]);
    const program = await Program.compile(traced);
    const vector = (values: readonly number[]): NDArray<"f32"> => ({
      ...p.bijection.shift,
      data: Float32Array.from(values),
    });
    const weights: NDArray<"f32"> = { dtype: "f32", shape: [2], data: Float32Array.of(0, beta) };
    const rows: number[][] = [];
    for (let i = 0; i < batches; i++) {
      const out = await program.run([vector(logScale), vector(shift), weights], {
        keys: [Key.fromSeed(7).fold(i)],
        batch: 500,
      });
      rows.push(out.flatMap(({ data }) => [...(data as Float32Array)]));
    }
    await program.release();
    return rows;
  }

  test("the gradient is that of the reverse KL between normal distributions, in its mean", async () => {
    const [logScale, shift] = [
      [-0.2, 0.3, 0.1],
      [0.1, -0.4, 1],
    ];
    const rows = await gradients(logScale, shift, 60);
    // KL = Σ −log σ + β (σ² + (μ − m)²)/2s² + constants.
    const exact = [
      ...logScale.map((l, i) => -1 + (beta * Math.exp(2 * l)) / (SCALES[i] as number) ** 2),
      ...shift.map((u, i) => (beta * (u - (MEANS[i] as number))) / (SCALES[i] as number) ** 2),
    ];
    for (const [j, e] of exact.entries()) {
      const values = rows.map((row) => row[j] as number);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((a, v) => a + (v - mean) ** 2, 0) / (values.length - 1);
      // Six means of 60 batches: beyond 4.2 errors has p < 6e-4 in all.
      expect(Math.abs(mean - e), `parameter ${j}`).toBeLessThan(
        4.2 * Math.sqrt(variance / values.length) + 1e-5,
      );
    }
  });

  test("where the model is the target, the noise of the path gradient is gone and that of the other is not", async () => {
    const scales = SCALES.map((s) => Math.log(s / Math.sqrt(beta)));
    const largest = Math.max(...(await gradients(scales, MEANS, 5)).flat().map(Math.abs));
    if (estimator === "path") expect(largest).toBeLessThan(1e-4);
    else expect(largest).toBeGreaterThan(0.01);
  });

  test("a solve finds the normal distribution and its log Z", async () => {
    const { estimates } = await run({ steps: 500, batch: 200, lr: 0.03, gradient: estimator });
    const last = estimates.at(-1) as (typeof estimates)[number];
    expect(last.ess).toBeGreaterThan(0.995);
    expect(Math.abs(last.bound.value - logZ)).toBeLessThan(0.02);
    expect(estimates[0]?.bound.value).toBeLessThan(logZ - 1);
    // ⟨E⟩ = 3/2β.
    expect(Math.abs(last.energy.value - 1.5 / beta)).toBeLessThan(4 * last.energy.error);
  });
});

test("proposals of a solved flow are all but accepted, and chains have the target's moments", async () => {
  const { solved } = await run({ steps: 500, batch: 200, lr: 0.03 });
  const squares = {
    ...target.observables,
    second: (x: NDArray) =>
      Float64Array.from({ length: x.shape[0] as number }, (_, r) => Number(x.data[3 * r + 1]) ** 2),
  };
  const chains = await metropolis(
    solved,
    { ...target, observables: squares },
    { samples: 20_000, key: Key.fromSeed(1) },
  );
  await solved.release();
  expect(chains.acceptance.value).toBeGreaterThan(0.97);
  const { second } = chains.observables;
  const exact = (MEANS[1] as number) ** 2 + (SCALES[1] as number) ** 2 / beta;
  expect(Math.abs((second?.value as number) - exact)).toBeLessThan(4 * (second?.error as number));
});

test("stopped at any checkpoint and resumed, the same bits", async () => {
  const options = { steps: 40, batch: 20, updates: 2, clip: 0.5, anneal: 0.3 } satisfies SolveOptions;
  const whole = await run(options);
  for (const stop of [1, 17, 39]) {
    const { hooks, checkpoint } = stoppedAt(stop);
    await expect(run(options, target, hooks)).rejects.toMatchObject({ code: "interrupted" });
    const rest = await run(options, target, { resume: checkpoint() });
    expect(rest.solved.parameters).toEqual(whole.solved.parameters);
  }
});

describe("annealing the parameters of the action", () => {
  const start = gaussian([0, 0, 0], [1, 1, 1], 0.5);

  test("begins at the action of the start and ends at the target's", async () => {
    const options = { batch: 50, optimiser: "sgd", lr: 0.1, schedule: "constant", warmup: 0 } as const;
    const first = await run({ ...options, steps: 1, anneal: 1 }, { target, start });
    const alone = await run({ ...options, steps: 1 }, start);
    const numbers = ({ solved }: typeof first) =>
      Object.values(solved.parameters.bijection as never) as NDArray[];
    numbers(first).forEach(({ data }, i) => {
      data.forEach((v, j) => {
        expect(Math.abs(Number(v) - Number(numbers(alone)[i]?.data[j]))).toBeLessThan(1e-6);
      });
    });
    const { estimates } = await run({ steps: 500, batch: 200, lr: 0.03, anneal: 0.4 }, { target, start });
    expect(estimates[0]?.beta).toBeLessThan(0.51);
    expect(estimates.at(-1)?.beta).toBe(beta);
    expect(Math.abs((estimates.at(-1)?.bound.value as number) - logZ)).toBeLessThan(0.02);
  });

  test("is refused where it makes no sense", async () => {
    await expect(run({ steps: 2 }, { target, start })).rejects.toThrow(/set anneal/);
    await expect(run({ steps: 2, anneal: 0.5, annealFrom: 1 }, { target, start })).rejects.toThrow(
      /leave annealFrom out/,
    );
    const other = energyTarget({ space: real([4]), energy: ({ shape }) => new Float64Array(shape[0] ?? 0) });
    await expect(run({ steps: 2, anneal: 0.5 }, { target, start: other })).rejects.toThrow(
      /other configurations/,
    );
  });
});

test("other models are told that they have no such gradient", async () => {
  const spins = binary([3]);
  const made = makeMade({ space: spins }, { hidden: 4 });
  const flat = energyTarget({ space: spins, energy: ({ shape }) => new Float64Array(shape[0] ?? 0) });
  await expect(solve(made, flat, { steps: 2, gradient: "reparameterised" }).result()).rejects.toThrow(
    /made takes REINFORCE/,
  );
});
