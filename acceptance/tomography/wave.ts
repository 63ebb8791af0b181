import { createModel, fit } from "ansatz";
import { type Dataset, fromDataset, makeMeasurements, toDataset } from "ansatz/data";
import { type KnownState, knownState, networkFidelity } from "ansatz/evaluate";
import { loadDataset } from "ansatz/files";
import { Key, stream } from "ansatz/random";
import { createState, measure, namedSettings, type SettingPlan } from "ansatz/systems";
import { type Acceptance, type Cost, timed } from "../acceptance.ts";
import { amplitudes } from "../amplitudes.ts";
import { bondEstimate, equalWeights, overlapOf } from "./w-bonds.ts";

type Hyperparameters = Readonly<Record<string, unknown>>;

/** A fit with default options, its fidelity and what it cost. */
async function fidelityOf(
  family: "wave" | "rbm-wave",
  dataset: Dataset,
  hyperparameters: Hyperparameters,
  target: KnownState,
  seed: number,
): Promise<{ readonly fidelity: number; readonly cost: Cost }> {
  const model = createModel(family, { space: dataset.space, context: dataset.contextSpace }, hyperparameters);
  const { value: fitted, cost } = await timed(() => fit(model, dataset, { seed }).result());
  const fidelity = await networkFidelity(fitted, target);
  await fitted.release();
  return { fidelity, cost };
}

const median = (list: readonly number[]) => {
  const sorted = [...list].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};
const four = (value: number) => value.toFixed(4);

/** Data sets that differ in their shots, their state and the seed of the fit: the median fidelity, and what must hold of all. */
interface Row {
  readonly name: string;
  readonly summary: string;
  readonly family?: "wave" | "rbm-wave";
  readonly hyperparameters?: Hyperparameters;
  readonly sets: number;
  /** The data of a seed, its target, and a fidelity to compare with if there is one. */
  data(
    seed: number,
    file: (name: string) => string,
  ): Promise<{ dataset: Dataset; target: KnownState; other?: number }>;
  readonly median?: number;
  /** So many sets must have at least this fidelity. */
  readonly most?: { readonly count: number; readonly least: number };
  /** How far a fidelity may be below the other one. */
  readonly below?: number;
  readonly seconds?: number;
}

const row = (r: Row): Acceptance => ({
  name: `wave-${r.name}`,
  summary: `${r.summary}: median fidelity of ${r.sets} data sets`,
  settings: { family: r.family ?? "wave", ...r.hyperparameters },
  seeds: [0],
  ...(r.median !== undefined && { bar: { atLeast: r.median } }),
  ...(r.seconds !== undefined && { secondsAtMost: r.seconds }),
  async measure(first, { file }) {
    const found: { fidelity: number; other: number | undefined; cost: Cost }[] = [];
    for (let k = 0; k < r.sets; k++) {
      const seed = first + k;
      const { dataset, target, other } = await r.data(seed, file);
      found.push({
        ...(await fidelityOf(r.family ?? "wave", dataset, r.hyperparameters ?? {}, target, seed)),
        other,
      });
    }
    const all = found.map(({ fidelity }) => fidelity);
    const times = found.map(({ cost }) => cost.processor);
    const behind = found.map(({ fidelity, other }) => (other === undefined ? 0 : other - fidelity));
    const others = found.flatMap(({ other }) => (other === undefined ? [] : [other]));
    const reached = all.filter((value) => value >= (r.most?.least ?? 0)).length;
    return {
      seed: first,
      result: { value: median(all), error: Number.NaN },
      notes:
        `${four(Math.min(...all))} to ${four(Math.max(...all))}` +
        `${others.length > 0 ? `, bondwise maximum likelihood median ${four(median(others))}, at most ${four(Math.max(...behind))} above` : ""}` +
        `, ${median(times).toFixed(1)} s of the processor a fit`,
      checks: [
        ...(r.most
          ? [[`${reached} of ${r.sets} at least ${r.most.least}`, reached >= r.most.count] as const]
          : []),
        ...(r.below !== undefined
          ? [
              [
                `all within ${r.below} of bondwise maximum likelihood`,
                Math.max(...behind) <= r.below,
              ] as const,
            ]
          : []),
      ],
      cost: {
        wall: Math.max(...found.map(({ cost }) => cost.wall)),
        processor: Math.max(...times),
      },
    };
  },
});

/** Shots of a known state. */
async function simulated(
  name: string,
  parameters: { readonly qubits: number } & Record<string, unknown>,
  plan: SettingPlan,
  shots: number,
  seed: number,
) {
  const state = createState(name, parameters);
  const measurements = await measure(state, { ...plan, shots, seed, name });
  return { dataset: toDataset(measurements, { seed }), target: knownState(state.psi) };
}

const neighbours = (qubits: number) => namedSettings("neighbours", qubits, Key.fromSeed(0));

