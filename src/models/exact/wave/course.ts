import { concatArrays, ndarray } from "../../../array.ts";
import { fromDataset } from "../../../data/measurements/dataset.ts";
import { usageError } from "../../../error.ts";
import type { Evaluate } from "../../../optim/lbfgs.ts";
import { type LbfgsPlace, lbfgsMemory, lbfgsStart, lbfgsStep } from "../../../optim/lbfgs.ts";
import type { Key } from "../../../random/key.ts";
import type { Tensor } from "../../../tensor/index.ts";
import { leavesWithPaths } from "../../../tensor/tree.ts";
import {
  type Interference,
  type InterferenceOptions,
  interference,
} from "../../../tomography/interference.ts";
import { interferenceLoss } from "../../../tomography/interference-loss.ts";
import { isArray } from "../../arrays.ts";
import type { LogAmplitude, Objective, ObjectiveRequest, Parameters, Symbolic } from "../../contract.ts";
import { type AmplitudeNetwork, amplitudeNetwork, flattened, restore } from "./amplitude-network.ts";
import { heldOutOfStart, type Stage, stagesOf } from "./stages.ts";

/** Most steps at one share of noise. */
const mostSteps = 200;
/** Steps between two checkpoints. */
const leg = 20;
/** Steps between two looks at the validation rows, once there is no noise. */
const lookEvery = 5;
/** A start ends once so many looks have found nothing better: more steps would fit the noise of the training rows. */
const patience = 8;
/** A weaker penalty must make the validation rows likelier by so many nats in all: a gain of g nats has a variance of about 2g. */
const leastGain = 2;
/** A stage ends once a leg has lowered the loss of all shots by less than so many nats: with noise, at the strongest penalty, at the end. */
const settled = { before: 1, whole: 0.1, last: 0.01 };

/** What {@link waveObjective} fits. */
export interface WaveFit<P extends Parameters> extends InterferenceOptions {
  readonly family: string;
  /** Fresh parameters. */
  init(key: Key): P;
  /** Amplitudes of norm 1 of rows `[batch, qubits + environment]`. */
  amplitude(p: Symbolic<P>, x: Tensor): LogAmplitude;
  readonly masks?: Readonly<Record<string, Float32Array>> | undefined;
  /** Whether squares of a parameter are penalised, by its path; no parameter is if left out. */
  readonly decays?: ((path: string) => boolean) | undefined;
  /** Starts of the fit. */
  readonly restarts: number;
}

/** Places in the state of numbers. */
const [
  done,
  start,
  stage,
  taken,
  loss,
  pairsKept,
  bestHeld,
  bestStart,
  total,
  looks,
  stageHeld,
  earlierHeld,
] = Array.from({ length: 12 }, (_, i) => i) as [
  ...[number, number, number, number, number, number],
  ...[number, number, number, number, number, number],
];

/**
 * Full-batch maximum likelihood of the training rows by L-BFGS, whole in the first step; later ones change nothing. Every start goes
 * through all shares of noise; what is kept is the place with the best likelihood of the validation rows, of all starts. The state
 * holds all that the search needs, so that a fit that is stopped goes on with the same bits. Throws a usage error for shots that declare a
 * readout confusion.
 */
