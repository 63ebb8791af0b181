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
  "lattice-field.ts": (output) => {
    const number = (name: string) => {
      const [, value, error] = new RegExp(`${name}:? ([\\d.]+) ± ([\\d.]+)`).exec(output) ?? [];
      return [Number(value), Number(error)] as const;
    };
    expect(number("acceptance")[0]).toBeGreaterThan(0.4);
    // Two ways to one number: beyond 4 σ has p < 1e-4.
    const [flow, chains] = [number("χ₂ by the flow"), number("χ₂ by hybrid Monte Carlo")];
    expect(Math.abs(flow[0] - chains[0]) / Math.hypot(flow[1], chains[1])).toBeLessThan(4);
  },
  "own-data.ts": (output) => {
    const [, nll, error] = /test NLL ([\d.]+) ± ([\d.]+)/.exec(output) ?? [];
    const entropy = Number(/exact entropy ([\d.]+)/.exec(output)?.[1]);
    expect(Math.abs(Number(nll) - entropy) / Number(error)).toBeLessThan(4);
  },
};

test("every example has its line here", () => {
  expect(
    readdirSync(join(root, "examples"))
      .filter((name) => name.endsWith(".ts"))
      .sort(),
  ).toEqual(Object.keys(expected).sort());
});

test.each(Object.entries(expected))("%s", async (name, check) => {
  const { code, output } = await execute(process.execPath, ["scripts/run.js", `examples/${name}`], root);
  expect(code, output).toBe(0);
  check(output);
});
