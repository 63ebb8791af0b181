import { concurrence, entropy, negativity, purity } from "../../evaluate/tomography/index.ts";
import { trueMinus } from "../../report/figures/format.ts";
import { eigenvalues as eigenvaluesFigure, formatNumber, type NumberRow } from "../../report/index.ts";
import type { Estimate } from "../../stats/estimate.ts";
import { hermitianEigenvalues } from "../../stats/hermitian-eigen.ts";
import type { Panel } from "../study.ts";
import { stateNumbers, type TomographySubject } from "./subject.ts";

/** Eigenvalues above this count as the rank. */
export const rankTolerance = 1e-6;

/** An eigenvalue, or 0 if it is only rounding. */
export const beyondRounding = (value: number) => (Math.abs(value) < 1e-13 ? 0 : value);

/** An error to draw, if the bootstrap gives one. */
const withError = (of: Estimate | undefined) => (of && of.error > 0 ? { error: of.error } : {});

/** A reference that a simulation knows exactly. */
export const exactReference = (value: number) => ({ value, source: "exact" });

const rows = {
  purity: { name: "purity Tr ρ²", of: purity },
  entropy: { name: "entropy (nats)", of: entropy },
  negativity: {
    name: "negativity, qubit 0 | others",
    of: (rho: Parameters<typeof purity>[0]) => negativity(rho, [0]),
  },
  concurrence: { name: "concurrence", of: concurrence },
};

/**
 * Eigenvalues near 0 are pushed there by each fit again, and the slope of −p ln p is infinite there, so that
 * the bootstrap sees only a part of the bias.
 */
const entropyNote = "the error does not hold (1 σ covered 43 % for a depolarised pair of qubits)";

/** Purity, entropy, entanglement and eigenvalues of the state of greatest likelihood, with errors of the bootstrap. */
export const properties: Panel<TomographySubject> = {
  name: "properties",
  applies: () => true,
  async look(subject, at) {
    const { tally, truth, target, eigenvalues } = subject;
    const { values, replicas, fit } = await subject.bootstrap(at);
    const names = Object.keys(stateNumbers(tally.qubits, undefined)).filter(
      (name) => name in rows,
    ) as (keyof typeof rows)[];
    const numbers = names.map((key): NumberRow => {
      const { name, of } = rows[key];
      const own = values[key]!;
      return {
        ...{ key, name, estimate: own },
        reference: truth && exactReference(of(truth)),
        note: [
          "maximum likelihood less its bias, bootstrap",
          ...(key === "entropy" ? [entropyNote] : []),
          ...(own.doubt ? [trueMinus(own.doubt)] : []),
        ].join("; "),
      };
    });
    const rank = eigenvalues.filter((value) => value > rankTolerance).length;
    const smallest = beyondRounding(eigenvalues.at(-1)!);
    return {
      numbers,
      figures: [
        {
          name: "eigenvalues",
          svg: eigenvaluesFigure({
            estimate: Array.from(eigenvalues.subarray(0, 16), (value, k) => ({
              value,
              ...(fit.explained && withError(values[`eigenvalue ${k}`])),
            })),
            ...(target && { target: [...hermitianEigenvalues(target.matrix)] }),
          }),
          caption:
            `The largest of ${eigenvalues.length} eigenvalues${fit.explained ? ` with one standard error of ${replicas} bootstrap replicas` : ", without errors since no single state explains the shots"}. ` +
            `${rank} exceed 10⁻⁶; the smallest is ${formatNumber(smallest, 2)}. Likelihood pushes small eigenvalues to 0.`,
        },
      ],
      document: {
        ...Object.fromEntries(names.map((name) => [name, values[name]])),
        ...{ eigenvalues: [...eigenvalues], rank, smallestEigenvalue: smallest, replicas },
      },
    };
  },
};
