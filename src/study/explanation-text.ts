import {
  type Coefficient,
  type CouplingComparison,
  type Explanation,
  formulaLatex,
  formulaText,
  type HeldOut,
  termName,
} from "../explain/index.ts";
import { estimateText } from "../report/estimate-text.ts";
import { formatNumber, trueMinus } from "../report/figures/format.ts";
import type { NumberRow } from "../report/report.ts";
import { textTable } from "../report/table.ts";
import { difference } from "../stats/index.ts";
import type { Explained } from "./explained.ts";
import { systemText } from "./system-text.ts";

/** Terms that a terminal shows, the largest of them; a page and --json have all. */
const shownTerms = 16;

/** The coefficients as a numbers table. */
export function coefficientRows(
  { coefficients, shape }: Explanation,
  known?: CouplingComparison,
): NumberRow[] {
  return coefficients.map(({ term, estimate }, i) => ({
    name: termName(term, shape),
    estimate,
    ...(known && { reference: { value: known.exact[i] as number } }),
  }));
}

/** Returns the result of an explanation, as text for people. */
export function explanationText(explained: Explained, known: CouplingComparison | undefined): string {
  const { source, what, explanation } = explained;
  const { coefficients, hidden = [], undecided, candidates, screened, shape, frozen } = explanation;
  const rows = coefficientRows(explanation, known);
  const few = coefficients.length <= shownTerms;
  const size = ({ estimate }: NumberRow) => Math.abs(estimate.value);
  // All of them stand as the formula has them; the largest of many by their size.
  const shown = few ? rows : rows.toSorted((a, b) => size(b) - size(a)).slice(0, shownTerms);
  const unknown = coefficients.filter(({ estimate }) => Number.isNaN(estimate.error)).length;
  return [
    `${source}: ${what}, ${shape.join("×")} sites, by ${explanation.method}`,
    `${coefficients.length + hidden.length} of ${candidates} terms${shownText(hidden.length, coefficients.length)} (${screened} by the cross-validated lasso, then Holm at 1 %)`,
    ...(unknown > 0 ? [unknownText(unknown)] : []),
    ...(frozen.length > 0 ? [frozenText(frozen.length)] : []),
    ...warningLines(explanation),
    "",
    few
      ? formulaText(explanation)
      : `log P(s) = const + Σ K Π s_i${hidden.length + undecided.length > 0 ? " + …" : ""}; the ${shownTerms} largest terms (--out and --json have all):`,
    "",
    textTable(shown),
    "",
    ...heldLines(explanation.held),
    ...(known ? [comparisonText(explained, known)] : []),
  ].join("\n");
}

/**
 * Returns reasons not to rely on the formula, one line each: undecided terms, and a model of too few
 * configurations.
 */
export function warningLines({ undecided, coefficients, hidden = [], states }: Explanation): string[] {
  const count = undecided.length;
  const warnings: string[] = [];
  if (count > 0)
    warnings.push(
      `warning: the formula is incomplete. The rows need up to ${count} more ${count === 1 ? "term" : "terms"}, but do not determine which: others ` +
        "may stand in for them (--json has one choice). More rows help, or symmetries (--symmetry), which pool terms",
    );
  if (states !== undefined && states < coefficients.length + hidden.length)
    warnings.push(
      `warning: the model draws only about ${states.toPrecision(2)} different configurations, fewer than the formula has terms: it ` +
        "may be wrong however small its errors, because the draws hardly separate its terms. Explain the data instead",
    );
  return warnings;
}

/** Returns how well the formula does on rows it was not fitted to. */
export function heldLines(held: HeldOut): string[] {
  if ("r2" in held)
    return [
      `R² of log P on ${held.rows} held-out configurations ${estimateText(held.r2)}; what is left is ${formatNumber(held.residual, 3)} nats`,
    ];
  return [
    `log P(s_i | others) per site ${estimateText(held.perSite)} nats; independent sites ${estimateText(held.independent)}, ` +
      `${estimateText(held.gain)} less (coefficients cross-validated, but terms chosen by all rows: somewhat optimistic)`,
  ];
}

/** Returns the comparison of an explanation with the exact couplings, in a sentence or two. */
export function comparisonText({ system, explanation }: Explained, known: CouplingComparison): string {
  const { spurious, missed, sameGraph, test, undecided } = known;
  const graph = sameGraph
    ? "the same terms"
    : `${spurious.length} terms that it has not, ${missed.length} of its terms missed` +
      `${undecided > 0 ? ` (${undecided} of them undecided)` : ""}${missed.length > 0 ? ", which no deviation counts" : ""}`;
  const reduced = test.dof > 0 ? `; χ²/terms ${formatNumber(test.chiSquared / test.dof, 3)}, ` : "";
  const furthest =
    test.dof > 0
      ? `largest deviation ${test.largest.toFixed(1)} σ (p = ${formatNumber(test.largestPValue, 2)} among ${test.dof})`
      : "";
  return `beside ${system ? systemText(system) : "the system"}: ${graph}${reduced}${furthest}${
    explanation.method === "least squares" ? "; the model's own deviations count in these" : ""
  }`;
}

function shownText(hidden: number, shown: number): string {
  return hidden > 0 ? `, ${shown} of them shown` : "";
}

function unknownText(count: number): string {
  return `errors of ${count} of them are not known, so that Holm did not test these; --terms shows the largest |K| then`;
}

function frozenText(count: number): string {
  return `${count === 1 ? "1 site never changes and is" : `${count} sites never change and are`} left out`;
}

/** Returns the result of an explanation, as the document of `--json`. */
export function explanationDocument(
  { source, explanation, system }: Explained,
  known?: CouplingComparison,
): Readonly<Record<string, unknown>> {
  const { coefficients, hidden = [], undecided, shape, ...rest } = explanation;
  return {
    source,
    ...rest,
    shape,
    formula: trueMinus(formulaText(explanation)),
    latex: formulaLatex(explanation),
    terms: coefficients.map((coefficient, i) => ({
      ...termFields(coefficient, shape),
      ...(known && {
        exact: known.exact[i],
        sigmas: difference(coefficient.estimate, known.exact[i] as number).sigmas,
      }),
    })),
    ...(hidden.length > 0 && { fitted: coefficients.length + hidden.length }),
    undecided: undecided.map((coefficient) => termFields(coefficient, shape)),
    ...(known && {
      comparison: {
        system,
        sameGraph: known.sameGraph,
        spurious: known.spurious.map((term) => termName(term, shape)),
        missed: known.missed.map(({ term, exact }) => ({ name: termName(term, shape), exact })),
        chiSquaredPerTerm: known.test.chiSquared / known.test.dof,
        terms: known.test.dof,
        largest: known.test.largest,
        largestPValue: known.test.largestPValue,
      },
    }),
  };
}

/** A term by name, with its products and its coefficient. */
function termFields({ term, estimate }: Coefficient, shape: readonly number[]) {
  return { name: termName(term, shape), products: term.products, ...estimate };
}
