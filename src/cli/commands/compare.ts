import { join } from "node:path";
import { describe } from "../../data/space.ts";
import { AnsatzError, usageError } from "../../error.ts";
import { type ComparedModel, compareModels } from "../../evaluate/index.ts";
import { checkWritable, type DataSource, writeFileAtomic } from "../../files/index.ts";
import { families, familyNamed, modelsDomain } from "../../models/registry.ts";
import { comparisonPage, modelComparison, textColumns } from "../../report/index.ts";
import { type FitRecord, isRun, openRun, type Run } from "../../runs/index.ts";
import { estimateText, nllName } from "../numbers.ts";
import {
  addDataOptions,
  contextSizeOf,
  dataFlagNames,
  loadRequest,
  sourceOf,
} from "../options/data-options.ts";
import { addFitOptions, checkFitOptions, fitOptionsFromFlags } from "../options/fit-options.ts";
import type { FitRequest } from "../options/fit-request.ts";
import { collect, requiredText, textOf } from "../options/flags.ts";
import { parseSettings } from "../options/values.ts";
import { systemText } from "../system-text.ts";
import type { Session } from "../terminal/session.ts";
import type { CommandSpec } from "./command.ts";
import { resumeFit } from "./resume.ts";
import { describeRows, loadRunData } from "./run-data.ts";
import { startFit } from "./start-fit.ts";

/** Families whose log-probabilities are exact: what rows are compared by. */
const comparable = [...families.values()].filter(({ kind }) => kind === "exact").map(({ name }) => name);

/** `ansatz compare`. */
export const compare: CommandSpec = {
  define(command) {
    command
      .description(
        "Fit several families to the same data with the same options, and compare them on held-out rows: one page\n" +
          "with a table and a figure, every number with its error, differences paired row by row. The fits are kept as\n" +
          "run folders; called again, the command goes on where it was stopped and fits only what is missing.",
      )
      .argument("[data]", "data file: .npy, .npz, .csv, .data, .txt (or --train, --valid, --test)")
      .option(
        "--models <names>",
        `families, such as nade,made (default: of ${comparable.join(",")} those that model the data)`,
      )
      .option(
        "--set <family.key=value>",
        "a hyperparameter of one family, such as made.hidden=500 (repeatable)",
        collect,
      )
      .option("--runs <folder>", "where the run folders go (default: the page's name without .html)")
      .option("--out <file.html>", "page to write");
    addDataOptions(command);
    addFitOptions(command);
  },
  examples: [
    "compare ising.npz --models nade,made,rnn,transformer --out compare.html",
    "compare --train nltcs.train.data --valid nltcs.valid.data --test nltcs.test.data --set made.hidden=500 --out nltcs.html",
  ],
  async run([data], flags, session) {
    const out = requiredText(flags, "out", "name the page to write, such as --out compare.html");
    if (!out.endsWith(".html")) throw usageError(`--out names a page, such as compare.html, not ${out}`);
    const force = flags.force === true;
    await checkWritable(out, { force });
    const request: FitRequest = {
      data: { ...Object.fromEntries(dataFlagNames.map((name) => [name, textOf(flags, name)])), data },
      hyperparameters: {},
      options: fitOptionsFromFlags(flags),
    };
    if (!sourceOf(request.data)) throw usageError("name a data file, or give --train");
    const { seed } = checkFitOptions(request.options);
    const given = textOf(flags, "models");
    const names = given === undefined ? await suitable(request, seed) : modelsOf(given);
    const hyperparameters = settingsOf((flags.set as string[] | undefined) ?? [], names);
    const folder = textOf(flags, "runs") ?? out.replace(/\.html$/, "");
    const runs: Run<FitRecord>[] = [];
    for (const family of names) {
      const own = { ...request, family, hyperparameters: hyperparameters[family] ?? {} };
      runs.push(await fitted(join(folder, family), own, force, session));
    }
    const comparison = await scored(runs, session);
    const table = tableOf(comparison);
    await writeFileAtomic(out, pageOf(comparison, table, session.command), { force });
    return { document: documentOf(out, comparison), text: `${textColumns(table)}\n\n${out}` };
  },
};

/** The families that can model the data of a request; throws a usage error where none can. */
async function suitable({ data }: FitRequest, seed: number): Promise<string[]> {
  const dataset = await loadRequest(sourceOf(data) as DataSource, data, seed);
  const domain = { space: dataset.space, contextSize: contextSizeOf(dataset) };
  const names = comparable.filter((name) => modelsDomain(name, domain));
  if (names.length === 0)
    throw usageError(
      `${dataset.name}: no family models ${describe(dataset.space)}; name one by --models to see why`,
    );
  return names;
}

function modelsOf(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw usageError(`--models takes families such as nade,made, not '${text}'`);
  for (const [i, name] of names.entries()) {
    const { kind } = familyNamed(name);
    if (kind !== "exact")
      throw usageError(
        `${name} has an ${kind} likelihood, which rows cannot be compared by; score it by itself: ansatz score`,
      );
    if (names.indexOf(name) !== i) throw usageError(`--models names ${name} twice`);
  }
  return names;
}

