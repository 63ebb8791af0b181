import { createSystem, FittedExact, fit, score, simulate } from "ansatz";
import type { Dataset } from "ansatz/data";
import { loadDataset } from "ansatz/files";
import { type AnyFitted, byKind, createModel, fittingDefaults } from "ansatz/models";
import type { Estimate } from "ansatz/stats";
import { allConfigurations } from "ansatz/systems";
import { type FitOptions, ownSymmetries } from "ansatz/train";
import {
  type Acceptance,
  type Bar,
  type Cost,
  type SeedResult,
  type Surroundings,
  timed,
} from "./acceptance.ts";
import { amplitudes } from "./amplitudes.ts";

/** Processor seconds that a fit without options may take. */
const atMost = 240;
/** Rows that models are tested on, drawn anew. */
const tested = 50_000;

/** A fit of a family with nothing but a seed, and where said the size of the model. */
export async function fitted(
  family: string,
  dataset: Dataset,
  seed: number,
  size: Readonly<Record<string, unknown>> = {},
  options: FitOptions = {},
) {
  const suited = fittingDefaults(family, ownSymmetries(dataset).used);
  const model = createModel(family as string, { space: dataset.space }, { ...suited, ...size });
  let notes = "";
  const { value, cost } = await timed(() =>
    fit(model, dataset, { ...options, seed }).result((event) => {
      if (event.type === "done") notes = `${event.step} steps, best at ${event.bestStep}: ${event.reason}`;
    }),
  );
  return { model: value as AnyFitted, notes, cost };
}

interface Claim {
  readonly name: string;
  readonly summary: string;
  readonly bar: Bar;
  readonly secondsAtMost?: number;
  measure(seed: number, surroundings: Surroundings): Promise<Omit<SeedResult, "seed">>;
}

/** A claim about a fit without options. */
export const defaults = ({ name, measure, secondsAtMost = atMost, ...claim }: Claim): Acceptance => ({
  name: `defaults-${name}`,
  settings: { fit: "no options but the seed" },
  seeds: [1, 2, 3],
  secondsAtMost,
  ...claim,
  measure: async (seed, surroundings) => ({ seed, ...(await measure(seed, surroundings)) }),
});

/** KL(P‖P_model) on rows drawn anew, paired, of rows of a system. */
function known(
  name: string,
  family: string,
  system: string,
  parameters: Readonly<Record<string, unknown>>,
  samples: number,
  per: "klPerSite" | "kl",
  bar: number,
  secondsAtMost?: number,
): Acceptance {
  return defaults({
    name,
    summary: `${family} on ${samples} rows of ${system}: KL${per === "kl" ? "" : " per site"} on new rows, paired, nats`,
    bar: { atMost: bar },
    ...(secondsAtMost && { secondsAtMost }),
    async measure(seed) {
      const source = createSystem(system as string, parameters);
      const { dataset } = await simulate(source, { samples, seed });
      const fresh = await simulate(source, { samples: tested, seed: seed + 1000 });
      const { model, notes, cost } = await fitted(family, dataset, seed);
      if (!(model instanceof FittedExact)) throw new Error(`${family} has no exact likelihood`);
      const found = await score(model, fresh.dataset, { part: "all" });
      await model.release();
      return { result: found[per] as Estimate, notes, cost };
    },
  });
}

const critical = { shape: [8, 8], beta: "critical" };
const ising = (family: string, samples: number, bar: number, secondsAtMost?: number) =>
  known(`ising-${family}-${samples}`, family, "ising", critical, samples, "klPerSite", bar, secondsAtMost);

/** The better of MADE and NADE by its validation rows, on a density-estimation benchmark. */
const benchmark = (name: string, atLeast: number): Acceptance =>
  defaults({
    name,
    summary: `${name}: test log-likelihood of the better of made and nade by validation rows, nats a row`,
    bar: { atLeast },
    async measure(seed, { file }) {
      const part = (split: string) => file(`debd/${name}.${split}.data`);
      const dataset = await loadDataset({ train: part("train"), valid: part("valid"), test: part("test") });
      const found: { valid: number; result: Estimate; notes: string; cost: Cost }[] = [];
      for (const family of ["made", "nade"]) {
        const { model, notes, cost } = await fitted(family, dataset, seed);
        if (!(model instanceof FittedExact)) throw new Error(`${family} has no exact likelihood`);
        const valid = (await score(model, dataset, { part: "valid" })).logProb.value;
        const result = (await score(model, dataset, { part: "test" })).logProb;
        found.push({ valid, result, notes: `${family}, ${notes}`, cost });
        await model.release();
      }
      const [best] = found.sort((a, b) => b.valid - a.valid) as [(typeof found)[number]];
      return { result: best.result, notes: best.notes, cost: best.cost };
    },
  });

/** |⟨ψ|√P⟩|² with the ground state that QuCumber's shots are of. */
const tfim = (family: string, size: Readonly<Record<string, unknown>>, atLeast: number): Acceptance =>
  defaults({
    name: `tfim-${family}`,
    summary: `${family} on 10,000 shots of a transverse-field Ising chain: fidelity with the exact ground state`,
    bar: { atLeast },
    async measure(seed, { file }) {
      const psi = await amplitudes(file("qucumber/tfim1d_psi.txt"));
      const dataset = await loadDataset({ path: file("qucumber/tfim1d_data.txt") });
      const { model, notes, cost } = await fitted(family, dataset, seed, size);
      const x = allConfigurations(dataset.space.kind === "binary" ? dataset.space.shape : []);
      const logs = await byKind<Promise<Float64Array>>(model, {
        exact: (exact) => exact.logProb(x),
        energy: (energy) => energy.logWeight(x),
        bounded: () => Promise.reject(new Error(`${family} has no likelihood`)),
        implicit: () => Promise.reject(new Error(`${family} has no likelihood`)),
      });
      const most = Math.max(...logs);
      const norm = logs.reduce((sum, w) => sum + Math.exp(w - most), 0);
      const overlap = psi.reduce(
        (sum, a, i) => sum + Math.abs(a) * Math.sqrt(Math.exp((logs[i] as number) - most) / norm),
        0,
      );
      await model.release();
      return { result: { value: overlap ** 2, error: Number.NaN }, notes, cost };
    },
  });

/** Fits that are given nothing but data and a seed: `npm run acceptance -- defaults`. */
export const withDefaults: readonly Acceptance[] = [
  ising("made", 50_000, 0.0004),
  ising("made", 20_000, 0.0008),
  ising("nade", 50_000, 0.0006),
  ising("rnn", 50_000, 0.0012),
  ising("pixelcnn", 50_000, 0.0012),
  ising("transformer", 50_000, 0.002, 600),
  benchmark("nltcs", -6),
  benchmark("plants", -12.45),
  benchmark("dna", -84),
  tfim("rbm", { hidden: 10 }, 0.993),
  tfim("rnn", {}, 0.997),
  known("moons", "spline", "moons", {}, 50_000, "kl", 0.01),
  known("gaussians8", "spline", "gaussians8", {}, 50_000, "kl", 0.01),
  known("checkerboard", "spline", "checkerboard", {}, 50_000, "kl", 0.035),
];
