import * as z from "zod";
import { ndarray } from "../../../array.ts";
import { sites } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { mean, neg, type Tensor } from "../../../tensor/index.ts";
import { mostDensityQubits } from "../../../tomography/counts.ts";
import { fromPauli } from "../../../tomography/pauli.ts";
import type { Domain, ExactModel, Family } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { bornGraphs, type DensityParameters } from "./born.ts";
import { identities, maximumLikelihoodObjective, stored } from "./player.ts";

const schema = z.strictObject({
  /** Most eigenvalues of the state that are not zero; 0 for all (default 0). */
  rank: z
    .int()
    .min(0)
    .max(2 ** mostDensityQubits)
    .default(0)
    .describe("most eigenvalues that are not zero; 0: all 2^N"),
});

/** Hyperparameters of {@link density}, defaults filled in. */
export type DensityHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters of {@link makeDensity}, all optional.
 *
 * @interface
 */
export type DensityOptions = z.input<typeof schema>;

/** The number of qubits of a domain; throws a usage error for rows that are no outcomes of measured qubits. */
function qubitsOf({ space, context }: Domain): number {
  const qubits = sites(space);
  if (space.kind !== "binary") throw usageError("density models bits, the outcomes of measured qubits");
  const isSetting =
    context &&
    ((context.kind === "categorical" && context.states === 3 && sites(context) === qubits) ||
      (context.kind === "real" && sites(context) === 3 * qubits));
  if (!isSetting)
    throw usageError(
      "density needs the setting of every shot as context: a label X 0, Y 1, Z 2 of each qubit (categorical:3), or an axis of 3 numbers each",
    );
  if (qubits > mostDensityQubits)
    throw usageError(
      `density takes up to ${mostDensityQubits} qubits, and these are ${qubits}; fit a network, such as nade, to more`,
    );
  return qubits;
}

/**
 * A density matrix of up to 8 qubits, fitted by maximum likelihood in double precision: P(bits | setting) by Born's rule. Rows are the
 * bits of a shot, contexts its setting, as `toDataset` of `ansatz/data` makes them. Readout confusion that the data declare is part of it.
 *
 * @throws AnsatzError (usage) for other spaces and contexts, more than 8 qubits, and a rank out of range.
 */
export function makeDensity(domain: Domain, options: DensityOptions = {}): ExactModel<DensityParameters> {
  const h = checkHyperparameters("density", schema, options);
  const qubits = qubitsOf(domain);
  if (h.rank > 2 ** qubits)
    throw usageError(`density: the rank of ${qubits} qubits is at most ${2 ** qubits}, not ${h.rank}`);
  const { logProb, sample } = bornGraphs(domain, qubits);
  const own = {
    logProb: (p: Parameters<typeof logProb>[0], x: Tensor, context?: Tensor) =>
      logProb(p, x, context as Tensor),
  };
  return {
    ...{ family: "density", kind: "exact" as const, hyperparameters: h, ...domain },
    init() {
      const pauli = ndarray("f32", [4 ** qubits]);
      pauli.data[0] = 1;
      return {
        pauli,
        remainder: ndarray("f32", [4 ** qubits]),
        readout: ndarray("f32", [qubits, 2, 2], identities(qubits)),
      };
    },
    logProb: own.logProb,
    loss: (p, x, _, context) => neg(mean(own.logProb(p, x, context))),
    sample: (p, key, context) => sample(p, key, context as Tensor),
    objective: (request) => maximumLikelihoodObjective(request, h.rank),
    // The first step is the whole fit, and the second says where it ended.
    fitOptions: (rows) => ({ batch: rows, epochs: 2 }),
    densityMatrix: (parameters) => fromPauli(stored(parameters)),
  };
}

/** The family of {@link makeDensity}. */
export const density: Family<ExactModel<DensityParameters>> = {
  name: "density",
  kind: "exact",
  summary:
    "density matrix of up to 8 measured qubits: exact likelihood, maximum likelihood in double precision",
  schema,
  parameterCount: (domain, hyperparameters) => {
    checkHyperparameters("density", schema, hyperparameters);
    const qubits = qubitsOf(domain);
    return 2 * 4 ** qubits + 4 * qubits;
  },
  create: (domain, hyperparameters) => makeDensity(domain, hyperparameters as DensityOptions),
};
