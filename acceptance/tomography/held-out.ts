import { createModel, fit } from "ansatz";
import { type Dataset, fromDataset, type Measurements, makeMeasurements, toDataset } from "ansatz/data";
import { type KnownState, knownState, networkFidelity, stateOfModel } from "ansatz/evaluate";
import { Key, permutation } from "ansatz/random";
import { createState, measure, namedSettings } from "ansatz/systems";
import { BornTree, requireState, type Tally, toPauli } from "ansatz/tomography";
import { type Acceptance, timed } from "../acceptance.ts";
import { aqtShots, qucumberShots } from "./shots.ts";

type StateFamily = "wave" | "purified" | "rbm-purified" | "transformer";

const folds = 10;

/** Every shot's fold, from 0 to 9, at random within its setting. */
function foldsOf({ setting }: Measurements, seed: number): Uint8Array {
  const next = new Uint32Array(setting.reduce((most, s) => Math.max(most, s + 1), 0));
  const out = new Uint8Array(setting.length);
  for (const shot of permutation(Key.fromSeed(seed), setting.length)) {
    const s = setting[shot]!;
    out[shot] = next[s]! % folds;
    next[s]!++;
  }
  return out;
}

const where = (fold: Uint8Array, chosen: (own: number) => boolean) =>
  Uint32Array.from(fold.keys()).filter((i) => chosen(fold[i]!));

interface Fitted {
  readonly family: StateFamily | "density";
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  /** Whether the physical state of a model of outcomes is scored in place of the model. */
  readonly physical?: boolean;
}

/**
 * Ten-fold log-likelihood of held-out shots: a network that is fitted to eight parts and chosen by a ninth, less the density matrix of
 * greatest likelihood of all nine, paired shot by shot.
 */
async function tenFold(of: Fitted, measurements: Measurements, seed: number) {
  const dataset = toDataset(measurements);
  const fold = foldsOf(measurements, seed);
  const differences: number[] = [];
  let seconds = 0;
  for (let f = 0; f < folds; f++) {
    const test = where(fold, (own) => own === f);
    const valid = where(fold, (own) => own === (f + 1) % folds);
    const most = where(fold, (own) => own !== f && own !== (f + 1) % folds);
    const nine = where(fold, (own) => own !== f);
    const network = await logProbs(
      of,
      { ...dataset, splits: { ...dataset.splits, train: most, valid, test } },
      seed,
    );
    const whole = { ...dataset, splits: { ...dataset.splits, train: nine, valid, test } };
    const state = await logProbs({ family: "density" }, whole, seed);
    seconds = Math.max(seconds, network.seconds);
    for (const row of test) differences.push(network.logProb[row]! - state.logProb[row]!);
  }
  const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
  const square = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  return { value: mean, error: Math.sqrt(square) / differences.length, seconds };
}

async function logProbs({ family, hyperparameters = {}, physical }: Fitted, dataset: Dataset, seed: number) {
  const model = createModel(family, { space: dataset.space, context: dataset.contextSpace }, hyperparameters);
  const { value: fitted, cost } = await timed(() => fit(model, dataset, { seed }).result());
  let logProb = await fitted.logProb(dataset.x, dataset.context);
  if (physical) {
    const { train, valid } = dataset.splits;
    const { rho } = await stateOfModel(fitted, fromDataset(dataset, Uint32Array.of(...train, ...valid)));
    requireState(rho, "the state of the model");
    const { qubits, settings, setting, bits } = fromDataset(dataset);
    const p = new BornTree({ qubits, settings }).probabilities(toPauli(rho));
    logProb = Float64Array.from(setting, (s, shot) => {
      let outcome = 0;
      for (let q = 0; q < qubits; q++) outcome = 2 * outcome + bits[shot * qubits + q]!;
      return Math.log(p[s * 2 ** qubits + outcome]!);
    });
  }
  await fitted.release();
  return { logProb, seconds: cost.processor };
}

/** The shots of a tally one by one. */
function shotsOf({ qubits, counts, settings, name }: Tally): Measurements {
  const bits: number[] = [];
  const setting: number[] = [];
  counts.forEach((n, i) => {
    for (let k = 0; k < n; k++) {
      setting.push(Math.floor(i / 2 ** qubits));
      for (let q = 0; q < qubits; q++) bits.push((i >> (qubits - 1 - q)) & 1);
    }
  });
  return makeMeasurements({ qubits, bits, setting, settings: settings.map((one) => one.name) }, name);
}

