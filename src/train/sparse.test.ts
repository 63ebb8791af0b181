import { describe, expect, test } from "vitest";
import { type NDArray, ndarray, takeRows } from "../array.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import { categorical } from "../data/space.ts";
import { isArray } from "../models/arrays.ts";
import type { ExactModel, GradientPlayer, Symbolic } from "../models/contract.ts";
import { zerosInit } from "../nn/init.ts";
import { categoricalLogProb } from "../nn/likelihood.ts";
import { adam, numbers, type Optimiser, sgd } from "../optim/index.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { uniform } from "../random/uniform.ts";
import type { Estimate } from "../stats/index.ts";
import {
  add,
  broadcastTo,
  concat,
  expandDims,
  gather,
  leavesWithPaths,
  matmul,
  mean,
  neg,
  slice,
  sum,
  type Tensor,
} from "../tensor/index.ts";
import type { Course } from "./course.ts";
import type { TrainEvent } from "./event.ts";
import { fit } from "./fit.ts";
import type { TrainHooks } from "./hooks.ts";
import { allocateMemory } from "./memory.ts";
import type { FitOptions } from "./options.ts";
import { playerSetup } from "./player-setup.ts";
import { rowTypes } from "./row-types.ts";
import { singleStepper } from "./single-stepper.ts";

const [STATES, SITES, WIDTH] = [40, 4, 5];
const space = categorical([SITES], STATES);

type BigramParameters = {
  readonly embedding: { readonly table: NDArray<"f32"> };
  readonly weight: NDArray<"f32">;
  readonly bias: NDArray<"f32">;
  /** A row-sparse vector: its rows are single numbers. */
  readonly shift: NDArray<"f32">;
};

/** P(x) = Π P(x_i | x_{i−1}) by an embedding of the site before; `sparse` trains its two tables by rows. */
function bigram(sparse: boolean): ExactModel<BigramParameters> {
  const logProb = (p: Symbolic<BigramParameters>, x: Tensor) => {
    const rows = x.shape[0] as number;
    const before = slice(x, 1, 0, SITES - 1);
    const own = matmul(gather(p.embedding.table, before), p.weight);
    const shared = matmul(expandDims(gather(p.shift, before), 2), slice(p.weight, 0, 0, 1));
    const logits = add(add(own, shared), p.bias);
    const all = concat([broadcastTo(p.bias, [rows, 1, STATES]), logits], 1);
    return sum(categoricalLogProb(all, x), 1);
  };
  return {
    kind: "exact",
    family: "bigram",
    hyperparameters: {},
    space,
    ...(sparse ? { sparse: ["embedding.table", "shift"] } : {}),
    init: (key) => ({
      embedding: { table: ndarray("f32", [STATES, WIDTH], normal(key.fold(0), STATES * WIDTH, "f32")) },
      weight: ndarray("f32", [WIDTH, STATES], normal(key.fold(1), WIDTH * STATES, "f32")),
      bias: zerosInit([STATES]),
      shift: zerosInit([STATES]),
    }),
    logProb,
    loss: (p, x) => neg(mean(logProb(p, x))),
    sample: () => {
      throw new Error("not sampled here");
    },
  };
}

/** Rows of a chain over few of the states: the next state is the one before plus 0, 1 or 2, modulo 30. */
function chainData(rows: number): Dataset {
  const u = uniform(Key.fromSeed(4), rows * SITES, "f64");
  const data = new Int32Array(rows * SITES);
  u.forEach((v, i) => {
    const before = data[i - 1] as number;
    data[i] = i % SITES === 0 ? Math.floor(30 * v) : (before + Math.floor(3 * v)) % 30;
  });
  return makeDataset({ arrays: { x: ndarray("i32", [rows, SITES], data) } }, "chain", { space });
}
const dataset = chainData(2000);

const BATCH_ROWS = 20;
const batchAt = (step: number) =>
  Int32Array.from(
    dataset.x.data.slice(step * BATCH_ROWS * SITES, (step + 1) * BATCH_ROWS * SITES) as Uint8Array,
  );

