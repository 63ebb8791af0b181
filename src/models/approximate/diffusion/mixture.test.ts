import { describe, expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray } from "../../../array.ts";
import { real } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { Program } from "../../../runtime/program.ts";
import { KEY, Spec, trace } from "../../../runtime/trace.ts";
import { independentMean, kolmogorovTest, normalCdf } from "../../../stats/index.ts";
import {
  add,
  BATCH,
  div,
  exp,
  full,
  maximum,
  mul,
  normal as noise,
  reshape,
  type SymbolicKey,
  slice,
  square,
  sub,
  type Tensor,
} from "../../../tensor/index.ts";
import { leaves, mapTree } from "../../../tensor/tree.ts";
import { isArray } from "../../arrays.ts";
import { boundDraw } from "./bound.ts";
import { logDensity, unwhiten } from "./density.ts";
import { fullDivergence, probedDivergence } from "./divergence.ts";
import { planned } from "./flow-matching.ts";
import { gaussianAt } from "./gaussian.ts";
import type { FlowParts, P } from "./parts.ts";
import { pathNames } from "./path.ts";
import { diffuseFrom, flowFrom } from "./sampler.ts";
import { gate } from "./velocity.ts";

/** Both columns are independent, half N(−1, 0.3²) and half N(1, 0.3²): of mean 0 and variance 1.09. */
const [PLACE, WIDTH] = [1, 0.3];
const VARIANCE = PLACE ** 2 + WIDTH ** 2;
const components = [-PLACE, PLACE];

/** A flow whose network is the exact velocity of the mixture. */
function exact(path: (typeof pathNames)[number]): FlowParts {
  const { parts } = planned({ space: real([2]) }, { path, modes: "sites" });
  const apply = (_: unknown, z: Tensor, time: Tensor) => {
    const rows = z.shape[0] as number;
    const variances = { modes: { logVariance: variancesOf(z) } } as unknown as P;
    const at = gaussianAt(parts.path, variances, time);
    const own = reshape(slice(z, 2, 0, 1), [rows, 2]);
    // E[x | z] of each component, whose weights are N(z; a m, a² σ² + s²).
    const spread = add(mul(square(at.signal), WIDTH ** 2), square(at.noise));
    const parted = components.map((m) => ({
      weight: exp(div(square(sub(own, mul(at.signal, m))), mul(spread, -2))),
      mean: div(add(mul(mul(own, at.signal), WIDTH ** 2), mul(square(at.noise), m)), spread),
    }));
    const [first, second] = parted as [(typeof parted)[0], (typeof parted)[0]];
    const total = add(first.weight, second.weight);
    const mean = div(add(mul(first.weight, first.mean), mul(second.weight, second.mean)), total);
    const gaussian = div(mul(mul(own, at.signal), VARIANCE), square(at.root));
    // At the data the residual is zero, as its numerator falls as s².
    const over = mul(maximum(mul(at.noise, gate(at)), 1e-8), Math.sqrt(VARIANCE));
    return div(mul(sub(gaussian, mean), at.root), over);
  };
  return { ...parts, network: { count: 0, init: () => ({}), apply: apply as never } };
}

const variancesOf = ({ dtype }: Tensor) => full([2], Math.log(VARIANCE), dtype);

const density = (v: number) =>
  Math.log(
    components.reduce(
      (sum, m) =>
        sum + (0.5 * Math.exp(-((v - m) ** 2) / (2 * WIDTH ** 2))) / (WIDTH * Math.sqrt(2 * Math.PI)),
      0,
    ),
  );
const cumulative = (v: number) => components.reduce((sum, m) => sum + 0.5 * normalCdf((v - m) / WIDTH), 0);

const rows = 400;
const x = arrayFrom(
  "f64",
  [rows, 2],
  normal(Key.fromSeed(2), 2 * rows, "f64").map((v, i) => (i % 3 === 0 ? -PLACE : PLACE) + WIDTH * v),
);
const expected = Float64Array.from({ length: rows }, (_, i) =>
  [0, 1].reduce((sum, j) => sum + density(x.data[2 * i + j] as number), 0),
);

