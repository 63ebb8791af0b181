import { counted } from "../../counted.ts";
import { completenessText, informationallyComplete, shotsOfSettings } from "../../data/measurements/index.ts";
import { estimateText, formatNumber, type NumberRow } from "../../report/index.ts";
import { count } from "../../report/page.ts";
import type { FactsByTitle } from "../facts.ts";
import { type LookOptions, lookThrough, type Panel, type Study, warningText } from "../study.ts";
import { fidelitySentence } from "./fidelity.ts";
import { orderCheck } from "./orders.ts";
import { checkOther } from "./others.ts";
import { tomographyPanels } from "./panels.ts";
import { beyondRounding, rankTolerance } from "./properties.ts";
import { type TomographyParts, type TomographySubject, tomographySubject } from "./subject.ts";
import { withoutErrors } from "./without-errors.ts";

/** Options of {@link studyTomography}. */
export interface StudyTomographyOptions extends LookOptions {
  /** Facts by title, placed before those of the state and its data. */
  readonly facts?: FactsByTitle | undefined;
  /** The panels to look through (default `tomographyPanels`). */
  readonly panels?: readonly Panel<TomographySubject>[] | undefined;
}

/**
 * Studies a density matrix of greatest likelihood: fidelity, purity, entropy and entanglement with errors,
 * whether a single state explains the shots, both orders of the qubits, and figures. If no single state
 * explains them, no number has an error. Throws as `tallyOf`, and AnsatzError (interrupted) once `signal` is
 * aborted.
 */
export async function studyTomography(
  parts: TomographyParts,
  { facts = {}, panels = tomographyPanels, signal, onProgress }: StudyTomographyOptions = {},
): Promise<Study> {
  const subject = tomographySubject(parts);
  const at = { signal, onProgress };
  const { values, fit } = await subject.bootstrap(at);
  const found = await lookThrough(panels, subject, at);
  const { tally, target } = subject;
  const likelihood = values.fidelity?.ofState ?? Number.NaN;
  const first = target
    ? fidelitySentence(subject, likelihood, fit.explained)
    : `The purity is ${fit.explained && values.purity!.error > 0 ? estimateText(values.purity!) : formatNumber(values.purity!.value, 4)} (maximum likelihood).`;
  const warned = found.warnings.filter((line) => !fit.sentence.startsWith(line));
  return {
    title: `Tomography of ${counted(tally.qubits, "qubit")}: ${tally.name}`,
    summary: `${first} ${fit.sentence}${warningText(warned)}`,
    numbers: fit.explained ? found.numbers : found.numbers.map(unheld),
    numbersNote:
      "± is one standard error, of the shots for direct estimates and NLL, of the parametric bootstrap for numbers of the state of greatest " +
      "likelihood. Fidelities are squared, ⟨ψ|ρ|ψ⟩ for a pure target; entropies are in nats, and their errors cover less than 68 % where eigenvalues are near 0.",
    figures: found.figures,
    warnings: found.warnings,
    facts: { ...facts, ...subjectFacts(subject) },
    document: fit.explained ? found.document : withoutErrors(found.document),
  };
}

/** A row without the error that holds for a single state only. */
function unheld(row: NumberRow): NumberRow {
  if (row.key === "deviance" || row.key?.startsWith("nll")) return row;
  return {
    ...row,
    estimate: { value: row.estimate.value, error: Number.NaN },
    note: "no error bar holds: no single state explains the shots",
  };
}

function readoutFact({ tally, calibration }: TomographySubject): string {
  if (!tally.confusion) return "none given: bits are taken as they are";
  if (calibration === undefined) return "given, and applied to the model";
  return `fitted together with the state to the circuits in ${calibration}; no error here includes that of the readout`;
}

function subjectFacts(subject: TomographySubject): FactsByTitle {
  const { measurements, tally, fit, rank: most, eigenvalues, others } = subject;
  const shots = [...shotsOfSettings(measurements)].filter((n) => n > 0);
  const [fewest, highest] = [Math.min(...shots), Math.max(...shots)];
  const rank = eigenvalues.filter((value) => value > rankTolerance).length;
  return {
    State: {
      method: "maximum likelihood of a density matrix",
      ...(most !== undefined && { "rank at most": most }),
      "rank (eigenvalues above 10⁻⁶)": rank,
      "smallest eigenvalue": beyondRounding(eigenvalues.at(-1)!),
      "log-likelihood below the maximum (nats)": `at most ${formatNumber(fit.gap, 2)}`,
    },
    Shots: {
      shots: count(tally.shots),
      settings: `${tally.settings.length}, ${fewest === highest ? "" : `${fewest} to `}${counted(highest, "shot")} each`,
      "the settings are": completenessText(tally.qubits, informationallyComplete(measurements)),
      "readout confusion": readoutFact(subject),
    },
    "Order of qubits": {
      here: "qubit 0 is the left-most bit and letter, and the most significant bit of rows and columns",
      ...(tally.qubits > 1 && orderCheck(subject).sentences),
    },
    ...(others.length > 0 && {
      "Other reconstructions": Object.fromEntries(
        others.map((other) => [other.name, checkOther(other, subject).sentence]),
      ),
    }),
  };
}
