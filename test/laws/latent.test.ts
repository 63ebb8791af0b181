import { describe, expect, test } from "vitest";
import { type NDArray, ndarray, takeRows } from "../../src/array.ts";
import { binary, real, sites } from "../../src/data/space.ts";
import { fillLatent } from "../../src/evaluate/index.ts";
import { freeze } from "../../src/models/arrays.ts";
import type { Parameters } from "../../src/models/contract.ts";
import { FittedBounded } from "../../src/models/fitted/bounded.ts";
import {
  annealPosterior,
  drawJoint,
  encoderMeans,
  type LatentModel,
  requireLatent,
} from "../../src/models/index.ts";
import { createModel } from "../../src/models/registry.ts";
import { Key } from "../../src/random/key.ts";
import { Program } from "../../src/runtime/program.ts";
import { Spec, trace } from "../../src/runtime/trace.ts";
import {
  chiSquaredSurvival,
  independentMean,
  logMeanExp,
  mean,
  variance,
  weightedMean,
} from "../../src/stats/index.ts";
import { add, BATCH, type Tensor } from "../../src/tensor/index.ts";
import { inverted, type Matrix, quadratic, times } from "./matrix.ts";
import { contextRows, domainOf } from "./models/domain.ts";
import type { PpcaParameters } from "./models/ppca.ts";
import { covarianceOf, gap, logProb, withPosterior } from "./models/ppca-known.ts";
import { disturbed } from "./parameters.ts";
import "./models/register.ts";

// Probabilistic principal component analysis: log P, the posterior and every conditional are known in closed form.

type Ppca = LatentModel<PpcaParameters>;

