import { expect, it } from "vitest";
import { ndarray } from "../array.ts";
import { effectiveStates } from "./effective-states.ts";

it("is the number of configurations that are equally frequent, and less where one prevails", () => {
  const rows = (...states: number[][]) => ndarray("u8", [states.length, 2], Uint8Array.from(states.flat()));
  expect(effectiveStates(rows([0, 0], [0, 1], [1, 0], [1, 1]))).toBe(4);
  expect(effectiveStates(rows([0, 1], [0, 1], [1, 0], [1, 0]))).toBe(2);
  expect(effectiveStates(rows([0, 1], [0, 1], [0, 1], [1, 0]))).toBeCloseTo(1.6, 12);
});