/** A stepper over fresh memory, and one step of it. */
async function stepperOf(model: ExactModel<BigramParameters>, optimiser: Optimiser, clip = 0) {
  const player: GradientPlayer<BigramParameters> = {
    ...{ name: "NLL", optimiser },
    loss: ({ parameters, x, key }) => ({ loss: model.loss(parameters, x, key) }),
  };
  const memory = allocateMemory({
    model,
    initial: model.init(Key.fromSeed(1)),
    objective: { players: [player] },
  });
  const shared = { ...rowTypes(model), fill: () => Promise.reject(), release: async () => undefined };
  const course = {
    ...{ model, source: shared },
    batch: BATCH_ROWS,
    clip,
    threads: 1,
  } as unknown as Course<BigramParameters>;
  const stepper = await singleStepper(playerSetup(course, memory, player, 0));
  const none = { context: undefined, knobs: new Float32Array(0), key: Key.fromSeed(0) };
  const step = async (t: number, lr = 0.05) =>
    (await stepper.run({ ...none, x: batchAt(t - 1), lr: [lr], t })).losses;
  return { memory, step, release: () => stepper.release() };
}

const largestDifference = (a: BigramParameters, b: BigramParameters) => {
  const other = new Map(leavesWithPaths(b, isArray));
  return Math.max(
    ...leavesWithPaths(a, isArray).map(([path, { data }]) =>
      data.reduce((m, v, i) => Math.max(m, Math.abs(v - (other.get(path)?.data[i] as number))), 0),
    ),
  );
};

describe("a step by rows", () => {
  test.each([0, 0.5])("is that of the dense gradient with plain descent, clipped at %d", async (clip) => {
    const rows = await stepperOf(bigram(true), sgd(), clip);
    const dense = await stepperOf(bigram(false), sgd(), clip);
    expect([...rows.memory.tables.keys()]).toEqual(["embedding.table", "shift"]);
    expect(rows.memory.groups[0]?.layout.leaves.map(({ path }) => path)).toEqual(["bias", "weight"]);
    const before = rows.memory.parameters.embedding.table.data.slice();
    for (let t = 1; t <= 10; t++) {
      const [a, b] = [await rows.step(t), await dense.step(t)];
      expect(Math.abs((a[0] as number) - (b[0] as number))).toBeLessThan(1e-5);
    }
    expect(largestDifference(rows.memory.parameters, dense.memory.parameters)).toBeLessThan(2e-6);
    expect(rows.memory.parameters.embedding.table.data).not.toEqual(before);
    await rows.release();
    await dense.release();
  });

  test("of Adam moves the rows of the batch as dense Adam would, and leaves the others at rest", async () => {
    const optimiser = adam({ weightDecay: 0.1 });
    const rows = await stepperOf(bigram(true), optimiser);
    // A learning rate of 0 and no state: what it leaves is the dense gradient.
    const probe = await stepperOf(bigram(false), sgd());
    const place = probe.memory.groups[0]?.layout.leaves.find(({ path }) => path === "embedding.table");
    const start = place?.start as number;
    const table = rows.memory.tables.get("embedding.table");
    if (!table) throw new Error("the table is missing");
    const expected = [table.params, ...table.state].map((v) => Float64Array.from(v));
    const [param, mean_, square] = expected as [Float64Array, Float64Array, Float64Array];
    let rested = 0;
    for (let t = 1; t <= 5; t++) {
      for (const [path, { data }] of leavesWithPaths(rows.memory.parameters, isArray))
        new Map(leavesWithPaths(probe.memory.parameters, isArray)).get(path)?.data.set(data);
      await probe.step(t, 0);
      await rows.step(t);
      const x = batchAt(t - 1);
      const named = new Set(x.filter((_, i) => i % SITES < SITES - 1));
      const c = optimiser.coefficients({ lr: 0.05, t }, true);
      for (let i = 0; i < param.length; i++) {
        if (!named.has(Math.floor(i / WIDTH))) {
          rested++;
          continue;
        }
        const state = [mean_[i] as number, square[i] as number];
        const g = probe.memory.groups[0]?.flat.grads[start + i] as number;
        const next = optimiser.apply(numbers, { param: param[i] as number, state }, g, c);
        [param[i], mean_[i], square[i]] = [next.param, ...next.state] as [number, number, number];
      }
      table.params.forEach((v, i) => {
        expect(Math.abs(v - (param[i] as number))).toBeLessThan(2e-5);
      });
    }
    expect(rested).toBeGreaterThan(0);
    await rows.release();
    await probe.release();
  });

  test("whose loss or rows are not finite changes nothing", async () => {
    const rows = await stepperOf(bigram(true), adam());
    const table = rows.memory.tables.get("embedding.table");
    table?.params.fill(1e38, 0, 30 * WIDTH);
    const before = rows.memory.groups[0]?.flat.params.slice();
    const [loss] = await rows.step(1);
    expect(Number.isFinite(loss)).toBe(false);
    expect(rows.memory.groups[0]?.flat.params).toEqual(before);
    await rows.release();
  });
});

