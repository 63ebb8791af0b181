import { describe, expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray, sizeOf } from "../../../../array.ts";
import { circle, real } from "../../../../data/space.ts";
import { elementOf, type SymmetryName, symmetryGroup } from "../../../../data/symmetry.ts";
import { siteConvolution, siteStencil } from "../../../../nn/site-convolution.ts";
import { Key } from "../../../../random/key.ts";
import { normal } from "../../../../random/normal.ts";
import { Program } from "../../../../runtime/program.ts";
import { Spec, trace } from "../../../../runtime/trace.ts";
import { mul, sum, type Tensor, valueAndGrad } from "../../../../tensor/index.ts";
import { leavesWithPaths, mapTree } from "../../../../tensor/tree.ts";
import { isArray } from "../../../arrays.ts";
import type { ExactModel, Parameters } from "../../../contract.ts";
import { type LatticeFlowOptions, latticeFlow, makeLatticeFlow } from "./lattice-flow.ts";

const field = (shape: readonly number[], rows: number, seed: number): NDArray<"f64"> =>
  arrayFrom("f64", [rows, ...shape], normal(Key.fromSeed(seed), rows * sizeOf(shape), "f64"));

function disturbed(model: ExactModel): Parameters {
  let i = 0;
  return mapTree(model.init(Key.fromSeed(1)), isArray, (a) => ({
    ...a,
    data: a.data.map((v, j) => v + 0.3 * (normal(Key.fromSeed(2).fold(i++), j + 1, "f32")[j] as number)),
  })) as Parameters;
}

/** log P of rows in double precision. */
async function logProb(model: ExactModel, parameters: Parameters, x: NDArray<"f64">): Promise<Float64Array> {
  const tree = mapTree(parameters, isArray, ({ shape }) => new Spec(shape, "f64"));
  const program = await Program.compile(
    trace(((p: never, y: Tensor) => model.logProb(p, y)) as never, [tree, new Spec(x.shape, "f64")]),
  );
  const values = leavesWithPaths(parameters, isArray).map(([, a]) => arrayFrom("f64", a.shape, a.data));
  const [out] = await program.run([...values, x] as NDArray<DType>[]);
  await program.release();
  return (out as NDArray<"f64">).data;
}

const images = (
  x: NDArray<"f64">,
  shape: readonly number[],
  names: readonly SymmetryName[],
  element: number,
) => {
  const { flips, permutation } = elementOf(symmetryGroup(real(shape), names), element);
  const n = sizeOf(shape);
  const data = x.data.map(
    (_, i) => (flips ? -1 : 1) * (x.data[Math.floor(i / n) * n + (permutation[i % n] as number)] as number),
  );
  return { ...x, data };
};

/** The largest difference, in units of max(1, |b|). */
const furthest = (a: Float64Array, b: Float64Array) =>
  Math.max(...a.map((v, i) => Math.abs(v - (b[i] as number)) / Math.max(1, Math.abs(b[i] as number))));

describe.each([
  ["a chain", [8], {}],
  ["a plane", [4, 6], { layers: 2, kernel: 3, transform: "affine" }],
  ["a square, odd and isotropic", [4, 4], { z2: true, isotropic: true }],
  ["three dimensions", [2, 4, 2], { layers: 2, kernel: 3, z2: true, isotropic: true }],
] as const)("on %s", (_, shape, options) => {
  const model = makeLatticeFlow(
    { space: real(shape) },
    { couplings: 4, channels: 3, ...(options as LatticeFlowOptions) },
  ) as unknown as ExactModel;
  const parameters = disturbed(model);
  const x = field(shape, 5, 3);
  const h = model.hyperparameters as { z2: boolean; isotropic: boolean };

  test("translations that keep the checkerboard keep the density, to rounding in double precision", async () => {
    const before = await logProb(model, parameters, x);
    let changed = 0;
    for (let e = 0; e < sizeOf(shape); e++) {
      const { permutation } = elementOf(symmetryGroup(real(shape), ["translations"]), e);
      let rest = permutation[0] as number;
      let parity = 0;
      for (const n of shape.toReversed()) {
        parity += rest % n;
        rest = Math.floor(rest / n);
      }
      const apart = furthest(await logProb(model, parameters, images(x, shape, ["translations"], e)), before);
      if (parity % 2 === 0) expect(apart).toBeLessThan(1e-11);
      else changed = Math.max(changed, apart);
    }
    // The law would hold for a density of independent sites: the other translations say that this is none.
    expect(changed).toBeGreaterThan(0.01);
  });

  test("the flip and the lattice's point group keep the density where they are asked to", async () => {
    const before = await logProb(model, parameters, x);
    const flip = furthest(await logProb(model, parameters, images(x, shape, ["flip"], 1)), before);
    if (h.z2) expect(flip).toBeLessThan(1e-11);
    else expect(flip).toBeGreaterThan(0.01);
    const equal = new Set(shape).size < shape.length;
    const names: SymmetryName[] = equal ? ["reflections", "rotations"] : ["reflections"];
    const { points } = symmetryGroup(real(shape), names);
    let most = 0;
    for (let e = 0; e < points.length; e++) {
      // Images about a corner of the lattice's cells may exchange the colours: those are not asked for.
      const { permutation } = elementOf(symmetryGroup(real(shape), names), e);
      if (!keepsColour(shape, permutation)) continue;
      most = Math.max(most, furthest(await logProb(model, parameters, images(x, shape, names, e)), before));
    }
    if (h.isotropic) expect(most).toBeLessThan(1e-11);
  });
});

