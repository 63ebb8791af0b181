import { expect, it } from "vitest";
import type { Explanation } from "../explain/index.ts";
import { explanationText } from "./explanation-text.ts";

/** Names of the terms that are printed of fields of these sizes, site by site, top down. */
function printed(fields: readonly number[]): string[] {
  const explanation: Explanation = {
    method: "least squares",
    shape: [fields.length],
    order: 1,
    symmetry: [],
    undecided: [],
    coefficients: fields.map((value, site) => ({
      term: { products: [[site]] },
      estimate: { value, error: 0.01 },
    })),
    candidates: fields.length,
    screened: fields.length,
    rows: 100,
    frozen: [],
    held: { r2: { value: 1, error: 0 }, residual: 0, rows: 100 },
  };
  const text = explanationText({ source: "run", what: "a model", explanation }, undefined);
  return [...text.matchAll(/^(s\d+) /gm)].map(([, name = ""]) => name);
}

it("the largest of many terms stand in the order of their size, whatever their sign", () => {
  const fields = Array.from(
    { length: 20 },
    (_, site) => (site % 2 ? -1 : 1) * (0.1 + 0.01 * ((site * 7) % 20)),
  );
  const largest = [...fields.keys()].sort((a, b) => Math.abs(fields[b]!) - Math.abs(fields[a]!));
  expect(printed(fields)).toEqual(largest.slice(0, 16).map((site) => `s${site}`));
});

it("a few stand as the formula has them", () => {
  expect(printed([0.1, -0.5, 0.3])).toEqual(["s0", "s1", "s2"]);
});
