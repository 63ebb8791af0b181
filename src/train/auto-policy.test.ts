import { describe, expect, test } from "vitest";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { independentMean } from "../stats/index.ts";
import { autoPolicy } from "./auto-policy.ts";
import type { Verdict } from "./course.ts";

const ROWS = 400;
const setup = { lr: 0.01, warmup: 10, first: 100, least: 0, cap: 100_000, mean: independentMean };
const own = normal(Key.fromSeed(1), ROWS, "f64");

/** What a course sees when its held-out rows say `loss(step)` on average, with noise of their own at every look. */
function course(loss: (step: number) => number, changes: Partial<Parameters<typeof autoPolicy>[0]> = {}) {
  const { cap } = { ...setup, ...changes };
  const policy = autoPolicy({ ...setup, ...changes });
  let state = policy.initial;
  let best = { round: 0, step: 0, value: Number.POSITIVE_INFINITY };
  const looks: { step: number; verdict: Verdict<typeof state> }[] = [];
  for (let step = 0; step < cap; ) {
    step = policy.nextLook?.(step, state) as number;
    const round = looks.length + 1;
    const noise = normal(Key.fromSeed(2).fold(step), ROWS, "f64");
    const rows = own.map((v, i) => v + loss(step) + 0.1 * (noise[i] as number));
    const value = rows.reduce((sum, v) => sum + v, 0) / ROWS;
    if (value < best.value) best = { round, step, value };
    const verdict = policy.observe(state, {
      step,
      round,
      best,
      rows,
      value,
      measures: {},
      seconds: step / 100,
    });
    looks.push({ step, verdict });
    state = policy.schema.parse(JSON.parse(JSON.stringify(verdict.state)));
    if (verdict.finished) break;
  }
  const fall = state.fall as NonNullable<typeof state.fall>;
  return { policy, state, fall, looks, last: looks.at(-1) as (typeof looks)[number], best };
}

describe("a training that ends when it is done", () => {
  test("does not fall before the least steps, whatever held-out rows can tell", () => {
    const { fall } = course(() => 0, { least: 5000 });
    expect(fall.from).toBeGreaterThanOrEqual(5000);
    expect(course(() => 0).fall.from).toBeLessThan(500);
  });

  test("ends about when its time is over, at a step that its state keeps", () => {
    // A hundred steps a second, and gains without an end.
    const { fall, last, looks } = course((step) => 10 - Math.log(step), { time: 140 });
    expect(last.verdict.finished).toBe("time");
    expect(fall.from).toBeGreaterThanOrEqual(10_000);
    expect(fall.to).toBeLessThan(14_000 * 1.15);
    expect(looks.filter(({ verdict }) => verdict.keep)).toHaveLength(1);
  });

  test("goes on while held-out rows gain, and falls once they do not", () => {
    const { fall, last, looks } = course((step) => 2 * Math.exp(-step / 2000));
    // The gain of a third of the steps is below what 400 rows can tell from some 15,000 steps on.
    expect(fall.from).toBeGreaterThan(8000);
    expect(fall.from).toBeLessThan(30_000);
    expect(last.verdict.finished).toBe("gained no more");
    expect(looks.length).toBeLessThan(50);
  });

  test("lets the rate fall in a straight line to 0 over 40 % of the steps of the best", () => {
    const { policy, state, fall } = course((step) => 2 * Math.exp(-step / 2000));
    const rate = (step: number) => policy.rate({ step, update: 0, updates: 1 }, state);
    expect(policy.rate({ step: 4, update: 0, updates: 1 }, policy.initial)).toBeCloseTo(0.005);
    expect(policy.rate({ step: 500, update: 0, updates: 1 }, policy.initial)).toBe(0.01);
    expect(rate(fall.from)).toBe(0.01);
    expect(rate((fall.from + fall.to) / 2)).toBeCloseTo(0.005, 4);
    expect(rate(fall.to)).toBe(0);
    expect((fall.to - fall.from) / fall.from).toBeLessThanOrEqual(0.41);
  });

  test("goes back to the best where rows get worse", () => {
    const { looks, fall, best } = course((step) => ((step - 3000) / 3000) ** 2);
    const turning = looks.find(({ step }) => step === fall.from);
    expect(turning?.verdict.restore).toBe(true);
    expect(best.step).toBeGreaterThan(2000);
    expect(best.step).toBeLessThan(4000);
    expect(fall.to - fall.from).toBe(Math.ceil(0.4 * best.step));
  });

  test("falls early enough to end at the cap", () => {
    const { last, fall } = course((step) => -Math.log(step), { cap: 5000 });
    expect(fall.from).toBe(Math.floor(5000 / 1.4));
    expect(last.step).toBe(5000);
    expect(last.verdict.finished).toBe("steps");
  });

  test("ends at once where the cap leaves no room", () => {
    expect(course(() => 0, { cap: 1 }).last).toMatchObject({ step: 1, verdict: { finished: "steps" } });
  });
});
