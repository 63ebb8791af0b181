import { expect, test } from "vitest";
import { sharedOptions } from "./shared-options.ts";

test("options that fits have alike are told apart from those of one of them", () => {
  const made = { lr: 0.001, augment: ["flip"], epochs: 3 };
  expect(sharedOptions([made, { lr: 0.003, augment: ["flip"] }])).toEqual({
    shared: { augment: ["flip"] },
    own: [{ lr: 0.001, epochs: 3 }, { lr: 0.003 }],
  });
  expect(sharedOptions([made])).toEqual({ shared: made, own: [{}] });
});
