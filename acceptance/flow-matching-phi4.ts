import { createSystem, fit, type NDArray, simulate } from "ansatz";
import { freeEnergyOf, rowMean, weightedSamples } from "ansatz/evaluate";
import { flowAsExact, flowLogProb, makeFlowMatching } from "ansatz/models";
import { Key } from "ansatz/random";
import { difference, type Estimate, formatEstimate, importance, independentMean } from "ansatz/stats";
import type { System } from "ansatz/systems";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, timed } from "./acceptance.ts";
import { integratedLogZ } from "./phi4-log-z.ts";

const field = { shape: [8, 8], mass2: -4, lambda: 8 };
const rows = 20_000;
/** Samples with their weights, which take 64 derivatives at every evaluation, and samples without, which take none. */
const [weighted, plain] = [1000, 20_000];
/** Samples whose log P is taken with twice the steps, too. */
const SOME = 16;
/** Rows of the hybrid Monte Carlo run that χ₂ is held against. */
const reference = 40_000;
const options: FitOptions = { schedule: "cosine", epochs: 12, average: 0.999 };
const network = {
  network: "unet",
  padding: "periodic",
  channels: 16,
  patch: 1,
  times: "data",
  steps: 6,
} as const;

const susceptibility = ({ observables }: System, x: NDArray) =>
  observables.susceptibility?.(x) as Float64Array;

/**
 * ⟨O⟩ from few weighted samples and many without weights of the same model: the mean of the many, and what the weights change, Σ w O − ⟨O⟩,
 * of the few. The weights vary less than O, so the error is smaller than that of the few alone.
 */
function corrected(few: Float64Array, logWeight: Float64Array, many: Float64Array): Estimate {
  const { weights } = importance(logWeight);
  const mean = independentMean(many);
  const moved =
    few.reduce((sum, v, i) => sum + ((weights[i] as number) - 1) * (v - mean.value), 0) / few.length;
  const value = mean.value + moved;
  const change = independentMean(
    Float64Array.from(few, (v, i) => {
      const w = weights[i] as number;
      return w * (v - value) - (v - mean.value);
    }),
  );
  return { value, error: Math.hypot(mean.error, change.error) };
}

let known: Promise<{ readonly logZ: Estimate; readonly chi: Estimate }> | undefined;

async function references(system: System) {
  const { x, chain } = await system.simulate({ samples: reference, key: Key.fromSeed(100) });
  return {
    logZ: await integratedLogZ(field),
    chi: rowMean(susceptibility(system, x), chain?.data),
  };
}

/** φ⁴ theory from data, reweighted by its action with the full divergence. */
export const flowMatchingPhi4: Acceptance = {
  name: "flow-matching-phi4",
  summary:
    "φ⁴ theory, 8×8, m² = −4, λ = 8, from rows of HMC: effective samples of flow matching, reweighted by the full divergence",
  settings: { ...field, rows, ...options, ...network, weighted, plain },
  seeds: [1, 2, 3],
  bar: { atLeast: 0.2 },
  secondsAtMost: 600,
  async measure(seed, { print }) {
    const system = createSystem("phi4", field) as System;
    known ??= references(system);
    const { logZ: integrated, chi: simulated } = await known;
    print(
      `log Z ${formatEstimate(integrated)} by thermodynamic integration, χ₂ ${formatEstimate(simulated)} by HMC`,
    );
    const { dataset } = await simulate(system, { samples: rows, seed });
    const model = makeFlowMatching({ space: dataset.space }, network);
    const { value: fitted, cost } = await timed(() => fit(model, dataset, { ...options, seed }).result());
    const exact = flowAsExact(fitted);
    if (!exact) throw new Error("the divergence is not the full one");
    const drawing = await timed(() =>
      weightedSamples(exact, system, { samples: weighted, key: Key.fromSeed(seed).fold(1) }),
    );
    const drawn = drawing.value;
    const { ess, logZ } = freeEnergyOf(system.beta, drawn);
    const { x: many } = await fitted.sample(plain, { key: Key.fromSeed(seed).fold(2) });
    const chi = corrected(susceptibility(system, drawn.x), drawn.logWeight, susceptibility(system, many));
    const some = {
      ...drawn.x,
      shape: [SOME, ...field.shape],
      data: drawn.x.data.slice(0, SOME * 64),
    } as NDArray;
    const finer = await flowLogProb(fitted, some, { steps: 2 * network.steps });
    const ofSteps = independentMean(
      finer.map((v, i) => v - (-system.beta * (drawn.energy[i] as number) - (drawn.logWeight[i] as number))),
    );
    await exact.release();
    await fitted.release();
    const [offZ, offChi] = [difference(logZ, integrated).sigmas, difference(chi, simulated).sigmas];
    return {
      seed,
      result: ess,
      notes: `${weighted} samples in ${drawing.cost.processor.toFixed(0)} s of the processor; twice the steps change log P by ${formatEstimate(ofSteps)}`,
      checks: [
        [`σ of log Z ${logZ.error.toPrecision(2)}, at most 0.02`, logZ.error <= 0.02],
        [
          `log Z ${formatEstimate(logZ)} beside ${formatEstimate(integrated)} by integration (${offZ.toFixed(1)} σ), within 3 σ`,
          Math.abs(offZ) < 3,
        ],
        [
          `σ of χ₂ ${((100 * chi.error) / chi.value).toFixed(1)} %, at most 1 %`,
          chi.error <= 0.01 * chi.value,
        ],
        [
          `χ₂ ${formatEstimate(chi)} beside ${formatEstimate(simulated)} by HMC (${offChi.toFixed(1)} σ), within 2.5 σ`,
          Math.abs(offChi) < 2.5,
        ],
      ],
      cost,
    };
  },
};
