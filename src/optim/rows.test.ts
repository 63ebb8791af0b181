import { expect, test } from "vitest";
import { adam, adamw, coalesceRows, flatParameters, rowTable, sgd, snapshot } from "./index.ts";

test("duplicate rows are summed, in the order of first occurrence", () => {
  const gradient = {
    ids: Int32Array.of(7, 2, 7, 0, 2, 7),
    grads: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60),
    width: 2,
  };
  const summed = coalesceRows(gradient);
  expect([...summed.ids]).toEqual([7, 2, 0]);
  expect([...summed.grads]).toEqual([10, 100, 7, 70, 4, 40]);
  expect(coalesceRows(summed)).toBe(summed);
});

test("rows that are touched step as in a dense vector; the others keep their bits", () => {
  const [rows, width] = [700, 3];
  const optimiser = adamw();
  const { stateVectors } = optimiser;
  const table = rowTable({ rows, width, stateVectors });
  const dense = flatParameters({ size: rows * width, stateVectors });
  for (let i = 0; i < rows * width; i++) table.params[i] = dense.params[i] = Math.sin(i);
  // Every second row, some twice: more than one staging chunk.
  const ids = Int32Array.from({ length: 500 }, (_, i) => ((i * 2) % rows) | 0);
  const before = snapshot(table);
  for (let t = 1; t <= 3; t++) {
    const grads = Float32Array.from({ length: ids.length * width }, (_, i) => Math.cos(i * t));
    dense.grads.fill(0);
    for (const [k, id] of ids.entries())
      for (let j = 0; j < width; j++) dense.grads[id * width + j]! += grads[k * width + j]!;
    optimiser.step(dense, { lr: 0.01, t, gradScale: 0.5 });
    optimiser.stepRows(table, { ids, grads, width }, { lr: 0.01, t, gradScale: 0.5 });
  }
  for (let i = 0; i < rows * width; i++) {
    const touched = Math.floor(i / width) % 2 === 0;
    expect(table.params[i]).toBe(touched ? dense.params[i] : before.params[i]);
    for (const k of [0, 1]) expect(table.state[k]![i]).toBe(touched ? dense.state[k]![i] : 0);
  }
});

test("weight decay can spare a table", () => {
  const optimiser = sgd({ weightDecay: 0.5 });
  const params = [true, false].map((decays) => {
    const table = rowTable({ rows: 2, width: 1, stateVectors: optimiser.stateVectors, decays });
    table.params.fill(1);
    optimiser.stepRows(
      table,
      { ids: Int32Array.of(1), grads: Float32Array.of(0), width: 1 },
      { lr: 1, t: 1 },
    );
    return [...table.params];
  });
  expect(params).toEqual([
    [1, 0.5],
    [1, 1],
  ]);
});

test("a row outside the table is refused before any row changes", () => {
  const optimiser = adam();
  const table = rowTable({ rows: 4, width: 1, stateVectors: optimiser.stateVectors });
  const step = (ids: number[], width = 1) =>
    optimiser.stepRows(
      table,
      { ids: Int32Array.from(ids), grads: new Float32Array(ids.length * width).fill(1), width },
      { lr: 1, t: 1 },
    );
  expect(() => step([0, 4])).toThrow("row id 4 at position 1; the table has 4 rows");
  expect(() => step([-1])).toThrow("row id -1");
  expect(() => step([1], 2)).toThrow("gradient rows have width 2; those of the table have 1");
  expect(() => coalesceRows({ ids: Int32Array.of(1), grads: new Float32Array(3), width: 2 })).toThrow(
    "1 row ids need 2",
  );
  expect([...table.params]).toEqual([0, 0, 0, 0]);
});
