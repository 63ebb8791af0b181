import { createModel, createSystem, type Dataset, Key, simulate } from "ansatz";
import {
  candidatesIn,
  compareCouplings,
  type Explanation,
  explainData,
  explainModel,
  explicable,
  trueCouplings,
} from "ansatz/explain";
import type { System } from "ansatz/systems";
import { type Acceptance, fitModel, type SeedResult, timed } from "./acceptance.ts";

const configurations = 50_000;

/** Simulated configurations of the 8×8 Ising model. */
async function isingData(seed: number): Promise<{ system: System; dataset: Dataset }> {
  const system = createSystem("ising", { shape: [8, 8], beta: 0.4 });
  return { system, dataset: (await simulate(system, { samples: configurations, seed })).dataset };
}

/** Simulated configurations of the ±J spin glass on a periodic lattice of 4×4 sites, its couplings drawn by the seed. */
async function glassData(seed: number): Promise<{ system: System; dataset: Dataset }> {
  const system = createSystem("spin-glass", { shape: [4, 4], beta: 1, seed });
  return { system, dataset: (await simulate(system, { samples: configurations, seed })).dataset };
}

function held(
  system: System,
  explanation: Explanation,
): Pick<SeedResult, "checks"> & { reduced: number; terms: number } {
  const truth = trueCouplings(system, explanation.order);
  if (!truth) throw new Error(`${system.name} is no sum of products of ${explanation.order} spins`);
  const { sameGraph, spurious, missed, test } = compareCouplings(
    explanation,
    truth,
    candidatesIn(system.space, { order: explanation.order, key: Key.fromSeed(0) }),
  );
  return {
    reduced: test.chiSquared / test.dof,
    terms: test.dof,
    checks: [
      [`the true graph, ${spurious.length} false and ${missed.length} missed`, sameGraph],
      [
        `largest of ${test.dof} deviations ${test.largest.toFixed(2)} σ, p = ${test.largestPValue.toFixed(3)}, at least 0.001`,
        test.largestPValue >= 0.001,
      ],
    ],
  };
}

/** χ² per coupling of what pseudo-likelihood recovers from configurations, every true coupling counted. */
function recovered(
  name: string,
  what: string,
  seeds: readonly number[],
  dataOf: (seed: number) => Promise<{ system: System; dataset: Dataset }>,
): Acceptance {
  return {
    name,
    summary: `${what}: χ² per coupling recovered by pseudo-likelihood from ${configurations} configurations`,
    settings: { configurations, order: 2 },
    seeds,
    bar: { atLeast: 0.8, atMost: 1.2 },
    async measure(seed) {
      const { system, dataset } = await dataOf(seed);
      const { x, space, chain, meta } = dataset;
      const { value: explanation, cost } = await timed(() =>
        explainData({ x, ...(chain && { chain }), ...(meta?.chain && { spacing: meta.chain }) }, space, {
          key: Key.fromSeed(seed),
        }),
      );
      const { reduced, terms, checks } = held(system, explanation);
      return {
        seed,
        result: { value: reduced, error: Math.sqrt(2 / terms) },
        notes: `${explanation.screened} of ${explanation.candidates} terms screened, ${explanation.coefficients.length} kept`,
        ...(checks && { checks }),
        cost,
      };
    },
  };
}

export const explainIsing = recovered("explain-ising", "Ising model, 8×8, β = 0.4", [1, 2, 3, 4], isingData);

export const explainGlass = recovered(
  "explain-glass",
  "±J spin glass, 4×4, β = 1",
  [1, 2, 3, 4, 5, 6, 7, 8],
  glassData,
);

export const explainMade: Acceptance = {
  name: "explain-made",
  summary: "MADE of the 8×8 Ising model, β = 0.4: R² of log P by a formula of pairs, held-out configurations",
  settings: { configurations, hidden: 256, epochs: 20, samples: 20_000 },
  seeds: [1],
  bar: { atLeast: 0.98 },
  async measure(seed, { print }) {
    const { system, dataset } = await isingData(seed);
    const made = createModel("made", { space: dataset.space }, { hidden: 256 });
    if (made.kind !== "exact") throw new Error("made has an exact likelihood");
    const { model } = await fitModel(
      made,
      dataset,
      { schedule: "cosine", epochs: 20, batch: 200, lr: 2e-3, augment: [], seed },
      print,
    );
    const { value: explanation, cost } = await timed(() =>
      explainModel(explicable(model), { key: Key.fromSeed(seed).fold(1) }),
    );
    await model.release();
    if (!("r2" in explanation.held)) throw new Error("a model's formula has an R²");
    const { reduced, checks = [] } = held(system, explanation);
    return {
      seed,
      result: explanation.held.r2,
      notes:
        `${explanation.coefficients.length} of ${explanation.candidates} terms; ${checks[0]?.[0]}; ` +
        `χ² per coupling ${reduced.toFixed(2)}, in which the model's own deviations count`,
      cost,
    };
  },
};
