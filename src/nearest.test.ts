import { expect, test } from "vitest";
import { AnsatzError } from "./error.ts";
import { alternatives } from "./nearest.ts";

test("what is no name at all, as a program without types may give, has alternatives too", () => {
  expect(alternatives(null as unknown as string, ["wolff", "metropolis"])).toBe(
    " (there are wolff, metropolis)",
  );
});

test("an error cuts the values that it repeats, and nothing else", () => {
  const long = "x ".repeat(300);
  const { message } = new AnsatzError(
    "usage",
    `the model's option takes a number, not '${long}' or ${"y".repeat(300)}; give 1`,
  );
  expect(message).toBe(
    `the model's option takes a number, not '${long.slice(0, 200)}…' or ${"y".repeat(200)}…; give 1`,
  );
  const plain = `${"the model's words ".repeat(30)}stay`;
  expect(new AnsatzError("usage", plain).message).toBe(plain);
});
