import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as exported from "../../src/tensor/ops/index.ts";
import { checkCase } from "./check.ts";
import { elsewhere, operations } from "./operations.ts";

test("every exported operation has its line in the table, or a suite of its own", () => {
  const held = [...Object.keys(operations), ...Object.keys(elsewhere)].sort();
  expect(held).toEqual(Object.keys(exported).sort());
});

describe("value against loops, first and second derivative against central differences", () => {
  for (const [name, draws] of Object.entries(operations))
    test(name, async () => {
      const list = Array.isArray(draws) ? draws : [draws];
      for (const draw of list)
        await fc.assert(
          fc.asyncProperty(fc.gen(), async (g) => checkCase(draw(g))),
          { seed: 20240607, numRuns: list.length > 1 ? 4 : 10 },
        );
    });
});
