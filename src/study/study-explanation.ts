import { type CouplingComparison, formulaLatex, formulaText, orderOf } from "../explain/index.ts";
import { couplingGraph } from "../report/index.ts";
import type { Explained } from "./explained.ts";
import {
  coefficientRows,
  comparisonText,
  explanationDocument,
  heldLines,
  warningLines,
} from "./explanation-text.ts";
import type { Study } from "./study.ts";
import { systemText } from "./system-text.ts";

/** Studies an explanation: its result and formula, next to the exact couplings if `known`. */
export function studyExplanation(explained: Explained, known?: CouplingComparison): Study {
  const { source, what, explanation, system } = explained;
  const {
    coefficients,
    hidden = [],
    shape,
    order,
    symmetry,
    candidates,
    screened,
    rows,
    frozen,
    method,
  } = explanation;
  const couplings = coefficients.flatMap(({ term, estimate }) =>
    term.products.map((sites) => ({ sites, value: estimate.value })),
  );
  const undrawn = coefficients.filter(({ term }) => orderOf(term) > 2).length;
  const [held = ""] = heldLines(explanation.held);
  return {
    title: `Effective Hamiltonian of ${source}`,
    summary: `${coefficients.length + hidden.length} of ${candidates} terms describe ${what}. ${[held, ...(known ? [comparisonText(explained, known)] : []), ...warningLines(explanation)].join("; ")}.`,
    formula: { text: formulaText(explanation), latex: formulaLatex(explanation) },
    numbers: coefficientRows(explanation, known),
    numbersNote:
      "Spins are −1 for 0 and +1 for 1; K is β times the coupling of H = −Σ J Π s. ± is one standard error (sandwich), of a fit " +
      "of these terms alone: right for terms far from 0; one that was kept near the threshold is larger than it would " +
      "be of other rows." +
      (method === "least squares"
        ? " The errors say how well the configurations drawn tell the best formula, not how good the model is."
        : ""),
    figures: [
      {
        name: "couplings",
        svg: couplingGraph({ shape, couplings }),
        caption:
          "Coupling graph: a line a pair, as wide as |K|, blue for K > 0 (alike) and orange for K < 0 (opposed)." +
          (shape.length === 2 ? " Pairs are joined the shorter way around the lattice." : "") +
          (undrawn > 0 ? ` ${undrawn} terms of more than two spins are not drawn.` : ""),
      },
    ],
    facts: {
      Method: {
        method,
        order,
        symmetry,
        candidates,
        "kept by the cross-validated lasso": screened,
        "kept by Holm's procedure": coefficients.length + hidden.length,
        ...(hidden.length > 0 && { shown: coefficients.length }),
        ...(explanation.undecided.length > 0 && { undecided: explanation.undecided.length }),
        rows,
        ...(frozen.length > 0 && { "sites that never change": frozen }),
      },
      Source: { source, ...(system && { system: systemText(system) }) },
    },
    warnings: warningLines(explanation),
    document: explanationDocument(explained, known),
  };
}