interface Row extends Fitted {
  readonly name: string;
  readonly summary: string;
  readonly family: StateFamily;
  data(file: (name: string) => string): Promise<{ measurements: Measurements; target?: KnownState }>;
  /** The difference may be below 0 by so many of its errors, or by so many nats. */
  readonly errors?: number;
  readonly nats?: number;
  readonly seeds?: readonly number[];
}

const row = (r: Row): Acceptance => ({
  name: `held-out-${r.name}`,
  summary: `${r.summary}: ten-fold log-likelihood a shot of held-out shots, ${r.physical ? "the state of a " : ""}${r.family} less maximum likelihood of a density matrix (nats)`,
  settings: { family: r.family, ...r.hyperparameters },
  seeds: r.seeds ?? [0],
  async measure(seed, { file }) {
    const { measurements, target } = await r.data(file);
    const { value, cost } = await timed(() => tenFold(r, measurements, seed));
    let fidelity = "";
    if (target) {
      const dataset = toDataset(measurements, { seed });
      const model = createModel(r.family, { space: dataset.space, context: dataset.contextSpace }, {});
      const fitted = await fit(model, dataset, { seed }).result();
      fidelity = `fidelity of a fit to 80 % ${(await networkFidelity(fitted, target)).toFixed(4)}, `;
      await fitted.release();
    }
    return {
      seed,
      result: { value: value.value, error: value.error },
      notes: `${r.physical ? "a state in every fold, " : ""}${fidelity}at most ${value.seconds.toFixed(1)} s of the processor a fit`,
      checks: [
        ...(r.errors === undefined
          ? []
          : [[`not below by more than ${r.errors} errors`, value.value >= -r.errors * value.error] as const]),
        ...(r.nats === undefined
          ? []
          : [[`not below by more than ${r.nats} nats`, value.value >= -r.nats] as const]),
      ],
      cost,
    };
  },
});

/** GHZ-4, each qubit depolarised. */
async function depolarised() {
  const plan = namedSettings("pauli", 4, Key.fromSeed(0));
  const state = createState("ghz", { qubits: 4, depolarise: 0.1 });
  return { measurements: await measure(state, { ...plan, shots: 100, seed: 0, name: "ghz" }) };
}

/** GHZ-3 of an IBM device. */
const hardware = async (file: (name: string) => string) => ({
  measurements: shotsOf(aqtShots(file("aqt/ghz_3_ibmq_3_2700.npy"))),
});

/** States by networks against the density matrix of greatest likelihood, on shots that neither has seen. */
export const tomographyHeldOut: readonly Acceptance[] = [
  row({
    ...{ name: "ghz-4", summary: "GHZ-4, each qubit depolarised by 0.1, 81 × 100 shots", family: "purified" },
    errors: 2,
    data: depolarised,
  }),
  row({
    ...{ name: "ghz-4-rbm", summary: "the same by Torlai and Melko's operator", family: "rbm-purified" },
    data: depolarised,
  }),
  row({
    ...{ name: "ibmq-ghz-3", summary: "GHZ-3 of real hardware, 2,700 shots", family: "purified" },
    nats: 0.005,
    data: hardware,
  }),
  row({
    ...{ name: "ibmq-ghz-3-rbm", summary: "the same by Torlai and Melko's operator", family: "rbm-purified" },
    data: hardware,
  }),
  row({
    ...{ name: "ibmq-ghz-3-attention", summary: "the same by attention", family: "transformer" },
    hyperparameters: { width: 16, heads: 2, siteContext: true },
    physical: true,
    nats: 0.005,
    seeds: [0, 1],
    data: hardware,
  }),
  row({
    ...{
      name: "qubits",
      summary: "2-qubit complex state of QuCumber, 1,000 shots in 5 bases",
      family: "wave",
    },
    errors: 1,
    async data(file) {
      const { readFile } = await import("node:fs/promises");
      const rows = (await readFile(file("qucumber/qubits_psi.txt"), "utf8")).trim().split("\n");
      const numbers = rows.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
      const [re, im] = [0, 1].map((k) => Float64Array.from(numbers, (one) => one[k]!)) as [
        Float64Array,
        Float64Array,
      ];
      const tally = qucumberShots(file("qucumber/qubits_train.txt"), file("qucumber/qubits_train_bases.txt"));
      return { measurements: shotsOf(tally), target: knownState({ qubits: 2, re, im }) };
    },
  }),
];
