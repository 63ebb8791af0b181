import { expect, test } from "vitest";
import { type NDArray, ndarray } from "../array.ts";
import { binary, categorical } from "../data/space.ts";
import { Key } from "../random/key.ts";
import { uniform } from "../random/uniform.ts";
import { principal } from "./chain-diagnostics.ts";
import { chainDiagnostics } from "./index.ts";

const n = 8;
const key = Key.fromSeed(2);

/** Rows that are mostly 1 or mostly 0, as `up` says of each. */
function modes(ups: readonly boolean[], k: number): NDArray<"u8"> {
  const u = uniform(key.fold(k), ups.length * n, "f64");
  return ndarray(
    "u8",
    [ups.length, n],
    Uint8Array.from(u, (v, i) => (v < (ups[Math.floor(i / n)] ? 0.9 : 0.1) ? 1 : 0)),
  );
}

const ones = (x: NDArray<"u8">) =>
  Float64Array.from({ length: x.data.length / n }, (_, r) =>
    x.data.subarray(r * n, (r + 1) * n).reduce((a, b) => a + b, 0),
  );
const coin = (k: number, count: number) => Array.from(uniform(key.fold(k), count, "f64"), (u) => u < 0.5);
const data = modes(coin(1, 2000), 2);
const [chains, length] = [20, 100];
const chain = Int32Array.from({ length: chains * length }, (_, i) => i % chains);
const against = { x: data, logWeight: ones(data) };

test("chains that go between the modes as independent rows do are said to, and have the data's energy", () => {
  const x = modes(coin(3, chains * length), 4);
  const found = chainDiagnostics({ x, chain, logWeight: ones(x) }, against, binary([n]));
  expect(found.rHat).toBeLessThan(1.02);
  expect(found.mode?.rHat).toBeLessThan(1.02);
  // Beyond 4σ with probability 6e-5, at a fixed seed.
  expect(Math.abs((found.mode?.mixing.value ?? 0) - 1)).toBeLessThan(4 * (found.mode?.mixing.error ?? 0));
  expect(found.mode?.mixing.error).toBeLessThan(0.05);
  expect(Math.abs(found.logWeight.deviation.sigmas)).toBeLessThan(4);
});

test("chains that each stay in a mode are told, though their mean energy is right", () => {
  const x = modes(
    Array.from(chain, (c) => c % 2 === 0),
    5,
  );
  const found = chainDiagnostics({ x, chain, logWeight: ones(x) }, against, binary([n]));
  expect(found.rHat).toBeGreaterThan(1.5);
  expect(found.mode?.rHat).toBeGreaterThan(1.5);
  expect(found.mode?.mixing.value).toBeLessThan(0.05);
  expect(found.mode?.above.chains.value).toBeCloseTo(0.5, 1);
});

test("chains that lie in one mode alone have another energy, and no mixing to speak of", () => {
  const x = modes(new Array(chains * length).fill(true), 6);
  const found = chainDiagnostics({ x, chain, logWeight: ones(x) }, against, binary([n]));
  expect(Math.abs(found.logWeight.deviation.sigmas)).toBeGreaterThan(20);
  const above = found.mode?.above.chains.value as number;
  expect([above < 0.02, above > 0.98]).toContain(true);
  expect(chainDiagnostics({ x, chain, logWeight: ones(x) }, against, categorical([n], 3))).not.toHaveProperty(
    "mode",
  );
});

test("the direction is the one in which rows vary most", () => {
  // Variance 4 along (3, 4)/5, 1 across it.
  const u = uniform(key.fold(7), 8000, "f64").map((v) => 2 * v - 1);
  const rows = Float32Array.from({ length: 8000 }, (_, i) => {
    const [a, b] = [2 * (u[i - (i % 2)] as number), u[i - (i % 2) + 1] as number];
    return i % 2 === 0 ? 0.6 * a - 0.8 * b + 7 : 0.8 * a + 0.6 * b;
  });
  const { middle, direction } = principal(ndarray("f32", [4000, 2], rows));
  expect(middle[0]).toBeCloseTo(7, 1);
  expect(Math.abs((direction[1] as number) / (direction[0] as number))).toBeCloseTo(4 / 3, 1);
});
