import { Tensor as OnnxTensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { runOnnx } from "../../../../test/laws/onnx.ts";
import { disturbed } from "../../../../test/laws/parameters.ts";
import { arrayFrom, type NDArray } from "../../../array.ts";
import { binary, circle, levels, real } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { Program, toOnnx } from "../../../runtime/program.ts";
import { Spec, trace } from "../../../runtime/trace.ts";
import { independentMean } from "../../../stats/index.ts";
import type { Tensor } from "../../../tensor/index.ts";
import { leaves, mapTree } from "../../../tensor/tree.ts";
import { freeze, isArray } from "../../arrays.ts";
import { FittedBounded } from "../../fitted/bounded.ts";
import { flowAsExact, flowLogProb } from "../../fitted/flow-log-prob.ts";
import { traceVelocity } from "../../flow-time-graphs.ts";
import { createModel } from "../../registry.ts";
import { type FlowMatchingModel, makeFlowMatching, planned } from "./flow-matching.ts";
import type { FlowMatchingParameters } from "./parts.ts";
import { guidedDrift } from "./velocity.ts";

/** Parameters adapted to rows, as a fit begins. */
async function adapted(model: FlowMatchingModel, x: NDArray<"f32">): Promise<FlowMatchingParameters> {
  const own = model.init(Key.fromSeed(1));
  const specs = mapTree(own, isArray, ({ shape }) => new Spec(shape));
  const program = await Program.compile(trace(model.adapt as never, [specs, new Spec(x.shape)] as never));
  const results = await program.run([...leaves(own, isArray), x] as never);
  await program.release();
  let i = 0;
  return mapTree(own, isArray, ({ shape }) =>
    arrayFrom("f32", shape, results[i++]?.data as Float32Array),
  ) as FlowMatchingParameters;
}

const rows = 2000;
const noise = (seed: number, n: number) => normal(Key.fromSeed(seed), n, "f64");

/** Rows of a Gaussian field on a ring of sites, in units of 3 around 7: neighbours are alike. */
const ring = 8;
const field = (() => {
  const white = noise(3, rows * ring);
  const at = (row: number, site: number) => white[row * ring + ((site + ring) % ring)] as number;
  return arrayFrom(
    "f32",
    [rows, ring],
    Float64Array.from({ length: rows * ring }, (_, i) => {
      const [row, site] = [Math.floor(i / ring), i % ring];
      return 7 + 3 * (at(row, site) + 0.9 * at(row, site - 1) + 0.9 * at(row, site + 1));
    }),
  );
})();

describe.each([
  ["plane waves", { padding: "periodic" }],
  ["principal components", {}],
  ["diffusion", { path: "vp" }],
] as const)("a Gaussian field by its %s, before any step of training", (_, how) => {
  const model = createModel("flow-matching", real([ring]), { ...how, steps: 1 });

  test("has the covariance of the data in one step, and log P and its bound are those of the Gaussian", async () => {
    const parameters = await adapted(model, field);
    await using fitted = new FittedBounded(model, parameters);
    // Rows of unit noise in one mode after the other are the columns of a square root of the covariance.
    const unit = arrayFrom(
      "f32",
      [ring, ring],
      Float32Array.from({ length: ring ** 2 }, (_, i) => Number(i % (ring + 1) === 0)),
    );
    const zero = arrayFrom("f32", [1, ring], new Float32Array(ring));
    const [axes, centre] = [await fitted.coder.decode(unit), await fitted.coder.decode(zero)];
    const root = Float64Array.from(
      axes.data as Float32Array,
      (v, i) => v - (centre.data[i % ring] as number),
    );
    const variance = (direction: (site: number) => number) => {
      let [own, data] = [0, 0];
      for (let mode = 0; mode < ring; mode++) {
        let sum = 0;
        for (let site = 0; site < ring; site++) sum += direction(site) * (root[mode * ring + site] as number);
        own += sum * sum;
      }
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        for (let site = 0; site < ring; site++)
          sum +=
            direction(site) * ((field.data[row * ring + site] as number) - (centre.data[site] as number));
        data += (sum * sum) / rows;
      }
      return own / data;
    };
    // A plane wave and its reflection share a variance: cosine and sine together.
    for (let k = 0; k <= ring / 2; k++) {
      const angle = (site: number) => (2 * Math.PI * k * site) / ring;
      const both = [
        variance((site) => Math.cos(angle(site))),
        ...(k % (ring / 2) ? [variance((site) => Math.sin(angle(site)))] : []),
      ];
      const mean = both.reduce((sum, v) => sum + v, 0) / both.length;
      expect(Math.abs(mean - 1)).toBeLessThan(0.01);
    }
    // log N(x; centre, R Rᵀ) by the codes: |det R| is the same for all rows.
    const x = arrayFrom("f32", [50, ring], field.data.slice(0, 50 * ring));
    const found = await flowLogProb(fitted, x);
    const codes = await fitted.coder.encode(x);
    const bound = await fitted.bound(x, { draws: 1 });
    const shift = found[0] as number;
    const half = (row: number) =>
      0.5 *
      Array.from({ length: ring }, (_, i) => (codes.data[row * ring + i] as number) ** 2).reduce(
        (a, b) => a + b,
      );
    found.forEach((value, row) => {
      expect(value - shift).toBeCloseTo(half(0) - half(row), 3);
      expect(bound[row]).toBeCloseTo(value, 3);
    });
    const logDeterminant = logDet(root, ring);
    expect(shift + half(0)).toBeCloseTo(-logDeterminant - 0.5 * ring * Math.log(2 * Math.PI), 3);
  });
});