export function waveObjective<P extends Parameters>(
  { dataset, key, starts: given }: ObjectiveRequest,
  fit: WaveFit<P>,
): Objective<P> {
  // Fitted as they are, misread bits would pass for noise of the state.
  if (dataset.meta?.measurements?.confusion !== undefined)
    throw usageError(
      `${fit.family} has no readout errors, and these shots declare a readout confusion: fit density, which includes it (up to 8 qubits)`,
    );
  const starts = given ?? fit.restarts;
  const measuredRows = (rows: Uint32Array) => interference(fromDataset(dataset, rows), fit);
  const { train, valid } = dataset.splits;
  const seen = measuredRows(train);
  const held = valid.length > 0 ? measuredRows(valid) : undefined;
  const like = fit.init(key);
  const size = flattened(like).length;
  const network = lazily(() => networkOf(like, fit, seen));
  const heldNetwork = lazily(() => held && networkOf(like, fit, held));
  const weights = weightsOf(like, fit.decays);
  const stages = stagesOf(
    seen.blocks.some(({ bras }) => bras.length > 0),
    weights.includes(1),
  );
  // Stages without noise, whose places are looked at by the validation rows.
  const firstLook = stages.findIndex(({ noise }) => noise === 0);
  return {
    state: {
      numbers: ndarray("f64", [12]),
      held: ndarray("f64", [starts]),
      place: ndarray("f64", [2, size]),
      pairs: ndarray("f64", [2, lbfgsMemory, size]),
      best: ndarray("f64", [size]),
    },
    players: [
      {
        name: "NLL",
        unit: "nats",
        async update({ parameters, state }) {
          const at = state.numbers!.data as Float64Array;
          const own = { place: state.place!, pairs: state.pairs!, best: state.best!, held: state.held! };
          const data = Object.fromEntries(
            Object.entries(own).map(([name, array]) => [name, array.data as Float64Array]),
          ) as Record<keyof typeof own, Float64Array>;
          const told = () => ({
            iterations: at[total]!,
            start: Math.min(at[start]! + 1, starts),
            noise: at[done] === 1 ? 0 : stages[at[stage]!]!.noise,
          });
          if (at[done] === 1) return { loss: at[loss]!, parts: { ...told(), ...heldOf(data.held) } };
          const isFirst = at[total] === 0 && at[stage] === 0 && at[start] === 0 && at[taken] === 0;
          if (isFirst) {
            at[bestHeld] = at[stageHeld] = at[earlierHeld] = Number.POSITIVE_INFINITY;
            data.held.fill(Number.POSITIVE_INFINITY);
          }
          const evaluate = evaluator(network(), seen, stages[at[stage]!]!, weights);
          const isLooked = at[stage]! >= firstLook;
          // The strongest penalty ends at its optimum: to stop before it would be to choose by chance.
          const isWhole = at[stage] === firstLook && stages[firstLook]!.penalty > 0;
          const isSettled = (before: number, after: number) =>
            (before - after) * seen.shots <
            (isWhole ? settled.whole : isLooked ? settled.last : settled.before);
          let place: LbfgsPlace;
          if (at[taken] === 0) {
            const begin =
              at[stage]! > 0 ? data.place.slice(0, size) : flattened(startOf(at[start]!, parameters));
            place = await lbfgsStart(evaluate, begin);
          } else place = readPlace(data, at, size);
          const before = place.loss;
          const unpenalised = before - penaltyAt(place.x, at);
          let ended = false;
          for (let i = 0; i < leg && !ended; i++) {
            const next = await lbfgsStep(evaluate, place);
            if (next) place = next;
            at[taken]!++;
            at[total]!++;
            ended = !next || at[taken]! >= mostSteps;
            ended ||= isWhole && i === leg - 1 && isSettled(before, place.loss);
            if (!isLooked || !(ended || (!isWhole && at[taken]! % lookEvery === 0))) continue;
            at[looks] = (await isBetter(place, data, at)) ? 0 : at[looks]! + 1;
            ended ||= at[looks]! >= patience;
          }
          ended ||= isSettled(before, place.loss);
          writePlace(place, data, at, size);
          if (ended) {
            at[loss]! -= penaltyAt(place.x, at);
            at[taken] = 0;
            const hasGained = at[stage] === firstLook || data.held[at[start]!]! < at[earlierHeld]!;
            at[stage]!++;
            at[looks] = 0;
            at[stageHeld] = Number.POSITIVE_INFINITY;
            at[earlierHeld] = data.held[at[start]!]!;
            if (isLooked && (!hasGained || at[stage] === stages.length)) {
              at[stage] = 0;
              at[earlierHeld] = Number.POSITIVE_INFINITY;
              at[start]!++;
              at[done] = at[start]! < starts ? 0 : 1;
            }
          }
          restore(parameters, at[bestHeld] === Number.POSITIVE_INFINITY ? place.x : data.best);
          if (at[done] === 1) await Promise.all([network().release(), heldNetwork()?.release()]);
          return { loss: unpenalised, parts: told(), unfinished: at[done] !== 1 };
        },
      },
    ],
  };

  /** What the penalty of the present stage adds to the loss, nats a shot. */
  function penaltyAt(x: Float64Array, at: Float64Array): number {
    return penaltyOf(x, stages[at[stage]!]!.penalty / seen.shots, weights);
  }

  /** The NLL of the validation rows at the best place of each start, of several. */
  function heldOf(each: Float64Array): Readonly<Record<string, number>> {
    if (starts === 1 || !held) return {};
    return Object.fromEntries(Array.from(each, (value, k) => [`${heldOutOfStart} ${k + 1}`, value]));
  }

  /** The first start is that of the run; others are fresh. */
  function startOf(number: number, parameters: P): P {
    return number === 0 ? parameters : fit.init(key.fold(number));
  }

  /** Whether the validation rows are likelier than at all earlier places of this stage; keeps the best place of all starts. */
  async function isBetter(
    place: LbfgsPlace,
    data: { readonly best: Float64Array; readonly held: Float64Array },
    at: Float64Array,
  ): Promise<boolean> {
    const network = heldNetwork();
    const value =
      network && held ? (await evaluator(network, held)(place.x)).loss : place.loss - penaltyAt(place.x, at);
    const better = value < at[stageHeld]!;
    if (better) at[stageHeld] = value;
    const least = at[earlierHeld]! - (held ? leastGain / held.shots : 0);
    if (value < Math.min(data.held[at[start]!]!, least)) {
      data.held[at[start]!] = value;
      if (value < at[bestHeld]!) {
        at[bestHeld] = value;
        at[bestStart] = at[start]!;
        data.best.set(place.x);
      }
    }
    return better;
  }
}

