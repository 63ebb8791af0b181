import { expect, test } from "vitest";
import type { ExactScore } from "../evaluate/index.ts";
import { scoreSentence } from "./score-rows.ts";

const estimate = { value: 1.619, error: 0.01 };
const score: ExactScore = {
  kind: "exact",
  ...{ logProb: estimate, nll: estimate, nllPerSite: estimate, count: 500 },
};

test("the bound of grey levels is called one, an exact likelihood is not", () => {
  const levels = { noise: "uniform", bitsPerDimension: estimate } as const;
  expect(scoreSentence({ ...score, levels }, "rows")).toMatch(/log-likelihood is at most 1\.619/);
  expect(scoreSentence(score, "rows")).toMatch(/log-likelihood is 1\.619/);
});
