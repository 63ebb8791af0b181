import { expect, test } from "vitest";
import { Key, uniform } from "../../random/index.ts";
import { nearestNeighbours } from "./nearest.ts";

const [rows, width] = [400, 24];

/** Rows of independent spins, ±1, as a table; the first of them are replaced by `copies`. */
function spins(seed: number, copies: Float64Array = new Float64Array()) {
  const values = Float64Array.from(uniform(Key.fromSeed(seed), rows * width, "f32"), (u) =>
    u < 0.5 ? -1 : 1,
  );
  values.set(copies);
  const table = { names: Array.from({ length: width }, (_, i) => `column ${i}`), rows, values };
  return { values: table, features: table, parents: { name: "rows", rows } };
}

const up = (count: number) => new Float64Array(count * width).fill(1);

test("one likely configuration drawn again and again is not memorised; copies of many training rows are", () => {
  const train = spins(1, up(1));
  const held = spins(2);
  const cases = {
    fresh: spins(3),
    repeated: spins(3, up(80)),
    copied: spins(3, train.values.values.slice(0, 80 * width)),
  };
  const found = Object.entries(cases).map(([name, candidates]) => {
    const { verdict, standOut } = nearestNeighbours(train, held, candidates);
    return [name, verdict === "memorised", standOut.value > 0.1];
  });
  expect(found).toEqual([
    ["fresh", false, false],
    ["repeated", false, false],
    ["copied", true, true],
  ]);
});
