import { levelCount, type Space } from "../data/space.ts";
import type { ComparedModel, Judgement } from "../evaluate/index.ts";
import { estimateText, type Facts, modelComparison, testBars } from "../report/index.ts";
import { testSeries } from "./judge/judge-figures.ts";
import { nllName } from "./score-rows.ts";
import type { Study } from "./study.ts";

/** One model of a comparison, with facts about its fit. */
export interface ComparedFit extends ComparedModel {
  /** Number of parameters. */
  readonly parameters: number;
  /** Epochs of the fit, the one that was kept, and how long it took; absent for a fit that has not ended. */
  readonly result?:
    | { readonly epoch: number; readonly bestEpoch: number; readonly seconds: number }
    | undefined;
  /** The folder of the fit. */
  readonly run?: string | undefined;
}

/** Several models of one set of data. */
export interface Comparison {
  /** The models, in the order of tables and figures. */
  readonly models: readonly ComparedFit[];
  /** The space of one row; the same for all models. */
  readonly space: Space;
  /** The scored rows, in words. */
  readonly rows: string;
  /** Name of the data on the page. */
  readonly dataName: string;
  /** Two-sample tests of samples of the models against the scored rows; absent if there are too few rows. */
  readonly judgement?: Judgement | undefined;
  /** Facts by title: the data, what the fits have in common, what is specific to each model. */
  readonly facts: Readonly<Record<string, Facts>>;
}

/** Studies several models together: a table, a figure, and the distance of each from the best. */
export function studyComparison({ models, space, rows, dataName, judgement, facts }: Comparison): Study {
  const [first] = models;
  if (!first) throw new Error("a comparison is of one model at least");
  const best = models.reduce((a, b) => (b.score.nll.value < a.score.nll.value ? b : a));
  const useKl = models.every(({ score }) => score.klPerSite);
  const bounds = models.some(({ score }) => score.kind === "bounded");
  const name = bounds ? "NLL or bound of it" : nllName(space);
  const quantity = useKl
    ? `KL per site${bounds ? " or bound of it" : ""} (nats)`
    : `${name} behind the best (nats)`;
  const svg = modelComparison({
    quantity,
    models: models.map(({ name, score, behindBest }) => ({
      name,
      ...((useKl && score.klPerSite) || behindBest),
    })),
    exact: { value: 0, label: useKl ? "exact distribution" : best.name },
  });
  const what = useKl
    ? "Kullback–Leibler divergence per site from the exact distribution, paired row by row"
    : "How much larger the negative log-likelihood of a row is than the best model's, paired row by row";
  const bounded = models.flatMap(({ name, score }) =>
    score.kind === "bounded" ? [`${name} (k = ${score.draws} draws a row)`] : [],
  );
  const ofBounds = bounds
    ? ` ≤ marks a bound: the number of ${bounded.join(" and ")} is at most that, and the model may be better than it looks.`
    : "";
  const isBound = best.score.kind === "bounded" || levelCount(space) !== undefined;
  const atMost = isBound ? "at most " : "";
  return {
    title: `${models.map(({ name }) => name).join(", ")} on ${dataName}`,
    summary: `The best is ${best.name}: its negative log-likelihood is ${atMost}${estimateText(best.score.nllPerSite)} nats per site on ${first.score.count} ${rows}.`,
    numbers: [],
    table: tableOf(models, space),
    numbersNote:
      "± is one standard error. The errors of the models share the rows they are scored on; what a model is behind the " +
      `best is paired, row by row, and much better known. One fit of one seed each: another seed gives other numbers.${ofBounds}`,
    figures: [
      { name: "comparison", svg, caption: `${what}, with one standard error.${ofBounds}` },
      ...(judgement
        ? [
            {
              name: "two-sample-tests",
              svg: testBars(testSeries(judgement)),
              caption:
                "Two-sample tests of samples of each model against the scored rows, and of real rows against real rows, in units of the spread of real rows. The band is ±2.",
            },
          ]
        : []),
    ],
    facts,
    warnings: [],
    document: {
      rows,
      count: first.score.count,
      entropyPerSite: first.score.entropyPerSite,
      models: models.map(({ name, score, behindBest, parameters, run, result }) => {
        const { nll, nllPerSite, kl, klPerSite } = score;
        return {
          family: name,
          run,
          parameters,
          ...{ nll, nllPerSite, kl, klPerSite, behindBest },
          ...(score.kind === "bounded" && { bound: "upper", draws: score.draws }),
          ...result,
        };
      }),
      ...(judgement && { twoSample: { ...judgement } }),
    },
  };
}

function tableOf(models: readonly ComparedFit[], space: Space): string[][] {
  const withKl = models.some(({ score }) => score.klPerSite);
  const nll = models.every(({ score }) => score.kind === "bounded") ? "NLL bound" : nllName(space);
  const head = [
    "model",
    "parameters",
    `${nll} per site (nats)`,
    ...(withKl ? ["KL per site (nats)"] : []),
    `${nll} (nats)`,
    "behind the best (nats)",
    "epochs, best",
    "time of the fit",
  ];
  const body = models.map(({ name, score, behindBest, parameters, result }) => {
    const bound = score.kind === "bounded" ? "≤ " : "";
    return [
      name,
      String(parameters),
      `${bound}${estimateText(score.nllPerSite)}`,
      ...(withKl ? [score.klPerSite ? `${bound}${estimateText(score.klPerSite)}` : ""] : []),
      `${bound}${estimateText(score.nll)}`,
      behindBest.error === 0 && behindBest.value === 0 ? "best" : estimateText(behindBest),
      result ? `${result.epoch}, ${result.bestEpoch}` : "",
      result ? `${result.seconds.toPrecision(3)} s` : "",
    ];
  });
  return [head, ...body];
}
