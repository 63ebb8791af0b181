import { describe, expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray } from "../../../../array.ts";
import { circle, real } from "../../../../data/space.ts";
import { Key } from "../../../../random/key.ts";
import { normal } from "../../../../random/normal.ts";
import { uniform } from "../../../../random/uniform.ts";
import { Program } from "../../../../runtime/program.ts";
import { Spec, trace } from "../../../../runtime/trace.ts";
import type { Tensor } from "../../../../tensor/index.ts";
import { leavesWithPaths, mapTree } from "../../../../tensor/tree.ts";
import { isArray } from "../../../arrays.ts";
import type { Parameters } from "../../../contract.ts";
import { FittedExact } from "../../../fitted/exact.ts";
import { type GaugeFlowOptions, gaugeFlow, makeGaugeFlow } from "./gauge-flow.ts";
import { plaquettePairs } from "./pairs.ts";

const ROWS = 4;

describe.each([
  ["4×4", [4, 4], {}],
  ["2×6, two layers", [2, 6], { layers: 2 }],
] as const)("on %s", (_, [rows, columns], options) => {
  const shape = [2, rows, columns];
  const volume = rows * columns;
  const model = makeGaugeFlow(
    { space: circle(shape) },
    { couplings: 8, channels: 4, bins: 4, ...(options as GaugeFlowOptions) },
  );
  let i = 0;
  const parameters = mapTree(model.init(Key.fromSeed(1)), isArray, (a) => {
    const noise = normal(Key.fromSeed(2).fold(i++), a.data.length, "f32");
    return { ...a, data: a.data.map((v, j) => v + 0.2 * (noise[j] as number)) };
  }) as unknown as Parameters;
  const x = uniform(Key.fromSeed(3), ROWS * 2 * volume, "f64").map((u) => Math.PI * (2 * u - 1));
  const wrap = (v: number) => v - 2 * Math.PI * Math.floor(v / (2 * Math.PI) + 0.5);

  /** log P of rows of links in double precision. */
  async function logProb(links: Float64Array): Promise<Float64Array> {
    const tree = mapTree(parameters, isArray, ({ shape: s }) => new Spec(s, "f64"));
    const f = (p: never, y: Tensor) => model.logProb(p, y);
    const program = await Program.compile(trace(f as never, [tree, new Spec([ROWS, ...shape], "f64")]));
    const values = leavesWithPaths(parameters, isArray).map(([, a]) => arrayFrom("f64", a.shape, a.data));
    const [out] = await program.run([
      ...values,
      arrayFrom("f64", [ROWS, ...shape], links),
    ] as NDArray<DType>[]);
    await program.release();
    return (out as NDArray<"f64">).data;
  }

  const furthest = (a: Float64Array, b: Float64Array) =>
    Math.max(...a.map((v, k) => Math.abs(v - (b[k] as number))));

  test("random gauge transformations keep the density, to rounding in double precision", async () => {
    const before = await logProb(x);
    expect(Math.max(...before) - Math.min(...before)).toBeGreaterThan(0.5);
    for (const seed of [4, 5, 6]) {
      const alpha = uniform(Key.fromSeed(seed), ROWS * volume, "f64").map((u) => Math.PI * (2 * u - 1));
      const turned = x.slice();
      for (let row = 0; row < ROWS; row++)
        for (let a = 0; a < rows; a++)
          for (let b = 0; b < columns; b++) {
            const at = (c: number, d: number) =>
              alpha[row * volume + (c % rows) * columns + (d % columns)] as number;
            for (const [mu, next] of [at(a + 1, b), at(a, b + 1)].entries()) {
              const link = row * 2 * volume + mu * volume + a * columns + b;
              turned[link] = wrap((turned[link] as number) + at(a, b) - next);
            }
          }
      expect(furthest(await logProb(turned), before)).toBeLessThan(1e-10);
    }
    // Turning one link is no gauge transformation.
    const other = x.map((v, k) => (k % (2 * volume) === 3 ? wrap(v + 1) : v));
    expect(furthest(await logProb(other), before)).toBeGreaterThan(0.01);
  });

  test("translations by even numbers of sites keep the density, odd ones do not", async () => {
    const before = await logProb(x);
    const shifted = (dx: number, dy: number) =>
      x.map((_, k) => {
        const [plane, site] = [Math.floor(k / volume), k % volume];
        const [a, b] = [Math.floor(site / columns) + dx, (site % columns) + dy];
        return x[plane * volume + (a % rows) * columns + (b % columns)] as number;
      });
    for (let dx = 0; dx < rows; dx += 2)
      for (let dy = 0; dy < columns; dy += 2)
        expect(furthest(await logProb(shifted(dx, dy)), before)).toBeLessThan(1e-10);
    expect(furthest(await logProb(shifted(0, 1)), before)).toBeGreaterThan(1e-3);
  });

  test("samples are angles, with the log-probability that scoring gives them", async () => {
    const fitted = new FittedExact(model as never, parameters);
    const { x: drawn, logProb: log } = await fitted.sample(500, { key: Key.fromSeed(9) });
    const again = await fitted.logProb(drawn);
    await fitted.release();
    expect((drawn.data as Float32Array).every((v) => v >= -Math.PI && v < Math.PI)).toBe(true);
    expect(furthest(again, log)).toBeLessThan(2e-3);
  });
});

test("every link is moved once in eight couplings, and pairs do not touch", () => {
  const moved = new Map<string, number>();
  for (let k = 0; k < 8; k++) {
    const { active, passive, frozen, direction } = plaquettePairs([4, 6], k);
    expect([...active, ...passive, ...frozen].sort((a, b) => a - b)).toEqual([...Array(24).keys()]);
    for (const site of active)
      moved.set(`${direction} ${site}`, (moved.get(`${direction} ${site}`) ?? 0) + 1);
  }
  expect(moved.size).toBe(48);
  expect([...moved.values()].every((n) => n === 1)).toBe(true);
});

test("what cannot be modelled is refused, naming it", () => {
  const make = (space: unknown, options = {}) => gaugeFlow.create({ space: space as never }, options);
  expect(() => make(real([2, 4, 4]))).toThrow(/angles of links, not a real space/);
  expect(() => make(circle([4, 4]))).toThrow(/\[2, rows, columns\], not 4x4/);
  expect(() => make(circle([2, 4, 5]))).toThrow("its sides must be even, not 5 (4x5)");
  expect(() => make(circle([2, 4, 4]), { bins: 1 })).toThrow(/bins/);
});
