import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../array.ts";
import { binary, categorical, real } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { jit } from "../../../runtime/jit.ts";
import type { Tensor } from "../../../tensor/index.ts";
import { mapTree } from "../../../tensor/tree.ts";
import { isArray } from "../../arrays.ts";
import type { Symbolic } from "../../contract.ts";
import { makeMade } from "./made.ts";
import { blocksOf, makeOrdering } from "./masks.ts";
import { forward, type MadeParameters, maskedBy } from "./network.ts";

const orders = [
  ["natural", Uint32Array.from([0, 1, 2, 3, 4, 5, 6])],
  ["another", Uint32Array.from([3, 0, 6, 2, 5, 1, 4])],
] as const;

test.each(orders)(
  "in %s order, flipping an input leaves the logits of its site and of all before it unchanged",
  async (_, order) => {
    for (const [space, states] of [
      [binary([7]), 1],
      [categorical([7], 3), 3],
    ] as const) {
      const hidden = [11, 6];
      const model = makeMade({ space }, { hidden });
      const key = Key.fromSeed(3);
      let i = 0;
      const parameters = mapTree(model.init(key), isArray, (a) => ({
        ...a,
        data: normal(key.fold(++i), a.data.length, "f32") as Float32Array,
      })) as MadeParameters;
      const ordering = makeOrdering(order, hidden, key);
      const blocks = blocksOf(ordering, states, 1);
      const logits = jit(
        (p: Symbolic<MadeParameters>, x: Tensor) =>
          forward(maskedBy(p, blocks), { space, activation: "tanh", spins: false }, x),
        { batch: [1] },
      );
      const dtype = states === 1 ? "f32" : "i32";
      const base = [0, 1, 1, 0, 1, 0, 0];
      const rows = [
        base,
        ...base.map((_, j) => base.map((v, k) => (k === j ? (states === 1 ? 1 - v : v + 1) : v))),
      ];
      const y = (await logits(
        parameters as never,
        arrayFrom(dtype, [rows.length, 7], rows.flat()),
      )) as NDArray<"f32">;
      const logit = (row: number, site: number) => [
        ...y.data.slice((row * 7 + site) * states, (row * 7 + site + 1) * states),
      ];
      let moved = 0;
      for (let j = 0; j < 7; j++)
        for (let site = 0; site < 7; site++) {
          const later = (ordering.positions[site] as number) > (ordering.positions[j] as number);
          const changed = logit(j + 1, site).some((v, k) => v !== logit(0, site)[k]);
          if (!later) expect(changed, `site ${site} sees ${j}`).toBe(false);
          else if (changed) moved++;
        }
      // Every later site but the few that no hidden unit happens to join does see the flip: direct links see to it.
      expect(moved).toBe(21);
      await logits.release();
    }
  },
);

test("every position but the last has hidden units of its own degree", () => {
  const { degrees } = makeOrdering(
    Uint32Array.from({ length: 10 }, (_, i) => i),
    [20, 9],
  );
  for (const layer of degrees) expect(new Set(layer).size).toBe(9);
});

test("one site is a bias alone, and its probabilities sum to 1", async () => {
  const model = makeMade({ space: binary([1]) }, { hidden: 4 });
  const logProb = jit((p: Symbolic<MadeParameters>, x: Tensor) => model.logProb(p, x), { batch: [1] });
  const { data } = (await logProb(
    model.init(Key.fromSeed(0)) as never,
    arrayFrom("f32", [2, 1], [0, 1]),
  )) as NDArray<"f32">;
  expect(Math.exp(data[0] as number) + Math.exp(data[1] as number)).toBeCloseTo(1, 6);
  await logProb.release();
});

test("spaces and symmetries it does not have are refused", () => {
  expect(() => makeMade({ space: real([4]) }, {})).toThrow(/not real ones/);
  expect(() => makeMade({ space: categorical([4], 3) }, { z2: true })).toThrow(/binary space/);
});