/** log |det| of a square matrix by elimination. */
function logDet(matrix: Float64Array, n: number): number {
  const m = Float64Array.from(matrix);
  let sum = 0;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k; i < n; i++)
      if (Math.abs(m[i * n + k] as number) > Math.abs(m[pivot * n + k] as number)) pivot = i;
    for (let j = 0; j < n; j++)
      [m[k * n + j], m[pivot * n + j]] = [m[pivot * n + j] as number, m[k * n + j] as number];
    sum += Math.log(Math.abs(m[k * n + k] as number));
    for (let i = k + 1; i < n; i++) {
      const factor = (m[i * n + k] as number) / (m[k * n + k] as number);
      for (let j = k; j < n; j++) m[i * n + j] = (m[i * n + j] as number) - factor * (m[k * n + j] as number);
    }
  }
  return sum;
}

describe("a flow in time", () => {
  const few = { width: 6, blocks: 1 };
  const model = makeFlowMatching({ space: real([3]) }, { ...few, modes: "sites", steps: 24 });
  // A mild network, whose flow 24 steps follow.
  const parameters = mapTree(disturbed(model), isArray, (array, path) => ({
    ...array,
    data: array.data.map((v) => (path.startsWith("network.") ? 0.2 * v : v)),
  })) as FlowMatchingParameters;
  const x = arrayFrom("f32", [40, 3], noise(5, 120));

  test("leads rows to noise and back to themselves", async () => {
    await using fitted = new FittedBounded(model, parameters);
    const back = await fitted.coder.decode(await fitted.coder.encode(x));
    back.data.forEach((v, i) => {
      expect(Math.abs((v as number) - (x.data[i] as number))).toBeLessThan(2e-3);
    });
  });

  test("as an exact model gives samples the log P that rows are scored with", async () => {
    const own = new FittedBounded(model, parameters);
    const exact = flowAsExact(own);
    const drawn = await exact?.sample(50, { seed: 2 });
    const scored = await exact?.logProb(drawn?.x as NDArray);
    drawn?.logProb.forEach((v, i) => {
      expect(Math.abs(v - (scored?.[i] as number))).toBeLessThan(5e-3);
    });
    expect(await flowLogProb(own, drawn?.x as NDArray)).toEqual(scored);
    await exact?.release();
  });

  test("has a bound below log P on average", async () => {
    await using fitted = new FittedBounded(model, parameters);
    const [logProb, bound] = [await flowLogProb(fitted, x), await fitted.bound(x, { draws: 200, seed: 1 })];
    const { value } = independentMean(logProb.map((v, i) => v - (bound[i] as number)));
    expect(value).toBeGreaterThan(0);
  });

  test("gives up what it cannot do in one line", () => {
    const refused = (space: never, h: object, text: string) =>
      expect(() => createModel("flow-matching" as string as never, space, h as never)).toThrow(text);
    refused(binary([4]) as never, {}, "flow-matching models real numbers, not a binary space");
    refused(circle([4]) as never, {}, "for angles use spline");
    refused(real([3]) as never, { guidance: 2 }, "guidance needs a context");
    refused(real([300]) as never, { modes: "components" }, "principal components of 300 sites take too long");
    expect(makeFlowMatching({ space: levels([10, 10], 4) }).flowTime.exact).toBeUndefined();
  });

  test("has a velocity that ONNX Runtime alone computes, the closed form of a Gaussian before training", async () => {
    const fresh = makeFlowMatching({ space: real([2]) }, { ...few, modes: "sites" });
    const plain = fresh.init(Key.fromSeed(0));
    const variance = [4, 0.25];
    const own = {
      ...plain,
      modes: { logVariance: arrayFrom("f32", [2], variance.map(Math.log)) },
    } as FlowMatchingParameters;
    const [z, time] = [Float32Array.of(1, 1, -2, 0.5), Float32Array.of(0.3, 0.8)];
    const { velocity: found } = await runOnnx(toOnnx(traceVelocity(fresh, own)), {
      z: new OnnxTensor("float32", z, [2, 2]),
      time: new OnnxTensor("float32", time, [2]),
    });
    Array.from(found?.data as Float32Array).forEach((v, i) => {
      const [t, l] = [time[Math.floor(i / 2)] as number, variance[i % 2] as number];
      const expected = ((t - (1 - t) * l) / ((1 - t) ** 2 * l + t * t)) * (z[i] as number);
      expect(v).toBeCloseTo(expected, 4);
    });
  });
});

