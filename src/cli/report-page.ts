import { describe } from "../data/space.ts";
import { buildFigures, type NumberRow } from "../report/index.ts";
import type { FitRecord, Run } from "../runs/index.ts";
import { chainRows, labelOf, observableRows, rangeText, scoreRows } from "./numbers.ts";
import { planeCaptions } from "./plane-figures.ts";
import { writePage } from "./run-page.ts";
import type { Summary } from "./summary.ts";
import { systemText, titleOn } from "./system-text.ts";

/** The numbers table of a summary. */
export function summaryRows({ score, chains, observables }: Summary): NumberRow[] {
  return [...scoreRows(score), ...(chains ? chainRows(chains) : []), ...observableRows(observables)];
}

/** Writes the page of a fitted model and its figures; returns the paths of what it wrote, the page first. */
export function writeReport(run: Run<FitRecord>, summary: Summary): Promise<string[]> {
  const { record } = run;
  const { source, rows, splits, fingerprint, system } = record.data;
  return writePage(run, buildFigures(summary.figures), {
    title: titleOf(record),
    summary: summaryText(summary),
    numbers: summaryRows(summary),
    numbersNote: noteOf(summary),
    captionOf: (name) => captionOf(name, summary),
    training: trainingFacts(record),
    data: {
      ...source,
      "train, validation, test rows": Object.values(rows),
      split: splits,
      "fingerprint (SHA-256)": fingerprint.rows,
      ...(system && { system: systemText(system) }),
    },
  });
}

/** Options and end of the fit, without what the page says of the whole run. */
function trainingFacts({ training, result }: FitRecord): Record<string, unknown> {
  const { seed: _, ...options } = training;
  if (!result) return options;
  const { seconds: __, ...end } = result;
  return { ...options, ...end };
}

function noteOf({ score, observables }: Summary): string | undefined {
  if (!score.kl && observables.every(({ reference }) => !reference)) return undefined;
  const sigma =
    "σ counts standard errors: many mean that a difference can be detected, not that it is large.";
  return score.kl ? `${sigma} KL is 0 for a perfect model.` : sigma;
}

function titleOf({ family, data, space }: FitRecord): string {
  return data.system ? titleOn(family, data.system) : `${family.toUpperCase()} on ${describe(space)}`;
}

function summaryText({ score, rows }: Summary): string {
  const nll = `The model's negative log-likelihood is ${rangeText(score, "nllPerSite")} nats per site on ${score.count} ${rows}.`;
  const kl = score.klPerSite
    ? ` KL per site from the exact distribution: ${rangeText(score, "klPerSite")} nats (paired).`
    : "";
  const warnings =
    score.kind === "approximate" && score.logZ.method === "annealing" ? score.logZ.warnings : [];
  return `${nll}${kl}${warnings.map((line) => ` Warning: ${line}.`).join("")}`;
}

function captionOf(name: string, { figures, rows }: Summary): string {
  if (name === "training-curve")
    return figures.training?.exact
      ? "Negative log-likelihood per site against epochs; the dashed line is the exact entropy per site, which no model beats on average."
      : `${figures.training?.quantity ?? "Negative log-likelihood per site"} against epochs.`;
  const plane = planeCaptions[name];
  if (plane !== undefined) return plane;
  if (name === "configurations")
    return `${rows[0]?.toUpperCase()}${rows.slice(1)} beside configurations drawn from the model.`;
  if (name === "correlation")
    return "Two-point function along the axes of the lattice, with one standard error.";
  const observable = Object.keys(figures.observables ?? {}).find(
    (o) => `observable-${o.toLowerCase()}` === name,
  );
  return `Distribution of ${labelOf(observable ?? name)}, with one standard error on every bin.`;
}
