import { expect, test } from "vitest";
import { ndarray, takeRows } from "../array.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import { categorical } from "../data/space.ts";
import { isArray } from "../models/arrays.ts";
import type { GradientPlayer } from "../models/contract.ts";
import { makeMade } from "../models/exact/made/made.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { adam, adamw } from "../optim/index.ts";
import { Key } from "../random/key.ts";
import { uniform } from "../random/uniform.ts";
import type { Estimate } from "../stats/index.ts";
import { leavesWithPaths } from "../tensor/tree.ts";
import { chunkedStepper } from "./chunked-stepper.ts";
import type { EventOf, TrainEvent } from "./event.ts";
import { fit } from "./fit.ts";
import { fitCourse } from "./fit-course.ts";
import type { TrainHooks } from "./hooks.ts";
import { allocateMemory } from "./memory.ts";
import type { FitOptions } from "./options.ts";
import { type PlayerSetup, playerSetup } from "./player-setup.ts";
import { fitSettings } from "./settings.ts";
import { singleStepper } from "./single-stepper.ts";
import { validationRows } from "./validator.ts";

/** Rows of six bits, each equal to the one before with probability 0.8: entropy log 2 + 5 H(0.8) = 3.195 nats. */
function chainData(rows: number): Dataset {
  const u = uniform(Key.fromSeed(4), rows * 6, "f64");
  const data = new Uint8Array(rows * 6);
  u.forEach((v, i) => {
    data[i] = i % 6 === 0 ? Number(v < 0.5) : v < 0.8 ? (data[i - 1] as number) : 1 - (data[i - 1] as number);
  });
  return makeDataset({ arrays: { x: ndarray("u8", [rows, 6], data) } }, "chain");
}
/** The validation NLL of an epoch. */
const validOf = ({ measures }: EventOf<"round">) => measures.NLL as Estimate;
const entropy = Math.LN2 - 5 * (0.8 * Math.log(0.8) + 0.2 * Math.log(0.2));
const dataset = chainData(4000);
const model = makeMade({ space: dataset.space }, { hidden: 8 });

async function run(
  options: FitOptions,
  hooks: TrainHooks = {},
): Promise<{ fitted: FittedExact; events: TrainEvent[] }> {
  const events: TrainEvent[] = [];
  const fitted = await fit(model, dataset, { seed: 3, ...options }, hooks).result((e) => events.push(e));
  return { fitted: fitted as unknown as FittedExact, events };
}

test("a fit reaches the entropy of its data, and returns the parameters of its best epoch", async () => {
  const { fitted, events } = await run({ epochs: 30, batch: 50, lr: 0.01 });
  const epochs = events.filter((e) => e.type === "round");
  const last = events.at(-1);
  expect(last?.type).toBe("done");
  const best = epochs.reduce((a, b) => (validOf(b).value < validOf(a).value ? b : a));
  expect(last).toMatchObject({ best: best.round });
  // The KL divergence is at most a few parameters over twice the rows; the validation rows fluctuate by their error.
  expect(Math.abs(validOf(best).value - entropy)).toBeLessThan(3 * validOf(best).error);
  const logProb = await fitted.logProb(dataset.x);
  expect(-logProb.reduce((s, v) => s + v, 0) / logProb.length).toBeLessThan(entropy + 0.02);
  await fitted.release();
});

test("of a fit that overfits, the best parameters are returned, not the last", async () => {
  const few = chainData(60);
  const big = makeMade({ space: few.space }, { hidden: 200 });
  const epochs: EventOf<"round">[] = [];
  const options = { epochs: 40, batch: 10, lr: 0.02, patience: 0, schedule: "constant", seed: 1 } as const;
  const fitted = await fit(big, few, options).result((e) => {
    if (e.type === "round") epochs.push(e);
  });
  const best = epochs.filter((e) => e.best).at(-1);
  const logProb = await fitted.logProb(takeRows(few.x, few.splits.valid));
  const nll = -logProb.reduce((s, v) => s + v, 0) / logProb.length;
  expect(nll).toBeCloseTo(validOf(best as EventOf<"round">).value, 4);
  expect(validOf(epochs.at(-1) as EventOf<"round">).value).toBeGreaterThan(nll + 0.05);
  await fitted.release();
});

