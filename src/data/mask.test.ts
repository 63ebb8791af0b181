import { describe, expect, it } from "vitest";
import { arrayFrom, ndarray } from "../array.ts";
import { makeDataset } from "./dataset.ts";
import { requireKnownSites } from "./mask.ts";

const x = arrayFrom(
  "u8",
  [30, 4],
  Array.from({ length: 120 }, (_, i) => ((i * 7919) >> 3) & 1),
);
const ones = () => ndarray("bool", [30, 4], new Uint8Array(120).fill(1));
const holed = () => {
  const mask = ones();
  mask.data.set([0, 0], 41);
  return mask;
};

describe("the mask of a dataset", () => {
  it("is kept, and rows with unknown sites are told", () => {
    const whole = makeDataset({ arrays: { x, mask: ones() } }, "x.npz");
    expect(whole.mask).toEqual(ones());
    requireKnownSites(whole, [10, 29], "a fit of made");
    const dataset = makeDataset({ arrays: { x, mask: holed() } }, "x.npz");
    requireKnownSites(dataset, [9, 11], "a fit of made");
    expect(() => requireKnownSites(dataset, [29, 10], "a fit of made")).toThrow(
      "x.npz: by its mask 2 sites are unknown in 1 row, the first in row 10; a fit of made takes whole rows alone",
    );
  });

  it.each([
    [
      arrayFrom("bool", [4, 30], new Array(120).fill(1)),
      "x.npz: the mask has shape [4, 30]; it needs one value",
    ],
    [arrayFrom("bool", [4], [1, 1, 1, 0]), "x.npz: the mask has shape [4]"],
    [
      arrayFrom("f64", [30, 4], new Array(120).fill(0.5)),
      "the mask holds 0.5; it is 1 (known) or 0 (unknown)",
    ],
  ])("is refused in another shape or with other values (%#)", (mask, message) => {
    expect(() => makeDataset({ arrays: { x, mask } }, "x.npz")).toThrow(message);
  });
});

it("refuses rows that come both in one piece and split", () => {
  expect(() => makeDataset({ arrays: { x, train: x } }, "x.npz")).toThrow(
    "x.npz: has both x and train; save the rows in one piece or split, not both",
  );
  expect(() => makeDataset({ arrays: { x, test: x } }, "x.npz")).toThrow("has both x and test");
  expect(() => makeDataset({ arrays: { train: x, context: x, train_context: x } }, "x.npz")).toThrow(
    "has both context and train_context",
  );
});
