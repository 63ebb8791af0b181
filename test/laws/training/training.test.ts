import { describe, expect, test } from "vitest";
import { isArray } from "../../../src/models/arrays.ts";
import { leavesWithPaths } from "../../../src/tensor/tree.ts";
import type { Course, Plan, Settled } from "../../../src/train/course.ts";
import type { TrainEvent } from "../../../src/train/event.ts";
import type { TrainHooks } from "../../../src/train/hooks.ts";
import { isRange } from "../../../src/train/measure.ts";
import { train } from "../../../src/train/train.ts";
import { stoppedAt } from "../../stopped.ts";
import { times, transposed } from "../matrix.ts";
import {
  counts,
  covariance,
  densityMatrix,
  distinct,
  expectationMaximisation,
  quasiNewton,
} from "./closed.ts";
import {
  average,
  brackets,
  byPath,
  chains,
  codes,
  ending,
  game,
  knobs,
  lazy,
  ownRule,
  prior,
  restart,
  settledAverage,
} from "./courses.ts";
import { alone, means } from "./toy.ts";

/** Codes, then their prior; the better of three starts. */
const codesThenPrior: Plan<Settled> = {
  async next([first, second]) {
    if (second) return { result: second };
    if (!first) return { course: codes(1) };
    return { course: prior(numbersOf(first).map((v, i) => v + (i === 0 ? -1 : 1))) };
  },
};
const restarts: Plan<Settled> = {
  async next(ended) {
    const from = [1.5, -1.5, 0.6][ended.length];
    if (from !== undefined) return { course: restart(from) };
    const height = ({ measures: { height } }: Settled) =>
      height && !isRange(height) ? height.value : Number.NaN;
    return { result: ended.reduce((a, b) => (height(b) < height(a) ? b : a)) };
  },
};

const together = (make: (together: number) => Course): [string, Plan<Settled>][] => [
  [`${make.name}, a step a call`, alone(() => make(1))],
  [`${make.name}, several steps a call`, alone(() => make(16))],
];

/** As many steps as the last stop of a training needs. */
const shortGame = () => game(150);

/** Every path that training can take. */
const paths: readonly [string, Plan<Settled>][] = [
  ...[chains, knobs, lazy, brackets, ending, codes, ownRule].flatMap(together),
  ["a game of two players", alone(shortGame)],
  ["a rule for each path", alone(byPath)],
  ["a slow average of the weights", alone(average)],
  ["expectation maximisation", alone(expectationMaximisation)],
  ["a density matrix", alone(densityMatrix)],
  ["L-BFGS over distinct rows with counts", alone(quasiNewton)],
  ["codes, then their prior", codesThenPrior],
  ["restarts", restarts],
];

const numbersOf = ({ parameters }: Settled): number[] =>
  leavesWithPaths(parameters, isArray).flatMap(([, { data }]) => [...data]);

async function run(plan: Plan<Settled>, hooks: TrainHooks = {}) {
  const events: TrainEvent[] = [];
  const ended = await train(plan, hooks).result((event) => events.push(event));
  return { ended, events };
}

/** What a look tells, without the time it took. */
const looks = (events: readonly TrainEvent[]) =>
  events.flatMap((event) => (event.type === "round" ? [{ ...event, seconds: 0 }] : []));

describe.each(paths)("%s", (_, plan) => {
  test("stopped at any step and resumed, ends with the same bits, and tells the same of every look", async () => {
    const whole = await run(plan);
    expect(numbersOf(whole.ended).every(Number.isFinite)).toBe(true);
    for (const stop of [1, 3, 7, 12, 130]) {
      const { hooks, checkpoint } = stoppedAt(stop);
      const before: TrainEvent[] = [];
      const stopped = await train(plan, hooks)
        .result((event) => before.push(event))
        .catch((error: { code: string }) => error.code);
      if (stopped !== "interrupted") continue;
      const rest = await run(plan, { resume: checkpoint() });
      expect(numbersOf(rest.ended)).toEqual(numbersOf(whole.ended));
      expect([...looks(before), ...looks(rest.events)]).toEqual(looks(whole.events));
    }
  });
});

// Chains draw noise, of which a call of several steps has other numbers.
test.each([knobs, lazy, brackets, ending, codes, ownRule])(
  "%o: several steps a call are the single steps",
  async (make) => {
    const [one, many] = [await run(alone(() => make(1))), await run(alone(() => make(16)))];
    numbersOf(one.ended).forEach((v, i) => {
      expect(Math.abs(v - (numbersOf(many.ended)[i] as number))).toBeLessThan(1e-5);
    });
    expect(looks(many.events).map(({ step }) => step)).toEqual(looks(one.events).map(({ step }) => step));
  },
);

test("expectation maximisation finds the principal components that the eigenvectors give", async () => {
  const { ended, events } = await run(alone(expectationMaximisation));
  const { values, vectors } = eigen(covariance);
  const order = values.map((_, i) => i).sort((a, b) => (values[b] as number) - (values[a] as number));
  const rest = order.slice(2).map((i) => values[i] as number);
  const variance = rest.reduce((s, v) => s + v, 0) / rest.length;
  // W Wᵀ = U (Λ − σ² 1) Uᵀ over the two largest (Tipping & Bishop 1999, equation 15).
  const expected = covariance.map((row, i) =>
    row.map((_, j) =>
      order
        .slice(0, 2)
        .reduce(
          (s, k) =>
            s +
            ((values[k] as number) - variance) * (vectors[i]?.[k] as number) * (vectors[j]?.[k] as number),
          0,
        ),
    ),
  );
  const data = numbersOf(ended);
  const w = covariance.map((_, i) => [data[2 * i] as number, data[2 * i + 1] as number]);
  times(w, transposed(w)).forEach((row, i) => {
    row.forEach((v, j) => {
      expect(Math.abs(v - (expected[i]?.[j] as number))).toBeLessThan(1e-5);
    });
  });
  const last = looks(events).at(-1);
  expect(last?.losses.variance).toBeCloseTo(variance, 7);
});