test("masked weights stay zero through training", async () => {
  const { fitted } = await run({ epochs: 2 });
  for (const [path, { data }] of leavesWithPaths(fitted.parameters, isArray)) {
    const mask = model.masks?.[path];
    if (mask) expect(data.every((w, i) => mask[i] === 1 || w === 0)).toBe(true);
  }
  await fitted.release();
});

test("several steps in one call are the single steps, with weight decay, clipping and masks", async () => {
  const spared: typeof model = { ...model, decays: () => false };
  for (const [optimiser, clip, each] of [
    [adam(), 0, model],
    [adamw({ weightDecay: 0.1 }), 0.5, model],
    [adamw({ weightDecay: 0.1 }), 0, spared],
  ] as const) {
    const make = () => {
      const course = fitCourse(each, dataset, fitSettings({ batch: 10, clip }), { used: [], unlike: [] });
      const [player] = course.objective.players as [GradientPlayer];
      const own = { ...player, optimiser };
      const memory = allocateMemory({
        model: course.model,
        initial: each.init(Key.fromSeed(1)),
        objective: { players: [own] },
      });
      return playerSetup(course, memory, own, 0);
    };
    const [one, many] = [make(), make()];
    const single = await singleStepper(one);
    const chunked = await chunkedStepper(many, 8);
    const x = Float32Array.from(dataset.x.data.slice(0, 8 * 10 * 6) as Uint8Array);
    const key = Key.fromSeed(0);
    const lr = Array.from({ length: 8 }, (_, i) => 0.01 / (i + 1));
    const losses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const input = {
        x: x.subarray(i * 60, (i + 1) * 60),
        context: undefined,
        knobs: new Float32Array(0),
        lr: [lr[i] as number],
        t: i + 1,
        key,
      };
      losses.push((await single.run(input)).losses[0] as number);
    }
    const knobs = new Float32Array(0);
    const { losses: together } = await chunked.run({ x, context: undefined, knobs, lr, t: 1, key });
    together.forEach((loss, i) => {
      expect(loss).toBeCloseTo(losses[i] as number, 5);
    });
    const params = (setup: PlayerSetup<never>) => setup.groups[0]?.flat.params as Float32Array;
    params(one as never).forEach((v, i) => {
      expect(Math.abs(v - (params(many as never)[i] as number))).toBeLessThan(2e-6);
    });
    await single.release();
    await chunked.release();
  }
});

test("stopped at any checkpoint and resumed, the same bits and the same events", async () => {
  const options = {
    epochs: 6,
    batch: 40,
    augment: ["flip"],
    schedule: "plateau",
    clip: 1,
  } satisfies FitOptions;
  const saved: Uint8Array[] = [];
  const keep: TrainHooks = {
    saveCheckpoint: async (bytes) => {
      saved.push(bytes);
    },
  };
  const whole = await run(options, keep);
  const timeless = (events: TrainEvent[]) =>
    events.filter((e) => e.type === "round").map(({ seconds: _, ...rest }) => rest);
  for (const [i, resume] of saved.entries()) {
    const rest = await run(options, { resume });
    expect(rest.fitted.parameters).toEqual(whole.fitted.parameters);
    expect(timeless(rest.events)).toEqual(timeless(whole.events).slice(i));
    await rest.fitted.release();
  }
  // One at the start, one after every epoch.
  expect(saved.length).toBe(7);
});

test("an abort saves a checkpoint in the middle of an epoch, from which the fit ends with the same bits", async () => {
  const options = { epochs: 3, batch: 20, schedule: "cosine" } as const;
  const whole = await run(options);
  let polls = 0;
  let at = { round: 0, step: 0 };
  let resume: Uint8Array | undefined;
  const hooks: TrainHooks = {
    // Asked before every call of a stepper: the eighth lies inside the second epoch.
    signal: {
      get aborted() {
        return ++polls === 8;
      },
    } as AbortSignal,
    saveCheckpoint: async (bytes, where) => {
      resume = bytes;
      at = where;
    },
  };
  await expect(run(options, hooks)).rejects.toMatchObject({ code: "interrupted" });
  expect(at.round).toBe(1);
  expect(at.step % 160).not.toBe(0);
  const rest = await run(options, { resume: resume as Uint8Array });
  expect(rest.fitted.parameters).toEqual(whole.fitted.parameters);
});