async function run(options: FitOptions, hooks: TrainHooks = {}) {
  const events: TrainEvent[] = [];
  const settings = { seed: 3, batch: 40, lr: 0.02, ...options };
  const fitted = await fit(bigram(true), dataset, settings, hooks).result((e) => events.push(e));
  return { fitted, events };
}

describe("a fit by rows", () => {
  test("learns, counts all parameters and returns those of its best epoch", async () => {
    const { fitted, events } = await run({ epochs: 30 });
    const start = events.find((e) => e.type === "start");
    expect(start).toMatchObject({ parameters: STATES * WIDTH + WIDTH * STATES + STATES + STATES });
    const best = events.filter((e) => e.type === "round" && e.best).at(-1);
    const logProb = await fitted.logProb(takeRows(dataset.x, dataset.splits.valid));
    const nll = -logProb.reduce((s, v) => s + v, 0) / logProb.length;
    if (best?.type !== "round") throw new Error("no epoch was the best");
    expect(nll).toBeCloseTo((best.measures.NLL as Estimate).value, 4);
    // The entropy is log 30 + 3 log 3 = 6.70 nats; independent sites would have 4 log 30 = 13.6.
    expect(nll).toBeLessThan(8);
    await fitted.release();
  });

  test("stopped at any checkpoint, also within an epoch, ends with the same bits", async () => {
    const options = { epochs: 3, clip: 1 } as const;
    const saved: Uint8Array[] = [];
    const saveCheckpoint = async (bytes: Uint8Array) => {
      saved.push(bytes);
    };
    const whole = await run(options, { saveCheckpoint });
    let polls = 0;
    const signal = {
      get aborted() {
        return ++polls === 57;
      },
    } as AbortSignal;
    await expect(run(options, { signal, saveCheckpoint })).rejects.toMatchObject({ code: "interrupted" });
    for (const resume of saved) {
      const { fitted } = await run(options, { resume });
      expect(fitted.parameters).toEqual(whole.fitted.parameters);
      await fitted.release();
    }
    await whole.fitted.release();
  });

  test("refuses the checkpoint of a dense fit of the same model, leaving nothing half done", async () => {
    let bytes = new Uint8Array();
    const saveCheckpoint = async (b: Uint8Array) => {
      bytes = b as Uint8Array<ArrayBuffer>;
    };
    await fit(bigram(false), dataset, { epochs: 1 }, { saveCheckpoint }).result();
    await expect(run({ epochs: 1 }, { resume: bytes })).rejects.toThrow(/is of another model/);
  });

  test("keeps slow checkpoints less often, and the last one always", async () => {
    const kept: number[] = [];
    const saveCheckpoint = async (_: Uint8Array, at: { round: number }) => {
      kept.push(at.round);
      await new Promise((resolve) => setTimeout(resolve, 1050));
    };
    await run({ epochs: 3, schedule: "cosine" }, { saveCheckpoint });
    expect(kept).toEqual([0, 3]);
  });
});

describe("row-sparse parameters that cannot be", () => {
  const allocate = (changes: Partial<ExactModel<BigramParameters>>, init?: BigramParameters) => {
    const model = { ...bigram(true), ...changes };
    return () =>
      allocateMemory({
        model,
        initial: init ?? model.init(Key.fromSeed(0)),
        objective: { players: [{ name: "NLL", optimiser: adam(), loss: () => Promise.reject() as never }] },
      });
  };

  test("a path that is none, and one with a mask", () => {
    expect(allocate({ sparse: ["embeding"] })).toThrow(/no parameter 'embeding'/);
    expect(allocate({ masks: { shift: new Float32Array(STATES) } })).toThrow(/'shift' have no mask/);
  });

  test("a table beyond WebAssembly's memory is refused before it is allocated", () => {
    const shape = [10_000_000, 40];
    const table = { dtype: "f32", shape, data: new Float32Array(0) } as const;
    const init = { ...bigram(true).init(Key.fromSeed(0)), embedding: { table } };
    expect(allocate({}, init)).toThrow(
      /'embedding.table' of 10000000 rows of 40 numbers takes 4.8 GB with the state of adam/,
    );
  });

  test("one that the loss uses other than by gather", async () => {
    const model = { ...bigram(true), sparse: ["weight"] };
    await expect(stepperOf(model, adam())).rejects.toThrow(/may only be used by gather/);
  });
});