test("a density matrix has the measured means, where they are those of a state", async () => {
  const { ended } = await run(alone(densityMatrix));
  numbersOf(ended).forEach((v, i) => {
    const [up, down] = counts[i] as readonly [number, number];
    expect(v).toBeCloseTo((up - down) / (up + down), 5);
  });
});

test("L-BFGS finds the logits of the counted rows", async () => {
  const { ended } = await run(alone(quasiNewton));
  const share = [0, 1].map(
    (bit) => distinct.counts.reduce((s, n, row) => s + n * (distinct.rows[2 * row + bit] as number), 0) / 100,
  );
  numbersOf(ended).forEach((v, i) => {
    const p = share[i] as number;
    expect(v).toBeCloseTo(Math.log(p / (1 - p)), 4);
  });
});

test("a game of two quadratics ends at its saddle", async () => {
  const { ended, events } = await run(alone(() => game(1200)));
  const { generator } = ended.parameters as unknown as { generator: { data: Float32Array } };
  generator.data.forEach((v, i) => {
    expect(Math.abs(v - (means[i] as number) / 1.1)).toBeLessThan(0.15);
  });
  const last = looks(events).at(-1);
  expect(Object.keys(last?.losses ?? {}).sort()).toEqual(["critic", "generator"]);
  expect(last?.measures.rows).toEqual({ value: 4, error: 0 });
});

test("the average of the weights is kept, and lies closer to the optimum than they do", async () => {
  const { ended } = await run(alone(average));
  const kept = numbersOf(ended);
  const distance = (values: readonly number[]) =>
    Math.hypot(...values.map((v, i) => v - (means[i] as number)));
  // Adam at 0.05 wanders by about its rate around the optimum; the mean over some twenty steps less.
  expect(distance(kept)).toBeLessThan(0.25);
  const plain = await run(alone(() => brackets(1)));
  expect(kept).not.toEqual(numbersOf(plain.ended));
});

test("what an objective keeps of its parameters, it keeps of their average", async () => {
  const kept = numbersOf((await run(alone(settledAverage))).ended);
  const whole = numbersOf((await run(alone(average))).ended);
  expect(Math.hypot(...kept)).toBeCloseTo(1, 6);
  kept.forEach((v, i) => {
    expect(v).toBeCloseTo((whole[i] as number) / Math.hypot(...whole), 6);
  });
});

test("the better of two minima is kept of several starts", async () => {
  const { ended, events } = await run(restarts);
  expect(numbersOf(ended)[0]).toBeLessThan(-1.3);
  expect(events.filter((event) => event.type === "start").map(({ course }) => course ?? 0)).toEqual([
    0, 1, 2,
  ]);
});

test("a policy ends a training by its own measure, and says why", async () => {
  const { events } = await run(alone(() => ending(1)));
  const done = events.at(-1);
  expect(done).toMatchObject({ type: "done", reason: "automatic" });
  if (done?.type === "done") expect(done.step).toBeLessThan(2000);
});

test("measures of two sides and warnings are told", async () => {
  const { events } = await run(alone(() => brackets(1)));
  expect(events).toContainEqual({ type: "warning", text: "a toy" });
  expect(looks(events)[1]?.measures.length).toMatchObject({ unit: "nats", warnings: ["round 2 alone"] });
});

test("a parameter of two players is refused, and an average of rows that are updated apart", async () => {
  const both = () => {
    const course = shortGame();
    const players = course.objective.players.map((player) => ({ ...player, owns: () => true }));
    return { ...course, objective: { players } } as unknown as Course;
  };
  await expect(run(alone(both))).rejects.toThrow(
    "two players own the parameter 'critic': critic and generator",
  );
  const sparse = () => ({ ...average(), model: { family: "toy", sparse: ["middle"] } }) as Course;
  await expect(run(alone(sparse))).rejects.toThrow("an average of weights is not kept");
});

test("a checkpoint of another course is refused", async () => {
  let bytes: Uint8Array | undefined;
  const saveCheckpoint = async (b: Uint8Array) => {
    bytes = b;
  };
  await run(alone(shortGame), { saveCheckpoint });
  await expect(run(alone(byPath), { resume: bytes as Uint8Array })).rejects.toThrow("is of another model");
});

/** Eigenvalues and eigenvectors (columns) of a symmetric matrix, by Jacobi's rotations. */
function eigen(a: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const n = a.length;
  let m = a.map((row) => [...row]);
  let v: number[][] = a.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 50; sweep++)
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const theta =
          0.5 * Math.atan2(2 * (m[p]?.[q] as number), (m[q]?.[q] as number) - (m[p]?.[p] as number));
        const [c, s] = [Math.cos(theta), Math.sin(theta)];
        const r = m.map((row, i) =>
          row.map((_, j) =>
            i === j ? (i === p || i === q ? c : 1) : i === p && j === q ? s : i === q && j === p ? -s : 0,
          ),
        );
        m = times(times(transposed(r), m), r);
        v = times(v, r);
      }
  return { values: m.map((row, i) => row[i] as number), vectors: v };
}