test("early stopping ends a fit that no longer improves", async () => {
  const { events } = await run({ epochs: 200, lr: 0.05, patience: 2, schedule: "constant" });
  const done = events.at(-1);
  expect(done).toMatchObject({ type: "done", reason: "patience" });
  if (done?.type === "done") expect(done.round - done.best).toBe(2);
});

test("a loss that is no longer finite stops the fit, naming the step and the learning rate", async () => {
  let saved = 0;
  const hooks: TrainHooks = {
    saveCheckpoint: async () => {
      saved++;
    },
  };
  const failure = run({ epochs: 50, lr: 1e30, optimiser: "sgd", schedule: "constant" }, hooks);
  await expect(failure).rejects.toMatchObject({ code: "failure" });
  await expect(failure).rejects.toThrow(
    /no longer finite at step \d+ \(learning rate 1\.00e\+30\); try a smaller learning rate/,
  );
  expect(saved).toBeGreaterThan(0);
});

test("a checkpoint of another model is refused", async () => {
  let bytes: Uint8Array | undefined;
  const keep = async (b: Uint8Array) => {
    bytes = b;
  };
  await run({ epochs: 1 }, { saveCheckpoint: keep });
  const other = makeMade({ space: dataset.space }, { hidden: 9 });
  await expect(fit(other, dataset, {}, { resume: bytes as Uint8Array }).result()).rejects.toThrow(
    /another model/,
  );
});

test("validation takes the rows it is told to, at random, and fewer where they have very many states", async () => {
  const { fitted, events } = await run({ epochs: 1, validRows: 50, schedule: "cosine" });
  expect(events.find((e) => e.type === "start")).toMatchObject({ rows: { train: 3200, valid: 50 } });
  const { valid } = dataset.splits;
  const some = validationRows(valid, dataset.space, 50, Key.fromSeed(3).split(5)[4] as Key);
  expect(new Set(some).size).toBe(50);
  expect(some.every((row) => valid.includes(row))).toBe(true);
  expect(some).not.toEqual(valid.slice(0, 50));
  const logProb = await fitted.logProb(takeRows(dataset.x, some));
  const epoch = events.find((e) => e.type === "round");
  if (epoch?.type !== "round") throw new Error("no epoch ended");
  expect(validOf(epoch).value).toBeCloseTo(-logProb.reduce((s, v) => s + v, 0) / 50, 4);
  await fitted.release();
  const key = Key.fromSeed(0);
  expect(validationRows(valid, dataset.space, 0, key)).toBe(valid);
  expect(validationRows(valid, categorical([50], 1_000_000), 0, key).length).toBe(100);
  expect(validationRows(valid, categorical([50], 1_000_000), 120, key).length).toBe(120);
});

test("a fit that ends worse than it began says so, and no other does", async () => {
  const warnings = (events: readonly TrainEvent[]) => events.filter((e) => e.type === "warning");
  const wild = await run({ epochs: 2, batch: 50, lr: 100, schedule: "constant" });
  expect(warnings(wild.events)).toEqual([
    { type: "warning", text: expect.stringMatching(/^training diverged: the validation NLL per site is /) },
  ]);
  await wild.fitted.release();
  const tame = await run({ epochs: 2, batch: 50, lr: 0.01, schedule: "constant" });
  expect(warnings(tame.events)).toEqual([]);
  await tame.fitted.release();
});

test("options out of range are named", async () => {
  await expect(run({ epochs: 0 })).rejects.toThrow(/fit: epochs/);
  await expect(run({ epocs: 3 } as never)).rejects.toThrow(/epocs/);
});
