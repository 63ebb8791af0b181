import type { Dataset } from "../data/dataset.ts";
import { fromDataset, holdsMeasurements } from "../data/measurements/index.ts";
import { sites } from "../data/space.ts";
import type { PartRows } from "../evaluate/index.ts";
import { partMean } from "../evaluate/part-mean.ts";
import {
  coherentShare,
  coversPairs,
  knownState,
  type ModelState,
  outcomeFidelity,
  purity,
  stateOfModel,
  tablePlan,
} from "../evaluate/tomography/index.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import type { Estimate } from "../stats/index.ts";
import { createState, isStateName, type QubitSystem } from "../systems/index.ts";
import { BornTree, overlap, pureState, toPauli } from "../tomography/index.ts";

/** What a model P(bits | setting) says of the state that was measured. */
export interface OutcomesOfFit {
  /** The state of greatest likelihood of the model's table, of few qubits. */
  readonly state?: {
    /** KL(model‖state) in nats a shot. */
    readonly distance: number;
    /** Tr ρ². */
    readonly purity: number;
    /** Negative log-likelihood of the scored rows, nats a shot. */
    readonly nll: Estimate;
    /** The model's less the state's, paired: positive if the state describes the scored rows better. */
    readonly gain: Estimate;
  };
  /** The (squared) fidelity to the state that shots were simulated from, before noise; an error where it is estimated by draws. */
  readonly fidelity?: { readonly target: string } & Estimate;
  /** The classical fidelity of the model's outcomes to those of the simulated state with its noise; never to be shown without `coherent`. */
  readonly classical?: number;
  /** The share of the shots of settings without a qubit along Z: of a GHZ state no others see coherence. */
  readonly coherent: number;
}

/** Most qubits whose state is looked for without being asked: more take minutes. */
const mostLooked = 6;
/** Most basis states of a target, and draws, of a fidelity by samples. */
const [mostTerms, draws] = [64, 10_000] as const;

/**
 * Returns what a model of outcomes says of the state; undefined for models that are states themselves, for data that are no shots of
 * qubits, and for settings that determine no state.
 */
export async function outcomesOfFit(
  fitted: FittedExact,
  dataset: Dataset,
  scored: PartRows,
  seed: number,
): Promise<OutcomesOfFit | undefined> {
  const { model } = fitted;
  if (model.stateVector || model.densityMatrix || !model.context || !holdsMeasurements(dataset))
    return undefined;
  const measurements = fromDataset(dataset);
  const said = dataset.meta?.system;
  const system = said && isStateName(said.name) ? createState(said.name, said.parameters) : undefined;
  if (sites(dataset.space) > mostLooked) {
    if (!system || !coversPairs(measurements)) return undefined;
    const known = knownState(system.psi);
    if (known.re.length > mostTerms) return undefined;
    const by = await outcomeFidelity(fitted, known, { samples: draws, seed });
    return { fidelity: { target: system.name, ...by }, coherent: coherentShare(measurements) };
  }
  if (!tablePlan(measurements)) return undefined;
  const found = await stateOfModel(fitted, measurements);
  const ofState = logProbs(found, fromDataset({ ...dataset, x: scored.x, context: scored.context as never }));
  const ofModel = await fitted.logProb(scored.x, scored.context);
  const gains = ofState.map((own, i) => own - ofModel[i]!);
  return {
    state: {
      ...{ distance: found.distance, purity: purity(found.rho) },
      nll: partMean(
        ofState.map((v) => -v),
        scored,
      ),
      gain: partMean(gains, scored),
    },
    ...(system && {
      fidelity: {
        target: system.name,
        value: overlap(found.rho, pureState(system.psi.re, system.psi.im)),
        error: Number.NaN,
      },
    }),
    ...(system && !system.noise.drift && { classical: classicalFidelity(found, system) }),
    coherent: coherentShare(measurements),
  };
}

/** log P of every shot under a state. */
function logProbs({ rho, table }: ModelState, shots: ReturnType<typeof fromDataset>): Float64Array {
  const { qubits, settings, setting, bits } = shots;
  const { confusion } = table;
  const p = new BornTree({ qubits, settings, ...(confusion && { confusion }) }).probabilities(toPauli(rho));
  return Float64Array.from(setting, (s, shot) => {
    let outcome = 0;
    for (let q = 0; q < qubits; q++) outcome = 2 * outcome + bits[shot * qubits + q]!;
    return Math.log(Math.max(p[s * 2 ** qubits + outcome]!, 0));
  });
}

/** Σ √(PQ) of the model's and the exact outcomes, the mean over settings. */
function classicalFidelity({ table }: ModelState, system: QubitSystem): number {
  const outcomes = 2 ** table.qubits;
  let sum = 0;
  table.settings.forEach(({ axes }, s) => {
    const shots = table.shotsOf[s]!;
    if (shots === 0) return;
    const exact = system.probabilities(axes);
    for (let a = 0; a < outcomes; a++)
      sum += Math.sqrt(table.counts[s * outcomes + a]! * shots * Math.max(exact[a]!, 0));
  });
  return sum / table.shots;
}