function keepsColour(shape: readonly number[], permutation: Uint32Array): boolean {
  const colour = (site: number) => {
    let [rest, total] = [site, 0];
    for (const n of shape.toReversed()) {
      total += rest % n;
      rest = Math.floor(rest / n);
    }
    return total % 2;
  };
  return permutation.every((to, from) => colour(to) === colour(from));
}

describe("convolutions between sites", () => {
  const shape = [4, 6];
  const [targets, sources] = [
    [1, 4, 11, 14, 17],
    [0, 2, 3, 5, 7, 9, 16, 23],
  ];

  test.each([
    [3, false],
    [5, true],
    [9, false],
  ])(
    "with a window of %i (ties: %s) are plain sums, both ways, derivatives too",
    async (kernel, isotropic) => {
      const stencil = siteStencil({ shape, targets, sources, kernel, isotropic });
      const x = arrayFrom(
        "f64",
        [3, sources.length, 2],
        normal(Key.fromSeed(1), 3 * sources.length * 2, "f64"),
      );
      const w = arrayFrom("f64", [stencil.orbits, 2, 3], normal(Key.fromSeed(2), stencil.orbits * 6, "f64"));
      const g = arrayFrom("f64", [3, targets.length, 3], normal(Key.fromSeed(4), 9 * targets.length, "f64"));
      const both = (how: "matrix" | "windows") => (a: { x: Tensor; w: Tensor }, c: Tensor) => {
        const { value, gradient } = valueAndGrad((q: typeof a) => {
          const y = siteConvolution(q.x, q.w, stencil, how);
          return [sum(mul(y, c)), y] as const;
        })(a);
        return [value[1], gradient.x, gradient.w];
      };
      const specs = [{ x: new Spec(x.shape, "f64"), w: new Spec(w.shape, "f64") }, new Spec(g.shape, "f64")];
      const results: NDArray<"f64">[][] = [];
      for (const how of ["matrix", "windows"] as const) {
        const program = await Program.compile(trace(both(how) as never, specs));
        // Leaves of a tree are in the order of their names.
        results.push((await program.run([w, x, g])) as NDArray<"f64">[]);
        await program.release();
      }
      // By its definition: the window around each target, displacements beyond half a side once.
      const expected = new Float64Array(3 * targets.length * 3);
      const [gx, gw] = [new Float64Array(x.data.length), new Float64Array(w.data.length)];
      const half = (kernel - 1) / 2;
      for (const [t, target] of targets.entries())
        for (const [s, source] of sources.entries()) {
          const [dy, dx] = [
            wrap(Math.floor(source / 6) - Math.floor(target / 6), 4),
            wrap((source % 6) - (target % 6), 6),
          ];
          if (Math.abs(dy) > half || Math.abs(dx) > half) continue;
          const tap = [...stencil.orbit.keys()].find(
            (j) => stencil.reads[t * stencil.taps + j] === s,
          ) as number;
          const row = stencil.orbit[tap] as number;
          for (let b = 0; b < 3; b++)
            for (let i = 0; i < 2; i++)
              for (let o = 0; o < 3; o++) {
                const [at, from, by] = [(b * 5 + t) * 3 + o, (b * 8 + s) * 2 + i, (row * 2 + i) * 3 + o];
                expected[at] = (expected[at] as number) + (x.data[from] as number) * (w.data[by] as number);
                gx[from] = (gx[from] as number) + (g.data[at] as number) * (w.data[by] as number);
                gw[by] = (gw[by] as number) + (g.data[at] as number) * (x.data[from] as number);
              }
        }
      for (const [y, ofX, ofW] of results as [NDArray<"f64">, NDArray<"f64">, NDArray<"f64">][]) {
        expect(furthest(y.data, expected)).toBeLessThan(1e-12);
        expect(furthest(ofX.data, gx)).toBeLessThan(1e-12);
        expect(furthest(ofW.data, gw)).toBeLessThan(1e-12);
      }
      if (isotropic) expect(stencil.orbits).toBeLessThan(stencil.taps);
    },
  );

  const wrap = (d: number, n: number) => {
    const c = ((d % n) + n) % n;
    return c > n / 2 ? c - n : c;
  };
});

