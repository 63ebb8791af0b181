import { escapeMarkup } from "./escape.ts";
import { factsSection, figuresMarkup, htmlPage, numbersTable, reproduceMarkup } from "./page.ts";
import type { Facts, NumberRow, ReportFigure } from "./report.ts";

/** An effective Hamiltonian, as plain data. */
export interface ExplanationPage {
  readonly title: string;
  readonly summary: string;
  /** The formula as text, and in LaTeX. */
  readonly formula: string;
  readonly latex: string;
  /** Its coefficients, beside the exact ones where they are known. */
  readonly numbers: readonly NumberRow[];
  /** How to read them. */
  readonly note: string;
  readonly figures: readonly ReportFigure[];
  /** Facts by title. */
  readonly facts: Readonly<Record<string, Facts>>;
  readonly command: string;
}

/** An explanation as one HTML page that needs nothing else, as `reportPage` makes of a run; every text is escaped. */
export function explanationPage(page: ExplanationPage): string {
  const { title, summary, formula, latex, numbers, note, figures, facts, command } = page;
  return htmlPage({
    title,
    summary,
    body: `<h2 id="formula">Formula</h2>
<pre><code>${escapeMarkup(formula)}</code></pre>
<p class="note">In LaTeX:</p>
<pre><code>${escapeMarkup(latex)}</code></pre>
<h2 id="figures">Figures</h2>
${figuresMarkup(figures)}
<h2 id="numbers">Numbers</h2>
${numbersTable(numbers)}
<p class="note">${escapeMarkup(note)}</p>
<h2 id="run">How it was made</h2>
<div class="facts">
${Object.entries(facts)
  .map(([name, own]) => factsSection(name, own))
  .join("\n")}
</div>
${reproduceMarkup(command)}`,
  });
}
