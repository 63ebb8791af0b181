import { createModel, createSystem, formatComparison, Key, metropolis, solve } from "ansatz";
import { freeEnergyOf, type MetropolisRun, rowMean, type Weighted, weightedSamples } from "ansatz/evaluate";
import { solvingDefaults } from "ansatz/models";
import { difference, type Estimate, formatEstimate } from "ansatz/stats";
import type { System } from "ansatz/systems";
import type { SolveOptions } from "ansatz/train";
import { type Acceptance, type SeedResult, timed } from "./acceptance.ts";

/** Samples that every flow is judged by, and rows of the Metropolis chains that it proposes. */
const samples = 100_000;

/** What a flow's samples and its chains say. */
interface Judged {
  readonly drawn: Weighted;
  readonly chains: MetropolisRun;
}

/** See {@link flowOf}. */
interface Claim {
  readonly name: string;
  readonly system: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly family: string;
  /** What differs from what `ansatz solve` chooses. */
  readonly options?: SolveOptions;
  readonly checks: (judged: Judged, target: System) => Promise<SeedResult["checks"]>;
  readonly claim: Pick<Acceptance, "summary" | "bar" | "secondsAtMost">;
}

/** Solves for a field theory with a flow and judges it by the acceptance of its proposals. */
function flowOf({ name, system, parameters, family, options = {}, checks, claim }: Claim): Acceptance {
  return {
    name,
    settings: { system, ...parameters, model: family, ...options, samples },
    seeds: [0, 1, 2],
    ...claim,
    async measure(seed) {
      const target: System = createSystem(system, parameters);
      const domain = { space: target.space };
      const flow = createModel(family, domain, solvingDefaults(family, target));
      if (flow.kind !== "exact") throw new Error(`${family} has no exact likelihood`);
      const { value: model, cost } = await timed(() => solve(flow, target, { ...options, seed }).result());
      const drawn = await weightedSamples(model, target, { samples, key: Key.fromSeed(seed).fold(1) });
      const chains = await metropolis(model, target, { samples, key: Key.fromSeed(seed).fold(2) });
      await model.release();
      const { ess, logZ } = freeEnergyOf(target.beta, drawn);
      return {
        seed,
        result: chains.acceptance,
        notes: `ESS ${formatEstimate(ess)}, log Z ${formatEstimate(logZ)}, longest τ ${chains.tau.toFixed(2)} steps`,
        checks: (await checks({ drawn, chains }, target)) ?? [],
        cost,
      };
    },
  };
}

/** Two estimates that do not depend on one another agree within 3 σ: p = 0.003 each. */
function agree(what: string, a: Estimate, b: Estimate, source: string): readonly [string, boolean] {
  const { sigmas } = difference(a, b);
  return [
    `${what} ${formatEstimate(a)} beside ${formatEstimate(b)} ${source} (${sigmas.toFixed(1)} σ), within 3 σ`,
    Math.abs(sigmas) < 3,
  ];
}

/** log Z of the first seed's model, which those of the others must agree with. */
let firstLogZ: Estimate | undefined;

/** χ₂ by Hamiltonian Monte Carlo, once for all seeds. */
let reference: Promise<Estimate> | undefined;

async function susceptibilityByHmc(target: System): Promise<Estimate> {
  const { x, chain } = await target.simulate({ samples: 40_000, key: Key.fromSeed(100) });
  return rowMean(target.observables.susceptibility?.(x) as Float64Array, chain?.data);
}

/** φ⁴ theory at the point of Albergo et al. (arXiv:2101.08176), every setting at its default. */
export const phi4 = flowOf({
  name: "phi4",
  system: "phi4",
  parameters: { shape: [8, 8], mass2: -4, lambda: 8 },
  family: "lattice-flow",
  async checks({ drawn, chains }, target) {
    const { ess, logZ } = freeEnergyOf(target.beta, drawn);
    const between = firstLogZ && agree("log Z", logZ, firstLogZ, "of the first seed's model");
    firstLogZ ??= logZ;
    reference ??= susceptibilityByHmc(target);
    return [
      [`ESS ${formatEstimate(ess)}, at least 0.4`, ess.value >= 0.4],
      agree("χ₂ of the chains", chains.observables.susceptibility as Estimate, await reference, "by HMC"),
      ...(between ? [between] : []),
    ];
  },
  claim: {
    summary:
      "φ⁴ theory, 8×8, m² = −4, λ = 8, from its action: acceptance of a flow's proposals by Metropolis",
    bar: { atLeast: 0.5 },
    secondsAtMost: 600,
  },
});

/** U(1) gauge theory, exact at any size. */
export const u1 = flowOf({
  name: "u1",
  system: "u1",
  parameters: { shape: [8, 8], beta: 2 },
  family: "gauge-flow",
  options: { steps: 600 },
  async checks({ drawn, chains }, target) {
    const { ess, logZ } = freeEnergyOf(target.beta, drawn);
    const within = (what: string, estimate: Estimate, exact: number, most: number) =>
      [
        `${what} ${formatComparison(estimate, exact)}, within ${most} σ`,
        Math.abs(difference(estimate, exact).sigmas) < most,
      ] as const;
    const exact = target.exactMeans?.squareCharge as number;
    return [
      within("⟨Q²⟩ of the chains", chains.observables.squareCharge as Estimate, exact, 2),
      within("log Z", logZ, target.exact?.logZ as number, 3),
      [`ESS ${formatEstimate(ess)}`, true],
    ];
  },
  claim: {
    summary: "U(1) gauge theory, 8×8, β = 2, from its action: acceptance of a flow's proposals by Metropolis",
    bar: { atLeast: 0.3 },
    secondsAtMost: 600,
  },
});
