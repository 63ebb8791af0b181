import { siteShape, sites } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import {
  exactMean,
  type PartRows,
  rowMean,
  rowStatistic,
  twoPoint,
  weightedStatistic,
} from "../evaluate/index.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { buildFigures, type FigureData, type NumberRow } from "../report/index.ts";
import { textTable } from "../report/table.ts";
import { type Run, readLog, type SolveRecord } from "../runs/index.ts";
import { type Estimate, importance, weightedMoments } from "../stats/index.ts";
import { createSystem, type Simulation, type System } from "../systems/index.ts";
import { simulateDataset } from "./commands/simulate.ts";
import { estimateText, labelOf } from "./numbers.ts";
import { writePage } from "./run-page.ts";
import { evaluateSolve, type SolveResult, solveDocument, solveRows } from "./solve-result.ts";
import { shownConfigurations, siteOf } from "./summary.ts";
import { systemText, titleOn } from "./system-text.ts";
import type { Outcome, Session } from "./terminal/session.ts";

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
  request: {
    readonly samples: number;
    readonly seed: number;
    /** Rows of the system's own simulation to hold the model's against; none where left out. */
    readonly simulate: number | undefined;
    readonly session: Session;
  },
): Promise<Outcome> {
  const { record } = run;
  const target = createSystem(record.target.name, record.target.parameters);
  const result = await evaluateSolve(fitted, target, request);
  await fitted.release();
  const simulated =
    request.simulate === undefined ? undefined : await simulatedRows(target, request.simulate, request);
  const rows = [
    ...solveRows(result, target).map((row) => besideEnergy(row, target, simulated)),
    {
      name: "Metropolis acceptance",
      estimate: result.free.acceptance,
      note: "of the model's samples as proposals",
    },
    ...observableRows(result, target, simulated),
  ];
  const figures = buildFigures(await figuresOf(run, result, target, simulated));
  const files = await writePage(run, figures, {
    title: titleOn(record.family, record.target),
    summary: summaryText(result),
    numbers: rows,
    numbersNote:
      "The bound is below log Z on average, by KL(model‖system). What is reweighted is right while the ESS is not small; " +
      "σ counts standard errors.",
    captionOf: (name) => captionOf(name, simulated !== undefined),
    training: { ...trainingFacts(record) },
    data: { "learned from": "the energy alone", system: systemText(record.target) },
  });
  return {
    document: { report: files[0], files, ...solveDocument(run, result) },
    text: `${textTable(rows)}\n\n${files[0]}`,
  };
}

/** Rows of a system's own simulation, with progress. */
async function simulatedRows(
  target: System,
  samples: number,
  { seed, session }: { readonly seed: number; readonly session: Session },
): Promise<PartRows> {
  const { simulations } = await simulateDataset([target], {
    samples,
    seed,
    chains: 16,
    name: target.name,
    session,
  });
  const [{ x, chain, tau, thinning }] = simulations as [Simulation];
  return { x, ...(chain && { chain: chain.data }), spacing: { tau, thinning } };
}

/** The energy of a solve beside that of a simulation, where no exact one stands there. */
function besideEnergy(row: NumberRow, { observables }: System, rows: PartRows | undefined): NumberRow {
  if (!rows || row.reference || row.name !== labelOf("energy") || !observables.energy) return row;
  return {
    ...row,
    reference: { ...rowMean(observables.energy(rows.x), rows.chain, rows.spacing), source: "Monte Carlo" },
  };
}

/** Observables but the energy, reweighted, and statistics, beside exact values or those of a simulation. */
function observableRows(
  { drawn }: SolveResult,
  system: System,
  simulated: PartRows | undefined,
): NumberRow[] {
  const weights = importance(drawn.logWeight);
  const row = (name: string, estimate: Estimate, monteCarlo: Estimate | undefined): NumberRow => {
    const exact = exactMean(system, name);
    const reference =
      exact !== undefined
        ? { value: exact, source: "exact" }
        : monteCarlo && { ...monteCarlo, source: "Monte Carlo" };
    return { name: labelOf(name), estimate, ...(reference && { reference }) };
  };
  const means = Object.entries(system.observables)
    .filter(([name]) => name !== "energy")
    .map(([name, observable]) =>
      row(
        name,
        weightedMoments(weights, observable(drawn.x)).mean,
        simulated && rowMean(observable(simulated.x), simulated.chain, simulated.spacing),
      ),
    );
  const statistics = Object.entries(system.statistics ?? {}).map(([name, statistic]) =>
    row(
      name,
      weightedStatistic(statistic, drawn.x, weights),
      simulated && rowStatistic(statistic, simulated),
    ),
  );
  return [...means, ...statistics];
}

async function figuresOf(
  run: Run<SolveRecord>,
  { drawn, exact, free }: SolveResult,
  target: System,
  simulated: PartRows | undefined,
): Promise<FigureData> {
  const n = sites(target.space);
  const rounds = (await readLog(run.folder)).filter((event) => event.type === "round");
  const estimates = rounds.map(({ step, measures }) => ({
    step,
    bound: measures["log Z"] as Estimate,
    ess: (measures.ESS as Estimate).value,
    energy: measures.energy as Estimate,
  }));
  const exactMeans: Readonly<Record<string, number>> = {
    ...target.exactMeans,
    ...(exact && { energy: exact.energy / n }),
  };
  return {
    convergence: {
      bound: {
        quantity: "log Z, lower bound",
        points: estimates.map(({ step, bound: { value, error } }) => ({ step, value, error })),
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
      ...(simulated && { data: numbers(simulated.x).slice(0, shownConfigurations * n) }),
      model: numbers(drawn.x).slice(0, shownConfigurations * n),
      count: shownConfigurations,
    },
    observables: Object.fromEntries(
      Object.entries(target.observables).map(([name, observable]) => [
        name,
        {
          label: labelOf(name),
          model: { values: observable(drawn.x) },
          ...(simulated && { data: { values: observable(simulated.x) } }),
          ...(exactMeans[name] !== undefined && { reference: { value: exactMeans[name] } }),
        },
      ]),
    ),
    correlation: correlationOf(drawn, target, simulated),
    logWeights: {
      logProb: drawn.energy.map((e, i) => -target.beta * e - (drawn.logWeight[i] as number)),
      minusAction: drawn.energy.map((e) => -target.beta * e),
      logZ: exact ? { value: exact.logZ, label: "exact log Z" } : { value: free.logZ.value },
    },
  };
}

/** The two-point function, the model's reweighted. */
function correlationOf(
  { x, logWeight }: SolveResult["drawn"],
  target: System,
  simulated: PartRows | undefined,
): FigureData["correlation"] {
  const model = twoPoint(target, { x }, importance(logWeight));
  return model && { label: "G(r)", model, data: simulated && twoPoint(target, simulated) };
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

function captionOf(name: string, simulated: boolean): string {
  const beside = simulated ? "; the data are rows of the system's own simulation" : "";
  const key = name.replace(/^convergence-/, "") as keyof typeof convergence;
  if (convergence[key])
    return `${convergence[key]} in the batch of a step, with one standard error where it has one.`;
  if (name === "configurations") return `Configurations drawn from the model${beside}.`;
  if (name === "log-weights")
    return "−βE against log q of samples: those of a perfect model lie on the line; their distance from it is the log-weight.";
  if (name === "correlation")
    return `Two-point function along the axes of the lattice, the model's reweighted, with one standard error${beside}.`;
  return `Distribution of ${labelOf(name.replace(/^observable-/, ""))} in samples of the model, not reweighted${beside}.`;
}