function networkOf<P extends Parameters>(like: P, fit: WaveFit<P>, { configurations, count }: Interference) {
  return amplitudeNetwork(like, fit.amplitude, { bits: configurations, count }, fit.masks);
}

/** The loss of measured rows in a stage, by the amplitudes of a network: without noise and penalty if no stage is given. */
function evaluator(
  network: AmplitudeNetwork,
  seen: Interference,
  { noise, penalty }: Stage = { noise: 0, penalty: 0 },
  weights?: Float64Array,
): Evaluate {
  const share = penalty / seen.shots;
  return async (x) => {
    const { logModulus, phase } = await network.amplitudes(x);
    const slopes = { logModulus: new Float64Array(seen.count), phase: new Float64Array(seen.count) };
    const loss = interferenceLoss(seen, logModulus, phase, noise, slopes);
    return {
      loss: loss + (weights ? penaltyOf(x, share, weights) : 0),
      async gradient() {
        const gradient = await network.pullBack(x, slopes.logModulus, slopes.phase);
        if (weights && share > 0)
          for (let i = 0; i < x.length; i++) gradient[i]! += share * weights[i]! * x[i]!;
        return gradient;
      },
    };
  };
}

/** Half the sum of squares of the penalised parameters, times a share. */
function penaltyOf(x: Float64Array, share: number, weights: Float64Array): number {
  if (share === 0) return 0;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += weights[i]! * x[i]! * x[i]!;
  return (share / 2) * sum;
}

/** 1 for each penalised parameter of a flat vector, 0 for the others. */
function weightsOf(like: Parameters, decays: ((path: string) => boolean) | undefined): Float64Array {
  const parts = leavesWithPaths(like, isArray).map(([path, { data }]) =>
    new Float64Array(data.length).fill(decays?.(path) ? 1 : 0),
  );
  return concatArrays(Float64Array, parts);
}

type PlaceData = { readonly place: Float64Array; readonly pairs: Float64Array };

function writePlace(
  { x, gradient, pairs, loss: own }: LbfgsPlace,
  data: PlaceData,
  at: Float64Array,
  size: number,
) {
  data.place.set(x);
  data.place.set(gradient, size);
  pairs.forEach(({ s, y }, k) => {
    data.pairs.set(s, k * size);
    data.pairs.set(y, (lbfgsMemory + k) * size);
  });
  at[loss] = own;
  at[pairsKept] = pairs.length;
}

function readPlace(data: PlaceData, at: Float64Array, size: number): LbfgsPlace {
  const part = (from: Float64Array, k: number) => from.slice(k * size, (k + 1) * size);
  const pairs = Array.from({ length: at[pairsKept]! }, (_, k) => {
    const [s, y] = [part(data.pairs, k), part(data.pairs, lbfgsMemory + k)];
    let product = 0;
    for (let i = 0; i < size; i++) product += s[i]! * y[i]!;
    return { s, y, rho: 1 / product };
  });
  return { x: part(data.place, 0), gradient: part(data.place, 1), loss: at[loss]!, pairs };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
