import { escapeMarkup } from "./escape.ts";
import { factsSection, figuresMarkup, htmlPage, reproduceMarkup } from "./page.ts";
import type { Facts, ReportFigure } from "./report.ts";

/** Several models of one set of data, as plain data. */
export interface Comparison {
  readonly title: string;
  readonly summary: string;
  /** Headings, then a row a model; the first column names it. */
  readonly table: readonly (readonly string[])[];
  /** How to read the table. */
  readonly note: string;
  readonly figures: readonly ReportFigure[];
  /** Facts by title: the data, what the fits have in common, what each model has of its own. */
  readonly facts: Readonly<Record<string, Facts>>;
  readonly command: string;
}

/** A comparison as one HTML page that needs nothing else, as `reportPage` makes of one run; every text is escaped. */
export function comparisonPage({ title, summary, table, note, figures, facts, command }: Comparison): string {
  const [head = [], ...body] = table;
  const heading = head.map((h) => `<th scope="col">${escapeMarkup(h)}</th>`).join("");
  const rows = body.map(([name = "", ...cells]) => {
    const values = cells.map((cell) => `<td class="number">${escapeMarkup(cell)}</td>`).join("");
    return `<tr><th scope="row">${escapeMarkup(name)}</th>${values}</tr>`;
  });
  return htmlPage({
    title,
    summary,
    body: `<h2 id="numbers">Numbers</h2>
<div class="scroll"><table><thead><tr>${heading}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>
<p class="note">${escapeMarkup(note)}</p>
<h2 id="figures">Figures</h2>
${figuresMarkup(figures)}
<h2 id="run">How it was made</h2>
<div class="facts">
${Object.entries(facts)
  .map(([name, own]) => factsSection(name, own))
  .join("\n")}
</div>
${reproduceMarkup(command)}`,
  });
}
