import { ndarray } from "../../../array.ts";
import { informationallyComplete } from "../../../data/measurements/complete.ts";
import { incompleteWarning } from "../../../data/measurements/completeness.ts";
import { fromDataset } from "../../../data/measurements/dataset.ts";
import { sites } from "../../../data/space.ts";
import { BornTree } from "../../../tomography/born-tree.ts";
import { type Tally, tallyOf } from "../../../tomography/counts.ts";
import {
  beginSearch,
  continueSearch,
  type LikelihoodSearch,
  stateOf,
} from "../../../tomography/maximum-likelihood.ts";
import { toPauli } from "../../../tomography/pauli.ts";
import type { Objective, ObjectiveRequest } from "../../contract.ts";
import type { DensityParameters } from "./born.ts";

/** Puts coefficients in double precision into two of single precision. */
export function store(x: Float64Array, { pauli, remainder }: DensityParameters): void {
  x.forEach((value, i) => {
    pauli.data[i] = value;
    remainder.data[i] = value - pauli.data[i]!;
  });
}

/** The coefficients that {@link store} kept. */
export const stored = ({ pauli, remainder }: DensityParameters): Float64Array =>
  Float64Array.from(pauli.data, (value, i) => value + remainder.data[i]!);

/** Steps of the search between two checkpoints: within some seconds for 8 qubits. */
const leg = 50;

/**
 * Indices of the state kept in addition to the factor: whether the fit is done, its loss, the bound of the
 * remaining nats, steps, columns.
 */
const [done, kept, bound, taken, width] = [0, 1, 2, 3, 4] as const;

/**
 * Maximum likelihood of the training rows, whole in the first step; later ones change nothing. The state is what the search needs to go
 * on, so that a fit that is stopped within the step is resumed there.
 */
export function maximumLikelihoodObjective(
  { dataset }: ObjectiveRequest,
  rank: number,
): Objective<DensityParameters> {
  const n = 2 ** sites(dataset.space);
  const measured = fromDataset(dataset, dataset.splits.train);
  const open = incompleteWarning(measured.qubits, informationallyComplete(measured));
  let counted: Tally | undefined;
  return {
    ...(open !== undefined && { warnings: [open] }),
    state: { fit: ndarray("f64", [5]), factor: ndarray("f64", [2, n, rank || n]) },
    players: [
      {
        name: "NLL",
        unit: "nats",
        async update({ parameters, state }) {
          const fit = state.fit!.data as Float64Array;
          const told = () => ({ gap: fit[bound]!, iterations: fit[taken]! });
          if (fit[done] === 1) return { loss: fit[kept]!, parts: told() };
          counted ??= tallyOf(measured);
          const tally = counted;
          const options = { rank: rank || undefined };
          const factor = state.factor!.data as Float64Array;
          const begins = fit[taken] === 0;
          const at: LikelihoodSearch = begins
            ? beginSearch(tally, options)
            : {
                factor: factor.slice(0, 2 * n * fit[width]!),
                ...{ loss: fit[kept]!, gap: fit[bound]!, steps: fit[taken]!, finished: false },
              };
          const before = begins
            ? new BornTree(tally, (s) => tally.shotsOf[s]! > 0).loss(stored(parameters), tally)
            : at.loss;
          const found = continueSearch(tally, at, options, leg);
          const columns = found.factor.length / (2 * n);
          factor.set(found.factor);
          fit.set([found.finished ? 1 : 0, found.loss, found.gap, found.steps, columns]);
          store(toPauli(stateOf(found, tally).rho), parameters);
          parameters.readout.data.set(tally.confusion ?? identities(tally.qubits));
          return { loss: before, parts: told(), unfinished: !found.finished };
        },
      },
    ],
  };
}

/** A readout without errors. */
export const identities = (qubits: number): Float32Array =>
  Float32Array.from({ length: 4 * qubits }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 : 0));
