import { expect, it } from "vitest";
import { notFinite } from "./not-finite.ts";

it("says what to change, by whether a step was taken, and names a checkpoint that has learned something", () => {
  const at = { taken: 700, step: 700, lr: 0.01, saved: 500, atOnce: "take a smaller beta" };
  expect(notFinite(at).message).toBe(
    "the loss is no longer finite at step 700 (learning rate 0.0100); try a smaller learning rate or clip the gradient; " +
      "the checkpoint of step 500 is kept",
  );
  expect(notFinite({ ...at, saved: 0 }).message).toMatch(/clip the gradient$/);
  expect(notFinite({ ...at, taken: 0, step: 0 }).message).toMatch(
    /before the first step is taken; take a smaller beta$/,
  );
});
