import { expect, test } from "vitest";
import { categorical } from "../data/space.ts";
import { createModel } from "../models/registry.ts";
import { checkFitSize, checkModelSize } from "./size.ts";

const domain = { space: categorical([16], 1000) };
const hyperparameters = { hidden: 100, direct: false };

test("a model is refused for its parameters, and its fit for what the machine has", () => {
  // 16,000 numbers in and out through 100 units: 3.2 million parameters of 36 bytes.
  expect(() => checkModelSize("made", domain, hyperparameters)).not.toThrow();
  expect(() => checkFitSize("made", domain, hyperparameters, 120e6)).not.toThrow();
  expect(() => checkFitSize("made", domain, hyperparameters, 110e6)).toThrow(
    "fitting made on 16 sites with 1000 states takes up to 0.12 GB for 3.2e+6 parameters, and this machine has 0.11 GB",
  );
  expect(() => createModel("made", domain, { hidden: 50_000 })).toThrow("about 1.9e+9 parameters");
  expect(() => checkFitSize("made", domain, { hidden: 50_000 }, 1e15)).toThrow(
    "made on 16 sites with 1000 states would have about 1.9e+9 parameters; at most 5e+8 are allowed",
  );
});