/** A model of `latent` variables in `n` sites with little noise, so that the posterior is narrow beside the prior. */
function narrow(n: number, latent: number, width = 0): { model: Ppca; parameters: PpcaParameters } {
  const model = requireLatent(createModel("ppca", domainOf(real([n]), width), { latent }), "") as Ppca;
  const parameters = disturbed(model) as PpcaParameters;
  return { model, parameters: { ...parameters, logNoise: ndarray("f32", [1], Float32Array.of(-1.2)) } };
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Float64Array.from({ length: a.length }, (_, i) => (a[i] as number) - (b[i] as number));

describe.each([
  ["without a context", 0],
  ["given a context", 2],
])("annealing %s", (_, width) => {
  const { model, parameters } = narrow(8, 3, width);
  const rows = 60;
  const context = contextRows(domainOf(real([8]), width), rows);
  const given = context && { context };

  test("weights of both directions are unbiased estimates of P(x) and 1/P(x)", async () => {
    const { x, z } = await drawJoint(model, parameters, rows, Key.fromSeed(1), { ...given });
    const exact = logProb(parameters, x as NDArray, context);
    const options = { exact: z, chains: 16, temperatures: 64, leaps: 4, seed: 2 };
    const { lower, upper } = await annealPosterior(model, parameters, { count: rows, x, ...given }, options);
    // The mean weight of a row over P(x), and of the way back P(x) over it: the mean over rows is 1.
    const up = independentMean(difference(lower.value, exact).map(Math.exp));
    const down = independentMean(difference(exact, (upper as typeof lower).value).map(Math.exp));
    for (const { value, error } of [up, down]) {
      expect(error).toBeLessThan(0.1);
      expect(Math.abs(value - 1) / error).toBeLessThan(4); // p = 6e-5
    }
  });
});

test("on own samples both sides hold log P between them, and come closer with more steps (seeds 1 to 8)", async () => {
  const { model, parameters } = narrow(8, 3);
  const rows = 40;
  const gaps: number[][] = [];
  for (const temperatures of [32, 128]) {
    const z: number[] = [];
    const widths: number[] = [];
    for (let seed = 1; seed <= 8; seed++) {
      const joint = await drawJoint(model, parameters, rows, Key.fromSeed(seed));
      const exact = logProb(parameters, joint.x as NDArray);
      const { lower, upper } = await annealPosterior(
        model,
        parameters,
        { count: rows, x: joint.x },
        { exact: joint.z, chains: 4, temperatures, leaps: 4, seed },
      );
      const low = independentMean(difference(lower.value, exact));
      const high = independentMean(difference((upper as typeof lower).value, exact));
      // One-sided: a side may be on the wrong side of log P by chance alone.
      z.push(Math.max(0, low.value / low.error), Math.max(0, -high.value / high.error));
      widths.push(high.value - low.value);
    }
    expect(Math.max(...z)).toBeLessThan(3.8); // p = 1e-3 of 16 one-sided ones
    gaps.push(widths);
  }
  const [few, many] = gaps.map((widths) => mean(widths)) as [number, number];
  expect(many).toBeLessThan(few / 2);
  expect(many).toBeGreaterThan(-0.05);
});

test("the weights of all configurations of bits are 1 together, and hold those of quadrature over one latent variable", async () => {
  const model = requireLatent(createModel("vae", domainOf(binary([4])), { latent: 1, hidden: [6] }), "");
  const parameters = disturbed(model);
  const states = ndarray(
    "f32",
    [16, 4],
    Float32Array.from({ length: 64 }, (_, i) => ((i >> 2) >> (i & 3)) & 1),
  );
  const exact = await byQuadrature(model, parameters, states);
  expect(mean(exact.map(Math.exp)) * 16).toBeCloseTo(1, 5);
  const chains = 200;
  const options = { chains, temperatures: 32, leaps: 3, seed: 3 };
  const { lower, logWeights } = await annealPosterior(model, parameters, { count: 16, x: states }, options);
  const z = [...exact.entries()].map(([row, log]) => {
    const weights = logWeights.subarray(row * chains, (row + 1) * chains).map((w) => Math.exp(w - log));
    const { value, error } = independentMean(weights);
    return (value - 1) / error;
  });
  expect(
    chiSquaredSurvival(
      z.reduce((s, v) => s + v * v, 0),
      16,
    ),
  ).toBeGreaterThan(1e-3);
  expect(Math.max(...difference(lower.value, exact))).toBeLessThan(0.1);
  // Own samples, whose latent variables are known, from both sides.
  const own = await drawJoint(model, parameters, 200, Key.fromSeed(5));
  const known = await byQuadrature(model, parameters, own.x as NDArray<"f32">);
  const both = await annealPosterior(
    model,
    parameters,
    { count: 200, x: own.x },
    { ...options, chains: 4, exact: own.z },
  );
  const low = independentMean(difference(both.lower.value, known));
  const high = independentMean(difference((both.upper as typeof both.lower).value, known));
  expect(low.value / low.error).toBeLessThan(3.3); // p = 5e-4
  expect(high.value / high.error).toBeGreaterThan(-3.3);
  expect(high.value - low.value).toBeLessThan(0.02);
});

/** log P of rows of a model of one latent variable, by the trapezoid rule from −8 to 8. */
async function byQuadrature(
  model: LatentModel,
  parameters: Parameters,
  x: NDArray<"f32">,
): Promise<Float64Array> {
  const [rows, points] = [x.shape[0] as number, 321];
  const step = 16 / (points - 1);
  const n = sites(model.space);
  const which = Uint32Array.from({ length: rows * points }, (_, i) => Math.floor(i / points));
  const z = Float32Array.from({ length: rows * points }, (_, i) => -8 + step * (i % points));
  const f = (x: Tensor, z: Tensor) => {
    const p = freeze(parameters);
    return add(model.latent.logPrior(p, z), model.latent.logLikelihood(p, x, z));
  };
  const program = await Program.compile(trace(f, [new Spec([BATCH, n]), new Spec([BATCH, 1])]));
  const [logs] = await program.run([takeRows(x, which), ndarray("f32", [rows * points, 1], z)]);
  await program.release();
  const { data } = logs as NDArray<"f32">;
  return Float64Array.from({ length: rows }, (_, row) => {
    const own = data.subarray(row * points, (row + 1) * points);
    return logMeanExp(own).value + Math.log(points * step);
  });
}

test("rate and distortion are the bound, whose gap is known, and active units are those whose codes vary", async () => {
  const { model, parameters } = narrow(6, 3);
  // The last unit hears nothing of the row.
  const weight = withPosterior(parameters, 0.2, 1.1).encoder.weight;
  const silent = Float32Array.from(weight.data, (w, i) => (i >= 12 ? 0 : w));
  const encoder = { ...withPosterior(parameters, 0.2, 1.1).encoder, weight: { ...weight, data: silent } };
  const loose = { ...parameters, encoder };
  const fitted = new FittedBounded(model, loose);
  const { x } = await fitted.sample(3000, { seed: 1 });
  await fitted.release();
  const { rate, distortion, activity } = await encoderMeans(model, loose, x, { seed: 2 });
  const bound = difference(logProb(loose, x), gap(loose, x));
  const { value, error } = independentMean(
    rate.map((r, i) => r + (distortion[i] as number) + (bound[i] as number)),
  );
  expect(Math.abs(value) / error).toBeLessThan(4);
  // The variance of A(x − μ) over the rows that were drawn.
  const codes = codesOf(loose, x);
  for (const unit of [0, 1, 2]) {
    const spread = variance(codes.map((code) => code[unit] as number));
    expect(Math.abs((activity[unit] as number) - spread)).toBeLessThan(0.01 + 0.05 * spread);
  }
  expect(activity[0]).toBeGreaterThan(0.1);
  expect(Math.abs(activity[2] as number)).toBeLessThan(0.01);
});

/** The mean of z under the encoder of each row. */
function codesOf({ mean: middle, encoder: { weight, offset } }: PpcaParameters, x: NDArray): number[][] {
  const [latent, n] = weight.shape as readonly [number, number];
  return Array.from({ length: x.shape[0] as number }, (_, row) =>
    Array.from({ length: latent }, (_, u) =>
      Array.from({ length: n }, (_, i) => i).reduce(
        (s, i) =>
          s + (weight.data[u * n + i] as number) * (Number(x.data[row * n + i]) - (middle.data[i] as number)),
        offset.data[u] as number,
      ),
    ),
  );
}

test("gaps are filled by the exact conditional: evidence, means and spread", async () => {
  const { model, parameters } = narrow(6, 2);
  const rows = 24;
  const fitted = new FittedBounded(model, parameters);
  const { x } = await fitted.sample(rows, { seed: 7 });
  const open = [1, 4];
  const known = ndarray(
    "f32",
    [rows, 6],
    Float32Array.from({ length: rows * 6 }, (_, i) => (open.includes(i % 6) ? 0 : 1)),
  );
  const values = ndarray(
    "f32",
    [rows, 6],
    Float32Array.from(x.data as Float32Array, (v, i) => (known.data[i] === 1 ? v : 0)),
  );
  const completions = 200;
  const filled = await fillLatent(fitted, { values, known }, { completions, particles: 200, seed: 4 });
  await fitted.release();
  expect(filled.x.shape).toEqual([rows, completions, 6]);
  const exact = conditionals(parameters, values, open);
  const [z, evidence]: [number[], number[]] = [[], []];
  exact.forEach(({ mean: middle, covariance, logProb: log }, row) => {
    evidence.push(Math.exp((filled.logEvidence[row] as number) - log));
    expect(filled.ess[row]).toBeGreaterThan(0.1);
    const weights = filled.weights.data.subarray(row * completions, (row + 1) * completions);
    expect(weights.reduce((s, w) => s + w, 0)).toBeCloseTo(1, 6);
    const at = (k: number, site: number) => Number(filled.x.data[(row * completions + k) * 6 + site]);
    for (const site of [0, 2, 3, 5]) expect(at(3, site)).toBe(values.data[row * 6 + site]);
    open.forEach((site, u) => {
      const drawn = Float64Array.from({ length: completions }, (_, k) => at(k, site) - (middle[u] as number));
      const first = weightedMean(drawn, weights);
      const second = weightedMean(
        drawn.map((v) => v * v),
        weights,
      );
      z.push(first.value / first.error, (second.value - (covariance[u]?.[u] as number)) / second.error);
    });
  });
  const p = chiSquaredSurvival(
    z.reduce((s, v) => s + v * v, 0),
    z.length,
  );
  expect(p).toBeGreaterThan(1e-3);
  expect(p).toBeLessThan(1 - 1e-3);
  const { value, error } = independentMean(evidence);
  expect(Math.abs(value - 1) / error).toBeLessThan(4);
  expect(error).toBeLessThan(0.05);
});

/** The exact distribution of the `open` sites of each row given the others, and log P of the others. */
function conditionals(parameters: PpcaParameters, values: NDArray, open: readonly number[]) {
  const covariance = covarianceOf(parameters);
  const n = covariance.length;
  const kept = Array.from({ length: n }, (_, i) => i).filter((i) => !open.includes(i));
  const block = (a: readonly number[], b: readonly number[]): Matrix =>
    a.map((i) => b.map((j) => covariance[i]?.[j] as number));
  const { inverse, logDet } = inverted(block(kept, kept));
  const regression = times(block(open, kept), inverse);
  const left = times(regression, block(kept, open));
  const own = block(open, open).map((row, i) => row.map((v, j) => v - (left[i]?.[j] as number)));
  const { mean: middle } = parameters;
  return Array.from({ length: values.shape[0] as number }, (_, row) => {
    const away = kept.map((i) => Number(values.data[row * n + i]) - (middle.data[i] as number));
    return {
      mean: open.map(
        (i, u) =>
          (middle.data[i] as number) + away.reduce((s, v, k) => s + v * (regression[u]?.[k] as number), 0),
      ),
      covariance: own,
      logProb: -0.5 * (quadratic(away, inverse) + logDet + kept.length * Math.log(2 * Math.PI)),
    };
  });
}

test("what cannot be annealed is refused in words", async () => {
  const { model, parameters } = narrow(4, 2);
  const { x } = await drawJoint(model, parameters, 2, Key.fromSeed(1));
  const lanes = { count: 2, x };
  await expect(annealPosterior(model, parameters, lanes, { temperatures: 8 })).rejects.toThrow(
    "temperatures is a whole number of at least 32, not 8",
  );
  await expect(annealPosterior(model, parameters, lanes, { chains: 0 })).rejects.toThrow("chains is a whole");
  await expect(
    annealPosterior(model, parameters, lanes, { signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: "interrupted" });
  expect(() => requireLatent({ ...model, latent: undefined }, "to anneal")).toThrow(
    "a ppca has no latent variables to anneal",
  );
});
