import { expect, test } from "vitest";
import type { NDArray } from "../../../array.ts";
import { Key } from "../../../random/key.ts";
import { jit } from "../../../runtime/jit.ts";
import { chiSquaredTest } from "../../../stats/index.ts";
import type { SymbolicKey } from "../../../tensor/index.ts";
import { randomOrders } from "./random-orders.ts";

test("each row has an order of its own, and all orders are equally likely", async () => {
  const rows = 6000;
  const f = jit((key: SymbolicKey) => randomOrders(rows, 4, key));
  const orders = (await f(Key.fromSeed(4))) as NDArray<"i32">;
  expect(orders.shape).toEqual([rows, 4]);
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const order = [...orders.data.subarray(4 * row, 4 * row + 4)];
    expect(order.toSorted()).toEqual([0, 1, 2, 3]);
    counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  expect(chiSquaredTest([...counts.values()], Array(24).fill(rows / 24)).pValue).toBeGreaterThan(1e-3);
  await f.release();
});

test("orders of many sites are permutations, whatever numbers are equal", async () => {
  // Numbers have 24 bits: about two pairs of these are equal.
  const [rows, sites] = [10, 2500];
  const f = jit((key: SymbolicKey) => randomOrders(rows, sites, key));
  const { data } = (await f(Key.fromSeed(5))) as NDArray<"i32">;
  for (let row = 0; row < rows; row++)
    expect(new Set(data.subarray(row * sites, (row + 1) * sites)).size).toBe(sites);
  await f.release();
});