describe("guidance", () => {
  const domain = { space: real([2]), context: real([1]) };
  const options = { width: 6, blocks: 1, modes: "sites", steps: 2, contextDropout: 0.1 } as const;
  const model = makeFlowMatching(domain, options);
  const parameters = disturbed(model) as FlowMatchingParameters;
  const context = arrayFrom("f32", [30, 1], noise(2, 30));

  test("of scale 1 is the model itself, of scale 0 that without a context, and linear between and beyond", async () => {
    const { parts } = planned(domain, options);
    const u = arrayFrom("f32", [30, 2], noise(4, 60));
    const time = arrayFrom(
      "f32",
      [30],
      Float64Array.from({ length: 30 }, (_, i) => (i + 0.5) / 30),
    );
    const f = (u: Tensor, time: Tensor, given: Tensor) =>
      [0, 1, 3].map((s) => guidedDrift(parts, freeze(parameters), { u, time }, given, s));
    const specs = [new Spec([30, 2]), new Spec([30]), new Spec([30, 1])] as const;
    const program = await Program.compile(trace(f, specs));
    const of = async (given: NDArray) =>
      (await program.run([u, time, given] as never)).map(({ data }) => data as Float32Array) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
    const [nothing, itself, three] = await of(context);
    const [other, changed] = await of(arrayFrom("f32", [30, 1], noise(9, 30)));
    await program.release();
    expect(other).toEqual(nothing);
    expect(changed).not.toEqual(itself);
    three.forEach((v, i) => {
      const [n, own] = [nothing[i] as number, itself[i] as number];
      expect(v).toBeCloseTo(n + 3 * (own - n), 3);
    });
    const drawn = async (of: FlowMatchingModel["flowTime"] | undefined, guidance?: number) => {
      const how = of ? of.drawing({ guidance }) : model;
      await using fitted = new FittedBounded(how, parameters);
      return (await fitted.sample(30, { seed: 1, context })).x.data;
    };
    expect(await drawn(model.flowTime, 1)).toEqual(await drawn(undefined));
    expect(await drawn(model.flowTime, 2)).not.toEqual(await drawn(undefined));
  });
});
