import { ndarray } from "../../../array.ts";
import { fromDataset } from "../../../data/measurements/dataset.ts";
import type { Evaluate } from "../../../optim/lbfgs.ts";
import { type LbfgsPlace, lbfgsMemory, lbfgsStart, lbfgsStep } from "../../../optim/lbfgs.ts";
import type { Key } from "../../../random/key.ts";
import type { Tensor } from "../../../tensor/index.ts";
import {
  type Interference,
  type InterferenceOptions,
  interference,
} from "../../../tomography/interference.ts";
import { interferenceLoss } from "../../../tomography/interference-loss.ts";
import type { LogAmplitude, Objective, ObjectiveRequest, Parameters, Symbolic } from "../../contract.ts";
import { type AmplitudeNetwork, amplitudeNetwork, flattened, restore } from "./amplitude-network.ts";

/**
 * Shares of local white noise that the fit goes through. log p diverges where an outcome that was seen has p = 0, which walls
 * each phase in at its start; with much noise there are no walls, and the optimum stays where it is as the noise goes.
 */
const noises = [0.8, 0.4, 0.1, 0.02, 0] as const;

/** Most steps at one share of noise. */
const mostSteps = 200;
/** Steps between two checkpoints. */
const leg = 20;
/** Steps between two looks at the validation rows, once there is no noise. */
const lookEvery = 5;
/** A start ends once so many looks have found nothing better: more steps would fit the noise of the training rows. */
const patience = 8;
/** A stage ends once a leg has lowered the loss of all shots by less than so many nats. */
const settled = { before: 1, last: 0.01 };

/** What {@link waveObjective} fits. */
export interface WaveFit<P extends Parameters> extends InterferenceOptions {
  readonly family: string;
  /** Fresh parameters. */
  init(key: Key): P;
  /** Amplitudes of norm 1 of rows `[batch, qubits + environment]`. */
  amplitude(p: Symbolic<P>, x: Tensor): LogAmplitude;
  readonly masks?: Readonly<Record<string, Float32Array>> | undefined;
  /** Starts of the fit. */
  readonly restarts: number;
}

/** Places in the state of numbers. */
const [done, start, stage, taken, loss, pairsKept, bestHeld, bestStart, total, looks] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const;

/**
 * Full-batch maximum likelihood of the training rows by L-BFGS, whole in the first step; later ones change nothing. Every start goes
 * through all shares of noise; what is kept is the place with the best likelihood of the validation rows, of all starts. The state
 * holds all that the search needs, so that a fit that is stopped goes on with the same bits.
 */
export function waveObjective<P extends Parameters>(
  { dataset, key }: ObjectiveRequest,
  fit: WaveFit<P>,
): Objective<P> {
  const measuredRows = (rows: Uint32Array) => interference(fromDataset(dataset, rows), fit);
  const { train, valid } = dataset.splits;
  const seen = measuredRows(train);
  const held = valid.length > 0 ? measuredRows(valid) : undefined;
  const like = fit.init(key);
  const size = flattened(like).length;
  const network = lazily(() => networkOf(like, fit, seen));
  const heldNetwork = lazily(() => held && networkOf(like, fit, held));
  // Without rotated qubits there is nothing that noise would change.
  const firstStage = seen.blocks.some(({ bras }) => bras.length > 0) ? 0 : noises.length - 1;
  const hasConfusion = dataset.meta?.measurements?.confusion !== undefined;
  return {
    ...(hasConfusion && {
      warnings: [
        `${fit.family} does not know how bits are misread: readout errors count as noise of the state; density corrects them`,
      ],
    }),
    state: {
      numbers: ndarray("f64", [10]),
      held: ndarray("f64", [fit.restarts]),
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
            start: Math.min(at[start]! + 1, fit.restarts),
            noise: at[done] === 1 ? 0 : noises[at[stage]!]!,
          });
          if (at[done] === 1) return { loss: at[loss]!, parts: told() };
          const isFirst = at[total] === 0 && at[stage] === 0 && at[start] === 0 && at[taken] === 0;
          if (isFirst) {
            at[bestHeld] = Number.POSITIVE_INFINITY;
            at[stage] = firstStage;
          }
          const evaluate = evaluator(network(), seen, noises[at[stage]!]!);
          const isLast = at[stage] === noises.length - 1;
          let place: LbfgsPlace;
          if (at[taken] === 0) {
            const begin =
              at[stage]! > firstStage
                ? data.place.slice(0, size)
                : flattened(startOf(at[start]!, parameters));
            place = await lbfgsStart(evaluate, begin);
          } else place = readPlace(data, at, size);
          const before = place.loss;
          let ended = false;
          for (let i = 0; i < leg && !ended; i++) {
            const next = await lbfgsStep(evaluate, place);
            if (next) place = next;
            at[taken]!++;
            at[total]!++;
            ended = !next || at[taken]! >= mostSteps;
            if (!isLast || !(ended || at[taken]! % lookEvery === 0)) continue;
            at[looks] = (await isBetter(place, data, at)) ? 0 : at[looks]! + 1;
            ended ||= at[looks]! >= patience;
          }
          ended ||= (before - place.loss) * seen.shots < (isLast ? settled.last : settled.before);
          writePlace(place, data, at, size);
          if (ended) {
            at[taken] = 0;
            at[stage]!++;
            if (isLast) {
              at[stage] = firstStage;
              at[looks] = 0;
              at[start]!++;
              at[done] = at[start]! < fit.restarts ? 0 : 1;
            }
          }
          restore(parameters, at[bestHeld] === Number.POSITIVE_INFINITY ? place.x : data.best);
          if (at[done] === 1) await Promise.all([network().release(), heldNetwork()?.release()]);
          return { loss: before, parts: told(), unfinished: at[done] !== 1 };
        },
      },
    ],
  };

  /** The first start is that of the run; others are fresh. */
  function startOf(number: number, parameters: P): P {
    return number === 0 ? parameters : fit.init(key.fold(number));
  }

  /** Whether the validation rows are likelier than at all earlier places of this start; keeps the best place of all starts. */
  async function isBetter(
    place: LbfgsPlace,
    data: { readonly best: Float64Array; readonly held: Float64Array },
    at: Float64Array,
  ): Promise<boolean> {
    const network = heldNetwork();
    const value = network && held ? (await evaluator(network, held, 0)(place.x)).loss : place.loss;
    const before = data.held[at[start]!]!;
    const better = before === 0 || value < before;
    if (better) data.held[at[start]!] = value;
    if (value < at[bestHeld]!) {
      at[bestHeld] = value;
      at[bestStart] = at[start]!;
      data.best.set(place.x);
    }
    return better;
  }
}

function networkOf<P extends Parameters>(like: P, fit: WaveFit<P>, { configurations, count }: Interference) {
  return amplitudeNetwork(like, fit.amplitude, { bits: configurations, count }, fit.masks);
}

/** The loss of measured rows at a share of noise, by the amplitudes of a network. */
function evaluator(network: AmplitudeNetwork, seen: Interference, noise: number): Evaluate {
  return async (x) => {
    const { logModulus, phase } = await network.amplitudes(x);
    const slopes = { logModulus: new Float64Array(seen.count), phase: new Float64Array(seen.count) };
    return {
      loss: interferenceLoss(seen, logModulus, phase, noise, slopes),
      gradient: () => network.pullBack(x, slopes.logModulus, slopes.phase),
    };
  };
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