/** Shots of a W state with random phases in the settings `neighbours`, for any number of qubits. */
function wShots(qubits: number, shots: number, seed: number) {
  const random = stream(Key.fromSeed(seed).fold(1));
  const phase = Float64Array.from({ length: qubits }, () => 2 * Math.PI * random.uniform());
  const { settings } = neighbours(qubits) as { settings: readonly string[] };
  const bits = new Uint8Array(settings.length * shots * qubits);
  const setting = new Uint32Array(settings.length * shots);
  settings.forEach((name, s) => {
    const q = [...name].findIndex((letter) => letter !== "Z");
    for (let k = 0; k < shots; k++) {
      const shot = s * shots + k;
      setting[shot] = s;
      const one = random.below(qubits);
      if (q < 0 || (one !== q && one !== q + 1)) bits[shot * qubits + one] = 1;
      if (q < 0) continue;
      let outcome = random.below(4);
      if (one === q || one === q + 1) {
        // p ∝ 1 ± cos of the phase difference, which Y shifts by a quarter turn.
        const angle = phase[q + 1]! - phase[q]! - (name[q + 1] === "Y" ? Math.PI / 2 : 0);
        const isOdd = random.uniform() >= (1 + Math.cos(angle)) / 2;
        outcome = (outcome & 2) | ((outcome >> 1) ^ (isOdd ? 1 : 0));
      }
      bits[shot * qubits + q] = outcome >> 1;
      bits[shot * qubits + q + 1] = outcome & 1;
    }
  });
  const measurements = makeMeasurements({ qubits, bits, setting, settings }, `W-${qubits}`);
  const dataset = toDataset(measurements, { seed });
  const known = {
    bits: Uint8Array.from({ length: qubits * qubits }, (_, i) => (i % (qubits + 1) === 0 ? 1 : 0)),
    re: phase.map((angle) => Math.cos(angle) / Math.sqrt(qubits)),
    im: phase.map((angle) => Math.sin(angle) / Math.sqrt(qubits)),
  };
  const bonds = bondEstimate(fromDataset(dataset, dataset.splits.train));
  return { dataset, target: known, other: overlapOf(bonds, equalWeights(phase)) };
}

/** Z, and X or Y on all qubits: all X, Y on one, and Y on more and more. GHZ shows its phase in such settings alone. */
function ghzSettings(qubits: number): SettingPlan {
  const words = Array.from({ length: 2 * qubits - 2 }, (_, k) =>
    Array.from({ length: qubits }, (_, q) => ((k < qubits ? q < k : q === k - qubits + 1) ? "Y" : "X")).join(
      "",
    ),
  );
  return { settings: ["Z".repeat(qubits), ...words], isSingle: false };
}

const tfim = (
  name: string,
  hyperparameters: Hyperparameters,
  bar?: number,
  family: "wave" | "rbm-wave" = "wave",
) =>
  row({
    name: `tfim-10${name}`,
    summary: "TFIM ground state of 10 qubits, QuCumber's 10,000 Z shots",
    ...{ family, hyperparameters, sets: 5 },
    ...(bar !== undefined && { median: bar }),
    async data(seed, file) {
      const re = Float64Array.from(await amplitudes(file("qucumber/tfim1d_psi.txt")));
      const { x } = await loadDataset({ path: file("qucumber/tfim1d_data.txt") });
      const shots = x.shape[0] as number;
      const parts = {
        ...{ qubits: 10, bits: Array.from(x.data, Number), settings: ["Z".repeat(10)] },
        setting: new Uint32Array(shots),
      };
      const measurements = makeMeasurements(parts, "tfim1d");
      return {
        dataset: toDataset(measurements, { seed }),
        target: knownState({ qubits: 10, re, im: new Float64Array(re.length) }),
      };
    },
  });

/** Wave functions by networks on simulated shots, and on QuCumber's. */
export const tomographyWave: readonly Acceptance[] = [
  row({
    name: "w-7",
    summary: "W-7 with random phases, 13 settings × 400 shots",
    ...{ sets: 10, most: { count: 9, least: 0.98 } },
    data: async (seed) => wShots(7, 400, seed),
  }),
  row({
    name: "w-7-rbm",
    summary: "the same by two Boltzmann machines",
    ...{ family: "rbm-wave", sets: 10 },
    data: async (seed) => wShots(7, 400, seed),
  }),
  row({
    name: "ghz-7",
    summary: "GHZ-7 with a phase, 13 settings × 400 shots",
    ...{ sets: 10, most: { count: 9, least: 0.98 } },
    data: (seed) => simulated("ghz", { qubits: 7, phase: 0.3 + seed }, ghzSettings(7), 400, seed),
  }),
  row({
    name: "quench-7",
    summary: "quench-7, h 0.5, time 2, 13 settings × 1,600 shots",
    ...{ sets: 5, median: 0.988 },
    data: (seed) => simulated("quench", { qubits: 7, h: 0.5, time: 2 }, neighbours(7), 1600, seed),
  }),
  row({
    name: "w-20",
    summary: "W-20, 1,600 shots a setting, one excitation declared",
    hyperparameters: { excitations: 1 },
    ...{ sets: 10, median: 0.98, below: 0.01, seconds: 3 },
    data: async (seed) => wShots(20, 1600, seed),
  }),
  row({
    name: "w-40",
    summary: "W-40, 6,400 shots a setting, one excitation declared",
    hyperparameters: { excitations: 1 },
    ...{ sets: 3, median: 0.975 },
    data: async (seed) => wShots(40, 6400, seed),
  }),
  row({
    name: "w-20-free",
    summary: "W-20, 1,600 shots a setting, nothing declared",
    ...{ sets: 5, most: { count: 4, least: 0.97 }, seconds: 20 },
    data: async (seed) => wShots(20, 1600, seed),
  }),
  tfim("", { phase: "none" }, 0.996),
  tfim("-symmetric", { phase: "none", z2: true, symmetry: "reflections" }, 0.999),
  tfim("-made", { phase: "none", z2: true, symmetry: "reflections", modulus: "made" }),
  tfim("-rbm", { phase: "none" }, 0.994, "rbm-wave"),
];