/** Hyperparameters by family, from `family.key=value`. */
function settingsOf(
  texts: readonly string[],
  names: readonly string[],
): Record<string, Record<string, unknown>> {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const [path, value] of Object.entries(parseSettings(texts))) {
    const [, family = "", key = ""] = /^([^.]+)\.(.+)$/.exec(path) ?? [];
    if (!names.includes(family))
      throw usageError(`--set takes family.key=value with a family of ${names.join(", ")}, not '${path}'`);
    settings[family] = { ...settings[family], [key]: value };
  }
  return settings;
}

/** The finished run of a folder: begun, gone on with, or found there; by force, one of another fit is replaced. */
async function fitted(
  folder: string,
  request: FitRequest,
  force: boolean,
  session: Session,
): Promise<Run<FitRecord>> {
  if (!(await isRun(folder))) await startFit(folder, request, force, session);
  else
    await resumeFit(folder, request, session).catch((error: unknown) => {
      const isOther = error instanceof AnsatzError && ["usage", "input"].includes(error.code);
      if (!force || !isOther) throw error;
      return startFit(folder, request, force, session);
    });
  return (await openRun(folder)).ofFit();
}

interface Scored {
  readonly runs: readonly Run<FitRecord>[];
  readonly models: readonly ComparedModel[];
  /** What the scored rows are, in words, and how many. */
  readonly rows: string;
  readonly dataName: string;
}

async function scored(runs: readonly Run<FitRecord>[], session: Session): Promise<Scored> {
  const found = await loadRunData(runs[0] as Run<FitRecord>);
  const progress = session.progress("score");
  const models = [];
  for (const run of runs)
    models.push({
      name: run.record.family,
      fitted: await run.fitted({ threads: run.record.threads }),
    });
  const compared = await compareModels(models, found.dataset, found.part).finally(() => progress.end());
  for (const { fitted } of models) await fitted.release();
  return { runs, models: compared, rows: describeRows(found, found.part), dataName: found.dataset.name };
}

function tableOf({ runs, models }: Scored): string[][] {
  const withKl = models.some(({ score }) => score.klPerSite);
  const nll = nllName((runs[0] as Run<FitRecord>).record.space);
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
  const body = models.map(({ name, score, behindBest }, i) => {
    const { parameters, result } = (runs[i] as Run<FitRecord>).record;
    return [
      name,
      String(parameters),
      estimateText(score.nllPerSite),
      ...(withKl ? [score.klPerSite ? estimateText(score.klPerSite) : ""] : []),
      estimateText(score.nll),
      behindBest.error === 0 && behindBest.value === 0 ? "best" : estimateText(behindBest),
      result ? `${result.epoch}, ${result.bestEpoch}` : "",
      result ? `${result.seconds.toPrecision(3)} s` : "",
    ];
  });
  return [head, ...body];
}

function pageOf({ runs, models, rows, dataName }: Scored, table: string[][], command: string): string {
  const { record } = runs[0] as Run<FitRecord>;
  const [first] = models as [ComparedModel];
  const best = models.reduce((a, b) => (b.score.nll.value < a.score.nll.value ? b : a));
  const useKl = models.every(({ score }) => score.klPerSite);
  const { seed: _, ...options } = record.training;
  const quantity = useKl ? "KL per site (nats)" : `${nllName(record.space)} behind the best (nats)`;
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
  return comparisonPage({
    title: `${models.map(({ name }) => name).join(", ")} on ${dataName}`,
    summary: `The best is ${best.name}: its negative log-likelihood is ${estimateText(best.score.nllPerSite)} nats per site on ${first.score.count} ${rows}.`,
    table,
    note:
      "± is one standard error. The errors of the models share the rows they are scored on; what a model is behind the " +
      "best is paired, row by row, and much better known. One fit of one seed each: another seed gives other numbers.",
    figures: [{ name: "comparison", svg, caption: `${what}, with one standard error.` }],
    facts: {
      Data: {
        ...record.data.source,
        space: describe(record.space),
        "train, validation, test rows": Object.values(record.data.rows),
        split: record.data.splits,
        ...(record.data.system && { system: systemText(record.data.system) }),
        ...(first.score.entropyPerSite !== undefined && {
          "exact entropy per site (nats)": first.score.entropyPerSite,
        }),
      },
      Training: { ...options, seed: record.seed, engine: record.engine, processor: record.processor },
      ...Object.fromEntries(runs.map((run) => [run.record.family, run.record.hyperparameters])),
    },
    command,
  });
}

function documentOf(out: string, { runs, models, rows }: Scored): unknown {
  return {
    out,
    rows,
    count: models[0]?.score.count,
    entropyPerSite: models[0]?.score.entropyPerSite,
    models: models.map(({ name, score, behindBest }, i) => {
      const { folder, record } = runs[i] as Run<FitRecord>;
      const { nll, nllPerSite, kl, klPerSite } = score;
      return {
        family: name,
        run: folder,
        parameters: record.parameters,
        ...{ nll, nllPerSite, kl, klPerSite, behindBest },
        ...record.result,
      };
    }),
  };
}
