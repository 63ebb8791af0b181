import { expect, test } from "vitest";
import { ndarray, takeRows } from "../../array.ts";
import { makeDataset } from "../../data/dataset.ts";
import { binary } from "../../data/space.ts";
import { makeRbm } from "../../models/approximate/rbm/rbm.ts";
import { exactLogZ } from "../../models/index.ts";
import { Key } from "../../random/key.ts";
import { uniform } from "../../random/uniform.ts";
import { fit } from "../fit.ts";
import { isRange } from "../measure.ts";
import { planBrackets } from "./bracket-monitor.ts";

const n = 18;
const space = binary([n]);
const rows = 2000;

/** Rows of a chain of spins that like to agree. */
const data = (() => {
  const u = uniform(Key.fromSeed(3), rows * n, "f64");
  const x = new Uint8Array(rows * n);
  u.forEach((v, i) => {
    const before = x[i - 1] as number;
    x[i] = i % n === 0 ? Number(v < 0.5) : v < 0.8 ? before : 1 - before;
  });
  return makeDataset({ arrays: { x: ndarray("u8", [rows, n], x) } }, "chain", { space });
})();

test("a fit whose log Z is not summed is told the NLL of its validation rows from both sides", async () => {
  const model = makeRbm({ space }, { hidden: 17, method: "pcd" });
  const brackets: { epoch: number; lower: number; upper: number }[] = [];
  const fitted = await fit(model, data, { epochs: 40, lr: 0.03, seed: 1 }).result((event) => {
    const nll = event.type === "round" ? event.measures.NLL : undefined;
    if (event.type !== "round" || !nll || !isRange(nll)) return;
    const { lower, upper } = nll;
    brackets.push({
      epoch: event.round,
      lower: lower.value - 4 * lower.error,
      upper: upper.value + 4 * upper.error,
    });
  });
  const x = takeRows(data.x, data.splits.valid);
  const weights = await fitted.logWeight(x);
  const nll =
    (await exactLogZ(model, fitted.parameters)) - weights.reduce((s, w) => s + w, 0) / weights.length;
  await fitted.release();
  const last = brackets.at(-1);
  expect(last?.epoch).toBe(40);
  // Both ends share the error of the mean over rows, which is no part of the question: log Z lies between them without it.
  expect(nll).toBeGreaterThan(last?.lower as number);
  expect(nll).toBeLessThan(last?.upper as number);
  expect(nll).toBeLessThan(n * Math.LN2 - 2);
});

test("brackets take a fifth of the work of the training, and one always follows the last epoch", () => {
  const training = (options: object) => makeRbm({ space }, { method: "pcd", ...options });
  const long = { epochs: 110, steps: 55_000, batch: 100, doubling: false };
  const even = [11, 22, 33, 44, 55, 66, 77, 88, 99, 110];
  expect(planBrackets(training({}), long)).toEqual({ epochs: even, temperatures: 830 });
  expect(planBrackets(training({ sweeps: 100 }), long)).toEqual({ epochs: even, temperatures: 1000 });
  const few = { epochs: 3, steps: 30, batch: 100 };
  for (const doubling of [false, true])
    expect(planBrackets(training({}), { ...few, doubling })).toEqual({ epochs: [3], temperatures: 100 });
  const short = { epochs: 4, steps: 55_000, batch: 100 };
  expect(planBrackets(training({}), { ...short, doubling: false }).epochs).toEqual([1, 2, 3, 4]);
  expect(planBrackets(training({}), { ...short, doubling: true }).epochs).toEqual([1, 2, 4]);
  expect(planBrackets(training({}), { ...long, doubling: true }).epochs).toEqual([
    1, 2, 4, 8, 16, 32, 64, 110,
  ]);
  // As many as a fifth of the work allows, the last ones.
  expect(planBrackets(training({}), { ...long, steps: 7000, doubling: true }).epochs).toEqual([
    16, 32, 64, 110,
  ]);
});
