import { bothOrders, directFidelity, fidelity, parametricBootstrap, purity } from "ansatz/evaluate";
import { Key } from "ansatz/random";
import { type ComplexMatrix, maximumLikelihood, overlap, pureState, type Tally } from "ansatz/tomography";
import { type Acceptance, timed } from "../acceptance.ts";
import { aqtShots, deviceShots, qucumberShots, readMatrix } from "./shots.ts";

const ghz = (qubits: number): ComplexMatrix =>
  pureState(Float64Array.from({ length: 2 ** qubits }, (_, i) => (i === 0 || i === 2 ** qubits - 1 ? 1 : 0)));
/** One excitation in all. */
const dicke = (qubits: number): ComplexMatrix =>
  pureState(Float64Array.from({ length: 2 ** qubits }, (_, i) => (i > 0 && (i & (i - 1)) === 0 ? 1 : 0)));

/** One data set: its fit, with what must hold of it. */
function fitted(
  name: string,
  summary: string,
  load: (file: (name: string) => string) => { tally: Tally; target: ComplexMatrix },
  bars: { readonly fidelity?: number; readonly nll?: number; readonly seconds?: number },
): Acceptance {
  return {
    name: `tomography-${name}`,
    summary,
    settings: { family: "density" },
    seeds: [0],
    ...(bars.fidelity !== undefined && { bar: { atLeast: bars.fidelity } }),
    ...(bars.seconds !== undefined && { secondsAtMost: bars.seconds }),
    async measure(seed, { file }) {
      const { tally, target } = load(file);
      const { value: found, cost } = await timed(async () => maximumLikelihood(tally));
      const nll = found.loss * tally.shots;
      const isPure = purity(target) > 0.999;
      const direct = isPure ? directFidelity(tally, target) : undefined;
      const orders = bothOrders(found.rho, tally);
      return {
        seed,
        result: { value: fidelity(found.rho, target), error: Number.NaN },
        notes:
          `NLL ${nll.toFixed(3)} (within ${found.gap.toExponential(1)} nats of the optimum, ${found.steps} steps), ` +
          (direct ? `direct fidelity ${direct.value.toFixed(4)} ± ${direct.error.toFixed(4)}, ` : "") +
          `purity ${purity(found.rho).toFixed(4)}, ` +
          `this order is likelier by ${orders.wonBy.toFixed(1)} nats, ${cost.processor.toFixed(2)} s of the processor`,
        checks: [
          ["within 0.001 nats of the optimum", found.gap <= 1e-3],
          ...(bars.nll === undefined ? [] : [[`NLL at most ${bars.nll}`, nll <= bars.nll] as const]),
        ],
        cost,
      };
    },
  };
}

/** The four-qubit singlet of shared data; see its README. */
const singlet = pureState(
  Float64Array.from({ length: 16 }, (_, i) => (i === 3 || i === 12 ? 2 : [5, 6, 9, 10].includes(i) ? -1 : 0)),
);

/** A real device: whether a single state explains its shots. */
function device(name: string, path: string): Acceptance {
  return {
    name: `tomography-device-${name}`,
    summary: `${name}, four-qubit singlet: fidelity by maximum likelihood, and whether one state explains the shots`,
    settings: { replicas: 100 },
    seeds: [0],
    async measure(seed, { file }) {
      const { tally } = deviceShots(file(path));
      const { value: found, cost } = await timed(async () => maximumLikelihood(tally));
      const { fit } = await parametricBootstrap(tally, found.rho, {
        replicas: 100,
        key: Key.fromSeed(seed),
        numbers: {},
      });
      const direct = directFidelity(tally, singlet);
      return {
        seed,
        result: { value: overlap(found.rho, singlet), error: direct.error },
        notes:
          `direct ${direct.value.toFixed(4)} ± ${direct.error.toFixed(4)}, deviance a degree of freedom ` +
          `${(fit.deviance / fit.degrees).toFixed(3)}, ${fit.sigmas.toFixed(1)} σ, p ${fit.pValue.toFixed(3)}, ` +
          `turns between the halves of the settings ${fit.turn?.sigmas.toFixed(1)} σ, ` +
          `purity ${purity(found.rho).toFixed(4)}, ${cost.processor.toFixed(2)} s; ${fit.sentence}`,
        cost,
      };
    },
  };
}

const w = (file: (name: string) => string, shots: number) => ({
  tally: qucumberShots(
    file(`qucumber/N2_W_state_${shots}_samples_data.txt`),
    file(`qucumber/N2_W_state_${shots}_samples_bases.txt`),
  ),
  target: readMatrix(
    file("qucumber/N2_W_state_target_real.txt"),
    file("qucumber/N2_W_state_target_imag.txt"),
  ),
});

/** Maximum likelihood on the real and published data sets. */
export const tomographyReal: readonly Acceptance[] = [
  fitted(
    "ghz-6",
    "GHZ-6, 72,900 shots: fidelity",
    (file) => ({ tally: aqtShots(file("aqt/ghz_6_6_72900.npy")), target: ghz(6) }),
    { fidelity: 0.999, seconds: 1 },
  ),
  fitted(
    "ghz-6-first",
    "GHZ-6, the first 3,000 shots: fidelity",
    (file) => ({ tally: aqtShots(file("aqt/ghz_6_6_72900.npy"), 3000), target: ghz(6) }),
    { fidelity: 0.985 },
  ),
  fitted(
    "dicke-6",
    "Dicke-6 of one excitation, 72,900 shots: fidelity",
    (file) => ({ tally: aqtShots(file("aqt/dicke_6_1_6_72900.npy")), target: dicke(6) }),
    { fidelity: 0.998 },
  ),
  fitted(
    "ibmq-ghz-3",
    "GHZ-3 of real hardware, 2,700 shots: fidelity",
    (file) => ({ tally: aqtShots(file("aqt/ghz_3_ibmq_3_2700.npy")), target: ghz(3) }),
    { nll: 4977.735 },
  ),
  fitted(
    "w-100",
    "depolarised W of 2 qubits, 9 × 100 shots: fidelity to its density matrix",
    (file) => w(file, 100),
    {},
  ),
  fitted(
    "w-1000",
    "depolarised W of 2 qubits, 9 × 1,000 shots: fidelity to its density matrix",
    (file) => w(file, 1000),
    {},
  ),
  device("perth", "ibm4/ibm_perth_3.txt"),
  device("manila", "ibm4/ibmq_manila_1.txt"),
  device("jakarta", "ibm4/ibmq_jakarta_2.txt"),
  device("lagos", "ibm4/ibm_lagos_0.txt"),
  device("belem", "ibm4/ibmq_belem_1.txt"),
];
