import { usageError } from "../error.ts";
import { escapeMarkup } from "./escape.ts";
import { formatNumber } from "./figures/format.ts";
import { theme } from "./figures/theme.ts";
import { pageStyle } from "./page-style.ts";
import type { Facts, NumberRow, PageContent, Provenance, ReportFigure } from "./report.ts";
import { headings, rowTexts, sigmasOf } from "./rows.ts";

/** Nothing may be fetched and no script may run, whatever a file name or a caption contains. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** An estimate this many standard errors from its reference is set in colour. */
const faraway = 3;

/**
 * A study as one HTML page that needs nothing else: no network, no script. Every text is escaped; figures are placed as they
 * are.
 * @throws usage error when a figure is not SVG markup or two figures share a name.
 */
export function page(content: PageContent, { command }: Provenance = {}): string {
  const { title, summary, formula, figures, facts } = content;
  const numbers = `<h2 id="numbers">Numbers</h2>
${content.table ? columnsTable(content.table) : numbersTable(content.numbers)}${content.numbersNote === undefined ? "" : `\n<p class="note">${escapeMarkup(content.numbersNote)}</p>`}`;
  const drawn = `<h2 id="figures">Figures</h2>
${figuresMarkup(figures)}`;
  return htmlPage({
    title,
    summary,
    // What stands beside a formula is a picture of it.
    body: `${formula ? `${formulaMarkup(formula)}\n${drawn}\n${numbers}` : `${numbers}\n${drawn}`}
<h2 id="run">How it was made</h2>
<div class="facts">
${Object.entries(facts)
  .map(([name, own]) => factsSection(name, own))
  .join("\n")}
</div>${command === undefined ? "" : `\n${reproduceMarkup(command)}`}`,
  });
}

function formulaMarkup({ text, latex }: NonNullable<PageContent["formula"]>): string {
  return `<h2 id="formula">Formula</h2>
<pre><code>${escapeMarkup(text)}</code></pre>
<p class="note">In LaTeX:</p>
<pre><code>${escapeMarkup(latex)}</code></pre>`;
}

/** A table of texts, its first row the headings; the first column names the rows. */
function columnsTable([head = [], ...body]: readonly (readonly string[])[]): string {
  const heading = head.map((h) => `<th scope="col">${escapeMarkup(h)}</th>`).join("");
  const rows = body.map(([name = "", ...cells]) => {
    const values = cells.map((cell) => `<td>${escapeMarkup(unbroken(cell))}</td>`).join("");
    return `<tr><th scope="row">${escapeMarkup(name)}</th>${values}</tr>`;
  });
  return `<div class="scroll"><table class="columns"><thead><tr>${heading}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>`;
}

/** A cell breaks after its commas alone, so that an estimate stays with its error. */
const unbroken = (cell: string) =>
  cell
    .split(", ")
    .map((part) => part.replaceAll(" ", "\u00a0"))
    .join(", ");

/** The command that repeats what a page shows, as its last section. */
function reproduceMarkup(command: string): string {
  return `<h2 id="reproduce">Reproduce</h2>
<pre><code>${escapeMarkup(command)}</code></pre>`;
}

/** Wraps `body`, which is markup, in a complete page; title and summary are escaped. */
function htmlPage({
  title,
  summary,
  body,
}: {
  readonly title: string;
  readonly summary: string;
  readonly body: string;
}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Ansatz">
<title>${escapeMarkup(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${escapeMarkup(title)}</h1>
<p class="summary">${escapeMarkup(summary)}</p>
</header>
<main>
${body}
</main>
</body>
</html>
`;
}

/** The numbers table of a page. */
function numbersTable(rows: readonly NumberRow[]): string {
  if (rows.length === 0) return '<p class="empty">No numbers were computed.</p>';
  const head = headings.map((h) => `<th scope="col">${h}</th>`).join("");
  const body = rows.map((row) => {
    const [name, estimate, reference, sigmas, note] = rowTexts(row).map(escapeMarkup);
    const away = Math.abs(sigmasOf(row) ?? 0) > faraway ? " away" : "";
    return (
      `<tr><th scope="row">${name}</th><td class="number">${estimate}</td><td class="number">${reference}</td>` +
      `<td class="number${away}">${sigmas}</td><td class="note">${note}</td></tr>`
    );
  });
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead>\n<tbody>${body.join("\n")}</tbody></table></div>`;
}

/** Figures with their captions; throws as {@link page}. */
function figuresMarkup(figures: readonly ReportFigure[]): string {
  if (figures.length === 0) return '<p class="empty">No figures were drawn.</p>';
  const names = new Set<string>();
  const markup = figures.map(({ name, svg, caption }) => {
    if (names.has(name)) throw usageError(`two figures of a report are named "${name}"`);
    names.add(name);
    if (!svg.startsWith("<svg ")) throw usageError(`the figure "${name}" is not SVG markup`);
    return (
      `<figure id="figure-${escapeMarkup(name)}"${isWide(svg) ? ' class="wide"' : ""}>\n${svg}\n` +
      `<figcaption>${escapeMarkup(caption)}</figcaption></figure>`
    );
  });
  return `<div class="figures">\n${markup.join("\n")}\n</div>`;
}

/** Whether a figure is drawn too wide for half of the page: its text would be too small there. */
const isWide = (svg: string) =>
  Number(/^<svg [^>]*?\bwidth="([\d.]+)"/.exec(svg)?.[1] ?? 0) > 1.15 * theme.width;

/** Settings or facts under a title. */
function factsSection(title: string, facts: Facts): string {
  const items = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(factText(value))}</dd>`);
  const body =
    items.length > 0 ? `<dl>${items.join("\n")}</dl>` : '<p class="empty">Nothing was recorded.</p>';
  return `<section class="fact"><h3>${escapeMarkup(title)}</h3>\n${body}</section>`;
}

/** A fact as a person reads it: lists with commas, yes and no, objects as JSON. */
function factText(value: unknown): string {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return formatNumber(value, 12);
  if (Array.isArray(value)) return value.length > 0 ? value.map(factText).join(", ") : "none";
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** A whole number with thin spaces between thousands. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

/** A time in words. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "unknown";
  if (seconds < 99.5) return `${formatNumber(seconds, 3)} s`;
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h} h ${m} min` : `${m} min ${s} s`;
}
