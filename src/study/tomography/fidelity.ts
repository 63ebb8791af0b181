import { AnsatzError } from "../../error.ts";
import {
  type DirectEstimate,
  directFidelity,
  entanglementBound,
  fidelity as fidelityOf,
  hasDirectEstimators,
  shadowFidelity,
} from "../../evaluate/tomography/index.ts";
import { trueMinus } from "../../report/figures/format.ts";
import { estimateText, formatNumber } from "../../report/index.ts";
import type { Panel } from "../study.ts";
import { exactReference } from "./properties.ts";
import type { TomographySubject } from "./subject.ts";

/**
 * The fidelity to the target: the direct estimate first, since it has no bias, then that of the state of
 * greatest likelihood.
 */
export const fidelity: Panel<TomographySubject> = {
  name: "fidelity",
  applies: ({ target }) => target !== undefined,
  async look(subject, at) {
    const { tally, target, truth, hasPureTarget } = subject;
    if (!target) return {};
    const { values, fit } = await subject.bootstrap(at);
    const own = values.fidelity!;
    const { direct, why } = directOf(subject);
    const shadows = hasPureTarget ? shadowFidelity(tally, target.matrix) : undefined;
    const reference = truth && exactReference(fidelityOf(truth, target.matrix));
    const bound = hasPureTarget && tally.qubits > 1 ? entanglementBound(target.matrix) : undefined;
    const best = direct ?? own;
    const sigmas = bound === undefined ? 0 : (best.value - bound) / best.error;
    const proof =
      bound !== undefined && fit.explained && sigmas > 3
        ? `above ${formatNumber(bound, 3)}${direct?.by === "bound" ? "" : ` by ${sigmas.toFixed(0)}σ`}: ${tally.qubits === 2 ? "both" : `all ${tally.qubits}`} qubits are entangled`
        : undefined;
    // Errors of the readout that the calibration overstates are corrected too far.
    const isTooHigh = direct !== undefined && direct.by !== "bound" && direct.value - 1 > 3 * direct.error;
    return {
      ...(isTooHigh && {
        warnings: [
          `the direct fidelity ${estimateText(direct)} is above 1 by more than 3 of its errors: check that the settings, the target and, if there is one, the readout calibration are of these shots`,
        ],
      }),
      numbers: [
        ...(direct
          ? [
              {
                key: "fidelity",
                name: `fidelity to ${target.name}, direct`,
                ...{ estimate: direct, reference },
                note: [
                  direct.by === "bound"
                    ? "squared convention; no shot deviated, so the error is an exact bound (84 %, one-sided)"
                    : "squared convention; linear in the counts, no bias",
                  ...(proof ? [proof] : []),
                ].join("; "),
              },
            ]
          : []),
        {
          key: "fidelity-likelihood",
          name: `fidelity to ${target.name}, maximum likelihood`,
          ...{ estimate: { value: own.ofState, error: own.error }, reference },
          note: [
            "squared convention; bootstrap",
            ...(why ? [why] : []),
            ...(own.doubt ? [trueMinus(own.doubt)] : []),
          ].join("; "),
        },
      ],
      document: {
        fidelity: {
          ...{ target: target.name, convention: "squared", maximumLikelihood: own },
          ...(direct && { direct }),
          ...(shadows && { shadows }),
          ...(bound !== undefined && { entangledAbove: bound }),
          ...(truth && { exact: fidelityOf(truth, target.matrix) }),
        },
      },
    };
  },
};

/** The direct estimate, or the reason why there is none. */
function directOf({ tally, target, hasPureTarget }: TomographySubject): {
  readonly direct?: DirectEstimate;
  readonly why?: string;
} {
  if (!target || !hasPureTarget) return { why: "the target is mixed, so that no direct estimate exists" };
  if (!hasDirectEstimators(tally))
    return { why: "no direct estimate: axes other than X, Y and Z of many qubits" };
  try {
    return { direct: directFidelity(tally, target.matrix) };
  } catch (error) {
    if (error instanceof AnsatzError && error.code === "input")
      return { why: "no direct estimate: the settings do not determine it" };
    throw error;
  }
}

/** The fidelity in a sentence: the direct one if there is one. */
export function fidelitySentence(subject: TomographySubject, likelihood: number, isHolding: boolean): string {
  const { target } = subject;
  if (!target) return "";
  const { direct } = directOf(subject);
  if (!direct)
    return `The fidelity to ${target.name} is ${formatNumber(likelihood, 4)} (maximum likelihood, squared convention).`;
  const value = isHolding ? estimateText(direct) : formatNumber(direct.value, 4);
  return `The fidelity to ${target.name} is ${value} (direct estimate, squared convention), ${formatNumber(likelihood, 4)} by maximum likelihood.`;
}
