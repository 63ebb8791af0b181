import { expect, test } from "vitest";
import { flatParameters, restore, snapshot } from "./index.ts";

test("vectors are views of one memory, aligned, zero but for the mask", () => {
  const flat = flatParameters({ size: 5, stateVectors: ["mean", "meanSquare"], masked: true });
  const all = [flat.params, flat.grads, ...flat.state, flat.mask!];
  expect(new Set(all.map((v) => v.buffer)).size).toBe(1);
  expect(all.every((v) => v.length === 5 && v.byteOffset % 64 === 0)).toBe(true);
  expect([...flat.params, ...flat.grads, ...flat.state.flatMap((v) => [...v])]).toEqual(
    new Array(20).fill(0),
  );
  expect([...flat.mask!]).toEqual([1, 1, 1, 1, 1]);
});

test("segments cover the vector once, in order", () => {
  const decayed = [
    { start: 2, end: 4 },
    { start: 4, end: 4 },
    { start: 6, end: 9 },
  ];
  expect(flatParameters({ size: 10, stateVectors: 0, decayed }).segments).toEqual([
    { start: 0, end: 2, decays: false },
    { start: 2, end: 4, decays: true },
    { start: 4, end: 6, decays: false },
    { start: 6, end: 9, decays: true },
    { start: 9, end: 10, decays: false },
  ]);
  expect(flatParameters({ size: 0, stateVectors: 1 }).segments).toEqual([]);
});

test("ranges that overlap or leave the vector, and snapshots of other lengths, are refused", () => {
  const make = (...decayed: { start: number; end: number }[]) =>
    flatParameters({ size: 10, stateVectors: 0, decayed });
  expect(() => make({ start: 0, end: 5 }, { start: 4, end: 6 })).toThrow("start of a decayed range");
  expect(() => make({ start: 5, end: 4 })).toThrow("end of a decayed range");
  expect(() => make({ start: 5, end: 11 })).toThrow("a decayed range ends at 11 of 10 parameters");
  expect(() => flatParameters({ size: 1.5, stateVectors: 0 })).toThrow("size must be an integer");
  expect(() => restore(make(), snapshot(flatParameters({ size: 10, stateVectors: 1 })))).toThrow(
    "cannot restore vectors of [10, 10] elements into [10]",
  );
});

test("a snapshot is a copy, and restores NaN payloads and signed zeros too", () => {
  const flat = flatParameters({ size: 3, stateVectors: 0 });
  const bits = new Uint32Array(flat.params.buffer, flat.params.byteOffset, 3);
  const wanted = [0x80000000, 0x7fc00001, 1];
  bits.set(wanted);
  const saved = snapshot(flat);
  flat.params.fill(1);
  restore(flat, saved);
  expect([...bits]).toEqual(wanted);
});
