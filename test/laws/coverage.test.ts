import { expect, test } from "vitest";
import { fillExperiments } from "../../acceptance/coverage/fill.ts";
import { repeated } from "../../acceptance/coverage/run.ts";
import { scoreExperiments } from "../../acceptance/coverage/score.ts";
import { simulateExperiments } from "../../acceptance/coverage/simulate.ts";
import { solveExperiments } from "../../acceptance/coverage/solve.ts";
import { coverageRows, jointPValue } from "../../acceptance/coverage/table.ts";

/** The quick ones among what `npm run acceptance -- coverage` measures with a thousand repetitions. */
const quick = {
  simulate: simulateExperiments.slice(0, 4),
  score: [...scoreExperiments.slice(0, 2), ...scoreExperiments.slice(-1)],
  solve: solveExperiments.slice(1, 2),
  fill: fillExperiments.slice(0, 1),
};

test.each(Object.entries(quick))(
  "errors of the estimates of %s cover, in 100 repetitions",
  async (_, own) => {
    const rows = [];
    for (const experiment of own) rows.push(...coverageRows(await repeated(experiment, 2, 100)));
    expect(rows.length).toBeGreaterThan(own.length);
    expect(jointPValue(rows)).toBeGreaterThan(1e-3);
    for (const { name, unknown, ratio } of rows) {
      expect(unknown, name).toBeLessThan(0.05);
      expect(ratio, name).toBeLessThan(1.5);
    }
  },
);

test("errors that are a third too small, or twice too large, are told by their coverage", () => {
  const grid = Array.from({ length: 500 }, (_, i) => i / 250 - 1 + 1 / 500);
  // Deviations of a normal distribution, in order: Φ⁻¹ by the logistic approximation is near enough here.
  const deviations = grid.map(
    (u) => (Math.sign(u) * Math.log((1 + Math.abs(u)) / (1 - Math.abs(u)))) / 1.702,
  );
  const rowsOf = (error: number) =>
    coverageRows(deviations.map((value) => ({ mean: { estimate: { value, error }, exact: 0 } })));
  expect(jointPValue(rowsOf(1))).toBeGreaterThan(0.01);
  expect(jointPValue(rowsOf(0.67))).toBeLessThan(1e-3);
  expect(jointPValue(rowsOf(2))).toBeLessThan(1e-3);
});
