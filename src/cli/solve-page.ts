import { siteShape, sites } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import { exactMean, weightedStatistic } from "../evaluate/index.ts";
import type { FittedExact } from "../models/fitted.ts";
import { buildFigures, type FigureData, type NumberRow } from "../report/index.ts";
import { textTable } from "../report/table.ts";
import { type Run, readSolveLog, type SolveRecord } from "../runs/index.ts";
import { type Estimate, importance, weightedMoments } from "../stats/index.ts";
import { createSystem, type System } from "../systems/index.ts";
import { estimateText, labelOf } from "./numbers.ts";
import { systemText, titleOn, writePage } from "./run-page.ts";
import type { Outcome, Session } from "./session.ts";
import { evaluateSolve, type SolveResult, solveDocument, solveRows } from "./solve-result.ts";
import { shownConfigurations, siteOf } from "./summary.ts";

/** Names of the figures of a solve's convergence, and how their captions begin. */
const convergence = {
  bound: "The variational lower bound on log Z",
  ess: "Effective sample size, as a fraction,",
  energy: "Mean energy per site",
} as const;

/** Evaluates a solved run and writes its page: convergence, samples, observables and the numbers. */
export async function reportSolve(
  run: Run<SolveRecord>,
  fitted: FittedExact,
  request: { readonly samples: number; readonly seed: number; readonly session: Session },
): Promise<Outcome> {
  const { record } = run;
  const target = createSystem(record.target.name, record.target.parameters);
  const result = await evaluateSolve(fitted, target, request);
  await fitted.release();
  const rows = [...solveRows(result, target), ...observableRows(result, target)];
  const figures = buildFigures(await figuresOf(run, result, target));
  const files = await writePage(run, figures, {
    title: titleOn(record.family, record.target),
    summary: summaryText(result),
    numbers: rows,
    numbersNote:
      "The bound is below log Z on average, by KL(model‖system). What is reweighted is right while the ESS is not small; " +
      "σ counts standard errors.",
    captionOf,
    training: { ...trainingFacts(record) },
    data: { "learned from": "the energy alone", system: systemText(record.target) },
  });
  return {
    document: { report: files[0], files, ...solveDocument(run, result) },
    text: `${textTable(rows)}\n\n${files[0]}`,
  };
}

/** Observables but the energy, reweighted, and statistics, beside exact values. */
function observableRows({ drawn }: SolveResult, system: System): NumberRow[] {
  const weights = importance(drawn.logWeight);
  const row = (name: string, estimate: Estimate): NumberRow => {
    const exact = exactMean(system, name);
    return {
      name: labelOf(name),
      estimate,
      ...(exact !== undefined && { reference: { value: exact, source: "exact" } }),
    };
  };
  const means = Object.entries(system.observables)
    .filter(([name]) => name !== "energy")
    .map(([name, observable]) => row(name, weightedMoments(weights, observable(drawn.x)).mean));
  const statistics = Object.entries(system.statistics ?? {}).map(([name, statistic]) =>
    row(name, weightedStatistic(statistic, drawn.x, weights)),
  );
  return [...means, ...statistics];
}

async function figuresOf(
  run: Run<SolveRecord>,
  { drawn, exact }: SolveResult,
  target: System,
): Promise<FigureData> {
  const n = sites(target.space);
  const estimates = (await readSolveLog(run.folder)).filter((event) => event.type === "estimate");
  const exactMeans: Readonly<Record<string, number>> = {
    ...target.exactMeans,
    ...(exact && { energy: exact.energy / n }),
  };
  return {
    convergence: {
      bound: {
        quantity: "log Z, lower bound",
        points: estimates.map(({ step, bound }) => ({ step, ...bound })),
        ...(exact && { exact: { value: exact.logZ, label: "exact log Z" } }),
      },
      ess: {
        quantity: "ESS (fraction)",
        points: estimates.map(({ step, ess }) => ({ step, value: ess })),
        range: [0, 1],
      },
      energy: {
        quantity: "energy per site",
        points: estimates.map(({ step, energy }) => ({
          step,
          value: energy.value / n,
          error: energy.error / n,
        })),
        ...(exact && { exact: { value: exact.energy / n } }),
      },
    },
    configurations: {
      site: siteOf(target.space),
      shape: siteShape(target.space),
      model: numbers(drawn.x).slice(0, shownConfigurations * n),
      count: shownConfigurations,
    },
    observables: Object.fromEntries(
      Object.entries(target.observables).map(([name, observable]) => [
        name,
        {
          label: labelOf(name),
          model: { values: observable(drawn.x) },
          ...(exactMeans[name] !== undefined && { reference: { value: exactMeans[name] } }),
        },
      ]),
    ),
  };
}

function trainingFacts({ training, result }: SolveRecord): Record<string, unknown> {
  const { seed: _, ...options } = training;
  return { ...options, ...(result && { "steps taken": result.step }) };
}

function summaryText({ free, exact }: SolveResult): string {
  const known = exact ? ` (exact: ${Number(exact.logZ.toPrecision(10))})` : "";
  return (
    `log Z ≥ ${estimateText(free.logZBound)} by the variational bound, ${estimateText(free.logZ)} by importance ` +
    `sampling with ESS ${estimateText(free.ess)}${known}.`
  );
}

function captionOf(name: string): string {
  const key = name.replace(/^convergence-/, "") as keyof typeof convergence;
  if (convergence[key])
    return `${convergence[key]} in the batch of a step, with one standard error where it has one.`;
  if (name === "configurations") return "Configurations drawn from the model.";
  return `Distribution of ${labelOf(name.replace(/^observable-/, ""))} in samples of the model, not reweighted.`;
}
