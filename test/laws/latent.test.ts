import { describe, expect, test } from "vitest";
import { type NDArray, ndarray } from "../../src/array.ts";
import { real, sites } from "../../src/data/space.ts";
import { fillLatent } from "../../src/evaluate/index.ts";
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
import { chiSquaredSurvival, independentMean, mean, weightedMean } from "../../src/stats/index.ts";
import { contextRows, domainOf } from "./models/domain.ts";
import type { PpcaParameters } from "./models/ppca.ts";
import { covarianceOf, gap, logProb, withPosterior } from "./models/ppca-known.ts";
import { type Matrix, inverted } from "./matrix.ts";
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
