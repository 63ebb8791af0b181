import { createModel, createSystem, fit, Key, metropolis, simulate } from "ansatz";
import { freeEnergyOf, rowMean, score, weightedSamples } from "ansatz/evaluate";
import { flowAsExact } from "ansatz/models";
import { difference, type Estimate, formatEstimate } from "ansatz/stats";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, timed } from "./acceptance.ts";
import { integratedLogZ } from "./phi4-log-z.ts";

const rows = 50_000;
const tested = 10_000;
const options: FitOptions = {
  schedule: "cosine",
  batch: 256,
  lr: 0.004,
  epochs: 110,
  average: 0.999,
  patience: 0,
};

/** KL(data‖model) by the flow's equation with the full divergence, paired, on rows drawn anew; every hyperparameter at its default. */
function plane(system: string, parameters: Readonly<Record<string, number>>, atMost: number): Acceptance {
  return {
    name: `flow-matching-${system}`,
    summary: `${system}: KL of the data from flow matching by the flow's equation, full divergence, on new rows, nats`,
    settings: { ...parameters, rows, ...options },
    seeds: [1, 2, 3],
    bar: { atMost },
    secondsAtMost: 180,
    async measure(seed) {
      const source = createSystem(system, parameters);
      const { dataset } = await simulate(source, { samples: rows, seed });
      const fresh = await simulate(source, { samples: tested, seed: seed + 1000 });
      const model = createModel("flow-matching", { space: dataset.space });
      const { value: fitted, cost } = await timed(() => fit(model, dataset, { ...options, seed }).result());
      const { flowTime, kl } = await score(fitted, fresh.dataset, { part: "all" });
      await fitted.release();
      if (!flowTime?.kl || !kl) throw new Error(`${system} does not know its density`);
      const { steps, solverError, count } = flowTime;
      return {
        seed,
        result: flowTime.kl,
        notes: `${count} rows, ${steps} steps, half of them differ by ${solverError.toPrecision(2)}; KL bound ${formatEstimate(kl)}`,
        checks: [
          [`the error of the steps ${solverError.toPrecision(2)} is below 0.005`, solverError < 0.005],
        ],
        cost,
      };
    },
  };
}

/** φ⁴ on 8×8 sites from its configurations, reweighted to its action. */
const field = { mass2: -4, lambda: 8, shape: [8, 8] } as const;
const fieldRows = 20_000;
const fieldHyperparameters = { network: "mlp", width: 192, times: "data", padding: "periodic" } as const;
const fieldOptions: FitOptions = { ...options, lr: 0.002, epochs: 100 };
const drawn = 10_000;

let logZ: Promise<Estimate> | undefined;

const phi4: Acceptance = {
  name: "flow-matching-phi4",
  summary: `φ⁴ 8×8, m² −4, λ 8, from ${fieldRows} rows of hybrid Monte Carlo: effective sample size of ${drawn} reweighted samples`,
  settings: { ...field, rows: fieldRows, ...fieldHyperparameters, ...fieldOptions, drawn },
  seeds: [1],
  bar: { atLeast: 0.2 },
  async measure(seed) {
    const source = createSystem("phi4", field);
    const { dataset } = await simulate(source, { samples: fieldRows, seed });
    const model = createModel("flow-matching", { space: dataset.space }, fieldHyperparameters);
    const { value: fitted, cost } = await timed(() =>
      fit(model, dataset, { ...fieldOptions, seed }).result(),
    );
    const exact = flowAsExact(fitted);
    if (!exact) throw new Error("64 sites have the full divergence");
    const weighted = await weightedSamples(exact, source, {
      samples: drawn,
      key: Key.fromSeed(seed).fold(1),
    });
    const { ess, logZ: own } = freeEnergyOf(source.beta, weighted);
    const chains = await metropolis(exact, source, { samples: drawn, key: Key.fromSeed(seed).fold(2) });
    await exact.release();
    await fitted.release();
    logZ ??= integratedLogZ(field);
    const integrated = await logZ;
    const reference = await simulate(source, { samples: 40_000, seed: 100 });
    const susceptibility = rowMean(
      source.observables.susceptibility?.(reference.dataset.x) as Float64Array,
      reference.dataset.chain,
    );
    const chi2 = chains.observables.susceptibility as Estimate;
    return {
      seed,
      result: ess,
      notes: `acceptance ${formatEstimate(chains.acceptance)}`,
      checks: [
        within("log Z", own, integrated, "by thermodynamic integration", 3),
        [`σ of log Z ${own.error.toPrecision(2)} at most 0.02`, own.error <= 0.02],
        within("χ₂ of Metropolis chains", chi2, susceptibility, "by hybrid Monte Carlo", 2.5),
        [
          `σ of χ₂ ${(chi2.error / chi2.value).toPrecision(2)} at most 0.01 of it`,
          chi2.error <= 0.01 * chi2.value,
        ],
      ],
      cost,
    };
  },
};

function within(
  what: string,
  a: Estimate,
  b: Estimate,
  source: string,
  most: number,
): readonly [string, boolean] {
  const { sigmas } = difference(a, b);
  const text = `${what} ${formatEstimate(a)} beside ${formatEstimate(b)} ${source} (${sigmas.toFixed(1)} σ), within ${most} σ`;
  return [text, Math.abs(sigmas) < most];
}

/** Densities in the plane whose entropy is known, and a field that is reweighted. */
export const flowMatching: readonly Acceptance[] = [
  plane("moons", { sigma: 0.05 }, 0.02),
  plane("gaussians8", {}, 0.03),
  plane("checkerboard", {}, 0.06),
  phi4,
];
