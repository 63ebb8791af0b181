import { expect, it } from "vitest";
import { spaceHint } from "./values.ts";

it("suggests the space that values fit, and a shift where states count from 1", () => {
  expect(spaceHint([0, 2, 1])).toBe("use --space categorical:3");
  expect(spaceHint([1, 3, 2])).toMatch(/^shift the values to 0..2 and use --space categorical:3/);
  expect(spaceHint([0, 254, 3])).toMatch(/^use --space levels:256 for grey levels/);
  expect(spaceHint([0, 0.5])).toBe("use --space real");
});
