import { expect, test } from "vitest";
import { arrayFrom } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { real } from "../data/space.ts";
import { makeRealnvp } from "../models/exact/flows/realnvp.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { fit } from "./fit.ts";
import type { TrainHooks } from "./hooks.ts";

/** Normal columns of very different units: mean 50 and deviation 10⁻³, mean −2 · 10⁴ and deviation 300. */
const units = [
  { mean: 50, deviation: 1e-3 },
  { mean: -2e4, deviation: 300 },
];
const noise = normal(Key.fromSeed(1), 2 * 1200, "f64");
const x = arrayFrom(
  "f32",
  [1200, 2],
  noise.map((v, i) => units[i % 2]!.mean + units[i % 2]!.deviation * v),
);
const dataset = makeDataset({ arrays: { x } }, "units", { space: real([2]) });
const model = makeRealnvp({ space: dataset.space }, { couplings: 2, hidden: 8 });
/** Of the normal distributions that the rows were drawn from; single precision rounds the first column. */
const entropy = units.reduce(
  (s, { deviation }) => s + 0.5 * Math.log(2 * Math.PI * Math.E) + Math.log(deviation),
  0,
);

const run = (epochs: number, hooks: TrainHooks = {}) =>
  fit(model, dataset, { epochs, batch: 50, seed: 4 }, hooks).result() as unknown as Promise<FittedExact>;

test("columns of any units are as easy as standard normal ones: one epoch comes within 0.1 nats", async () => {
  const fitted = await run(1);
  const logProb = await fitted.logProb(dataset.x);
  expect(-logProb.reduce((s, v) => s + v, 0) / logProb.length).toBeLessThan(entropy + 0.1);
  await fitted.release();
});

test("a fit resumed from its first checkpoint, or from a later one, ends with the bits of one without a stop", async () => {
  const whole = await run(4);
  for (const stop of [0, 2]) {
    const checkpoints: Uint8Array[] = [];
    await run(4, { saveCheckpoint: async (bytes) => void checkpoints.push(bytes.slice()) });
    const resumed = await run(4, { resume: checkpoints[stop] as Uint8Array });
    expect(resumed.parameters).toEqual(whole.parameters);
    await resumed.release();
  }
  await whole.release();
});

test("a column that never varies is named before the work", async () => {
  const still = arrayFrom(
    "f32",
    [100, 3],
    Array.from({ length: 300 }, (_, i) => (i % 3 === 1 ? 7 : i)),
  );
  const poor = makeDataset({ arrays: { x: still } }, "still.npy", { space: real([3]) });
  const flow = makeRealnvp({ space: poor.space });
  await expect(fit(flow, poor).result()).rejects.toThrow(
    "still.npy: column 1 is constant over the training rows",
  );
});
