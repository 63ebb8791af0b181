import { expect, test } from "vitest";
import { ndarray } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { createModel } from "../models/registry.ts";
import { fit } from "./fit.ts";

const x = ndarray(
  "u8",
  [40, 2],
  Uint8Array.from({ length: 80 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
);
const dataset = makeDataset({ arrays: { x } }, "all", { split: "none", rows: "independent" });

test("rows that are not split are all fitted, without validation", async () => {
  expect([dataset.splits.train.length, dataset.splits.valid.length, dataset.splits.test.length]).toEqual([
    40, 0, 0,
  ]);
  const model = createModel("made", dataset.space, { hidden: 4 });
  const events: string[] = [];
  await fit(model, dataset, { epochs: 2, schedule: "cosine", batch: 40 }).result((event) => {
    if (event.type === "start") expect(event).toMatchObject({ rows: { train: 40, valid: 0 } });
    if (event.type === "round") expect(event.measures).toEqual({});
    events.push(event.type);
  });
  expect(events).toContain("done");
});

test("a fit that ends by its validation refuses them", async () => {
  const training = fit(createModel("made", dataset.space, { hidden: 4 }), dataset, { epochs: 2 });
  await expect(training.result()).rejects.toThrow("a schedule other than auto");
});
