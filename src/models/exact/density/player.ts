import { ndarray } from "../../../array.ts";
import { fromDataset } from "../../../data/measurements/dataset.ts";
import { BornTree } from "../../../tomography/born-tree.ts";
import { tallyOf } from "../../../tomography/counts.ts";
import { maximumLikelihood } from "../../../tomography/maximum-likelihood.ts";
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

/**
 * Maximum likelihood of the training rows, whole in the first update; later ones change nothing. State keeps whether it is done, and
 * the loss, so that a fit that is resumed does not begin again.
 */
export function maximumLikelihoodObjective(
  { dataset }: ObjectiveRequest,
  rank: number,
): Objective<DensityParameters> {
  return {
    // Whether the fit is done, its loss, and the bound of what is left in nats.
    state: { fit: ndarray("f64", [3]) },
    players: [
      {
        name: "NLL",
        unit: "nats",
        async update({ parameters, state }) {
          const fit = state.fit!.data as Float64Array;
          if (fit[0] === 1) return { loss: fit[1]!, parts: { gap: fit[2]! } };
          const tally = tallyOf(fromDataset(dataset, dataset.splits.train));
          const tree = new BornTree(tally, (s) => tally.shotsOf[s]! > 0);
          const before = tree.loss(stored(parameters), tally);
          const found = maximumLikelihood(tally, { rank: rank || undefined });
          store(toPauli(found.rho), parameters);
          parameters.readout.data.set(tally.confusion ?? identities(tally.qubits));
          fit.set([1, found.loss, found.gap]);
          return { loss: before, parts: { gap: found.gap } };
        },
      },
    ],
  };
}

/** A readout without errors. */
export const identities = (qubits: number): Float32Array =>
  Float32Array.from({ length: 4 * qubits }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 : 0));