/** What a graph of the parameters of a flow in double precision gives for an array, or for that many rows. */
async function run(
  parts: FlowParts,
  f: (p: P, key: SymbolicKey, x: Tensor) => Tensor,
  array: NDArray<DType>,
): Promise<Float64Array> {
  const init = {
    data: parts.data.init(Key.fromSeed(0)),
    modes: { logVariance: arrayFrom("f32", [2], [Math.log(VARIANCE), Math.log(VARIANCE)]) },
    network: {},
  };
  const specs = mapTree(init, isArray, ({ shape }) => new Spec(shape, "f64"));
  const program = await Program.compile(
    trace(f as never, [specs, KEY, new Spec([BATCH, 2], "f64")] as never),
  );
  const own = leaves(init, isArray).map((a) => arrayFrom("f64", a.shape, Float64Array.from(a.data)));
  const [out] = await program.run([...own, array] as never, { keys: [Key.fromSeed(7)] });
  await program.release();
  return (out as NDArray<"f64">).data;
}

describe.each(pathNames)("the path %s with the exact velocity of a mixture", (path) => {
  const parts = exact(path);

  test("gives log P by the flow's equation, with an error that falls as the fourth power of the step", async () => {
    const errorOf = async (steps: number) => {
      const f = (p: P, _: unknown, given: Tensor) =>
        logDensity(parts, p, given, undefined, { steps, divergence: fullDivergence });
      const found = await run(parts, f, x);
      return Math.max(...found.map((v, i) => Math.abs(v - (expected[i] as number))));
    };
    const [coarse, fine] = [await errorOf(24), await errorOf(96)];
    expect(fine).toBeLessThan(2e-3);
    expect(coarse / fine).toBeGreaterThan(4 ** 3);
  });

  test("gives the same on average with one random vector a row", async () => {
    const f = (p: P, key: SymbolicKey, given: Tensor) =>
      logDensity(parts, p, given, undefined, {
        steps: 48,
        divergence: probedDivergence(noise(key, given.shape, "f64")),
      });
    const found = await run(parts, f, x);
    const { value, error } = independentMean(found.map((v, i) => v - (expected[i] as number)));
    expect(error).toBeGreaterThan(1e-3);
    expect(Math.abs(value) / error).toBeLessThan(4);
  });

  test("has a bound that is log P on average, as the exact velocity leaves no gap", async () => {
    const f = (p: P, key: SymbolicKey, given: Tensor) => boundDraw(parts, p, given, key, undefined).bound;
    const times = 50;
    const repeated = arrayFrom(
      "f64",
      [times * rows, 2],
      Array.from({ length: times }, () => Array.from(x.data)).flat(),
    );
    const found = await run(parts, f, repeated);
    const { value, error } = independentMean(found.map((v, i) => v - (expected[i % rows] as number)));
    expect(error).toBeLessThan(0.03);
    expect(Math.abs(value) / error).toBeLessThan(4);
  });

  test.each([
    ["deterministic", 24],
    ["stochastic", 200],
  ] as const)("draws rows of the mixture by the %s sampler", async (sampler, steps) => {
    const drawing = { steps, guidance: 1 };
    const f = (p: P, key: SymbolicKey, given: Tensor) => {
      const start = noise(key.fold(0), given.shape, "f64");
      const y =
        sampler === "deterministic"
          ? flowFrom(parts, p, start, undefined, drawing)
          : diffuseFrom(parts, p, start, undefined, key.fold(1), drawing);
      return unwhiten(parts, p, y).x;
    };
    const drawn = await run(parts, f, arrayFrom("f64", [3000, 2], new Float64Array(6000)));
    expect(kolmogorovTest(Array.from(drawn), cumulative).pValue).toBeGreaterThan(1e-3);
  });
});