/** The parameters of `model` adapted to rows, in double precision. */
async function adapted(model: ExactModel, initial: Parameters, x: NDArray<"f64">): Promise<Parameters> {
  const tree = mapTree(initial, isArray, ({ shape: s }) => new Spec(s, "f64"));
  const program = await Program.compile(trace(model.adapt as never, [tree, new Spec(x.shape, "f64")]));
  const values = leavesWithPaths(initial, isArray).map(([, a]) => arrayFrom("f64", a.shape, a.data));
  const found = await program.run([...values, x] as NDArray<DType>[]);
  await program.release();
  let i = 0;
  return mapTree(initial, isArray, () => found[i++] as NDArray<DType>) as Parameters;
}

test("fields whose mean was subtracted are whitened at all momenta but that of the mean, which is of typical size", async () => {
  const shape = [4, 4];
  const x = field(shape, 500, 3);
  for (let row = 0; row < 500; row++) {
    const own = x.data.subarray(row * 16, (row + 1) * 16);
    const mean = own.reduce((a, b) => a + b) / 16;
    own.forEach((v, i) => {
      own[i] = Math.fround(0.02 * (v - mean));
    });
  }
  const model = makeLatticeFlow({ space: real(shape) });
  const parameters = await adapted(model, model.init(Key.fromSeed(1)) as Parameters, x);
  const scales = leavesWithPaths(parameters, isArray).filter(([path]) => path.endsWith("logScale"));
  const [[, { data: spectrum }], [, { data: unit }]] = scales as [(typeof scales)[0], (typeof scales)[0]];
  expect(scales).toHaveLength(2);
  expect(Math.abs((unit[0] as number) - Math.log(0.02))).toBeLessThan(0.15);
  // White noise of unit deviation has that amplitude at every momentum.
  for (const value of spectrum) expect(Math.abs(value as number)).toBeLessThan(0.15);
});

test.each([0.016, 1e6])(
  "a field and %d times it are the same to a flow that was adapted to them",
  async (unit) => {
    const shape = [4, 4];
    const x = field(shape, 100, 4);
    const scaled = { ...x, data: x.data.map((v) => unit * v) };
    const model = makeLatticeFlow({ space: real(shape) }, { couplings: 2 });
    const start = disturbed(model);
    const logP = await logProb(model, await adapted(model, start, x), x);
    const logScaled = await logProb(model, await adapted(model, start, scaled), scaled);
    expect(
      furthest(
        logScaled.map((v) => v + 16 * Math.log(unit)),
        logP,
      ),
    ).toBeLessThan(1e-5);
  },
);

test("what cannot be modelled is refused, naming it", () => {
  const make = (space: Parameters[string] | unknown, options = {}) =>
    latticeFlow.create({ space: space as never }, options);
  expect(() => make(real([8, 7]))).toThrow("its sides must be even, not 7 (8x7)");
  expect(() => make(circle([4, 4]))).toThrow(/real fields without bounds, not a circle space/);
  expect(() => make(real([4], [0, 1]))).toThrow(/with bounds/);
  expect(() => make(real([4]), { kernel: 4 })).toThrow(/kernel.*odd/);
  expect(() => make(real([4]), { coupling: 4 })).toThrow(/did you mean couplings/);
});
