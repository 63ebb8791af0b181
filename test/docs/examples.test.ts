import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { execute } from "../execute.ts";
import { root } from "./pages.ts";

// They run on the built package: `npm test` builds it first.

/** What an example's output must show: each is held against a value that is known without the model. */
const expected: Readonly<Record<string, (output: string) => void>> = {
  "ising.ts": (output) => {
    // −0.9750067 by the eigenvalues of the 64 × 64 transfer matrix (numpy).
    const [, sigmas] =
      /energy per site of the model: .* \(exact -0\.9750067, ([+-][\d.]+)σ\)/.exec(output) ?? [];
    expect(Math.abs(Number(sigmas))).toBeLessThan(4);
  },
  "pseudo-likelihood.ts": (output) => {
    const beta = Number(/step 5: β = ([\d.]+)/.exec(output)?.[1]);
    // 2,000 configurations of 256 sites fix β to about 0.001.
    expect(Math.abs(beta - 0.4)).toBeLessThan(0.005);
  },
  "own-data.ts": (output) => {
    const [, nll, error] = /test NLL ([\d.]+) ± ([\d.]+)/.exec(output) ?? [];
    const entropy = Number(/exact entropy ([\d.]+)/.exec(output)?.[1]);
    expect(Math.abs(Number(nll) - entropy) / Number(error)).toBeLessThan(4);
  },
};

test("every example has its line here", () => {
  expect(readdirSync(join(root, "examples")).sort()).toEqual(Object.keys(expected).sort());
});

test.each(Object.entries(expected))("%s", async (name, check) => {
  const { code, output } = await execute(process.execPath, ["scripts/run.js", `examples/${name}`], root);
  expect(code, output).toBe(0);
  check(output);
});
