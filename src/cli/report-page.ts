import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "../data/space.ts";
import { writeFileAtomic } from "../files/index.ts";
import { trueMinus } from "../report/figures/format.ts";
import { buildFigures, type NumberRow, reportPage } from "../report/index.ts";
import { svgToPng } from "../report/png.node.ts";
import { type Run, type RunRecord, runFile } from "../runs/index.ts";
import { estimateText, labelOf, observableRows, scoreRows } from "./numbers.ts";
import type { Summary } from "./summary.ts";

/** The numbers table of a summary. */
export function summaryRows({ score, observables }: Summary): NumberRow[] {
  return [...scoreRows(score), ...observableRows(observables)];
}

/** Writes a run's page and its figures as SVG and PNG; returns the paths of what it wrote, the page first. */
export async function writeReport(run: Run, summary: Summary): Promise<string[]> {
  const figures = buildFigures(summary.figures);
  const { record } = run;
  const page = reportPage({
    title: titleOf(record),
    summary: summaryText(summary),
    numbers: summaryRows(summary),
    numbersNote: noteOf(summary),
    figures: Object.entries(figures).map(([name, svg]) => ({ name, svg, caption: captionOf(name, summary) })),
    model: {
      family: record.family,
      hyperparameters: record.hyperparameters,
      space: describe(record.space),
      parameters: record.parameters,
    },
    training: trainingFacts(record),
    data: {
      ...record.data.source,
      "train, validation, test rows": Object.values(record.data.rows),
      split: record.data.splits,
      "fingerprint (SHA-256)": record.data.fingerprint.rows,
      ...(record.data.system && { system: record.data.system.name, ...record.data.system.parameters }),
    },
    versions: {
      ansatz: record.ansatz,
      engine: record.engine,
      node: record.node,
      processor: record.processor,
    },
    seed: record.seed,
    seconds: record.result?.seconds ?? Number.NaN,
    command: record.command,
  });
  const folder = runFile(run.folder, "figures");
  await mkdir(folder, { recursive: true });
  const written = [runFile(run.folder, "report")];
  for (const [name, svg] of Object.entries(figures)) {
    for (const [extension, content] of [["svg", svg] as const, ["png", svgToPng(svg)] as const]) {
      const path = join(folder, `${name}.${extension}`);
      await writeFileAtomic(path, content, { force: true });
      written.push(path);
    }
  }
  await writeFileAtomic(runFile(run.folder, "report"), page, { force: true });
  return written;
}

/** Options and end of the fit, without what the page says of the whole run. */
function trainingFacts({ training, result }: RunRecord): Record<string, unknown> {
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

function titleOf({ family, data, space }: RunRecord): string {
  const name = family.toUpperCase();
  if (!data.system) return `${name} on ${describe(space)}`;
  const parameters = Object.entries(data.system.parameters)
    .map(
      ([key, value]) =>
        `${key} ${Array.isArray(value) ? value.join("×") : typeof value === "number" ? Number(value.toPrecision(6)) : String(value)}`,
    )
    .map(trueMinus);
  return `${name} on the ${data.system.name} model (${parameters.join(", ")})`;
}

function summaryText({ score, rows }: Summary): string {
  const nll = `The model's negative log-likelihood is ${estimateText(score.nllPerSite)} nats per site on ${score.count} ${rows}.`;
  if (!score.klPerSite) return nll;
  return `${nll} KL per site from the exact distribution: ${estimateText(score.klPerSite)} nats (paired).`;
}

function captionOf(name: string, { figures, rows }: Summary): string {
  if (name === "training-curve")
    return figures.training?.exact
      ? "Negative log-likelihood per site against epochs; the dashed line is the exact entropy per site, which no model beats on average."
      : "Negative log-likelihood per site against epochs.";
  if (name === "configurations")
    return `${rows[0]?.toUpperCase()}${rows.slice(1)} beside configurations drawn from the model.`;
  if (name === "correlation")
    return "Two-point function along the axes of the lattice, with one standard error.";
  const observable = Object.keys(figures.observables ?? {}).find(
    (o) => `observable-${o.toLowerCase()}` === name,
  );
  return `Distribution of ${labelOf(observable ?? name)}, with one standard error on every bin.`;
}
