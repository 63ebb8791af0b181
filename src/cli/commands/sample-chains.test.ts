import { expect, it } from "vitest";
import { chainWarnings } from "./sample-chains.ts";

const moving = { tau: 3, tauError: 0.2, reliable: true } as never;

it("chains that differ by no more than their length allows are not said to disagree", () => {
  expect(chainWarnings({ tau: moving, thin: 10, rHat: 1.03, sweeps: 300 })).toEqual([]);
  expect(chainWarnings({ tau: moving, thin: 10, rHat: 1.03, sweeps: 30_000 })).toEqual([
    expect.stringMatching(/^R̂ = 1.030: the chains disagree/),
  ]);
});

it("chains that stay where they are are told, however short: each moves little about a mean of its own", () => {
  expect(chainWarnings({ tau: moving, thin: 10, rHat: 1.2, sweeps: 300 })).toHaveLength(1);
  const unknown = { tau: 30, tauError: 20, reliable: false } as never;
  expect(chainWarnings({ tau: unknown, thin: 10, rHat: 1.03, sweeps: 300 })).toHaveLength(2);
});
