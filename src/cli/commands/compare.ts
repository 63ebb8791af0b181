import { join } from "node:path";
import { describe } from "../../data/space.ts";
import { spaceText } from "../../data/table.ts";
import { AnsatzError, usageError } from "../../error.ts";
import { compareModels, partRows } from "../../evaluate/index.ts";
import { checkWritable, type DataSource, writeFileAtomic } from "../../files/index.ts";
import { likelihoodOf } from "../../models/contract.ts";
import type { AnyFitted } from "../../models/fitted/fitted.ts";
import { families, familyNamed, modelsDomain } from "../../models/registry.ts";
import { Key } from "../../random/key.ts";
import { page, textColumns } from "../../report/index.ts";
import { type FitRecord, isRun, openRun, type Run } from "../../runs/index.ts";
import { drawRows } from "../../study/draw-rows.ts";
import { type Comparison, studyComparison } from "../../study/index.ts";
import { canJudge, judgeSamples, mostJudged } from "../../study/judge/judge-samples.ts";
import { systemText } from "../../study/system-text.ts";
import { oneSystem } from "../../systems/index.ts";
import { addDataOptions, dataFromFlags, domainOf, loadRequest, sourceOf } from "../options/data-options.ts";
import { addFitOptions, checkFitOptions, fitOptionsFromFlags } from "../options/fit-options.ts";
import type { FitRequest } from "../options/fit-request.ts";
import { collect, requiredText, textOf } from "../options/flags.ts";
import { parseSettings } from "../options/values.ts";
import type { Session } from "../terminal/session.ts";
import type { CommandSpec } from "./command.ts";
import { resumeFit } from "./resume.ts";
import { describeRows, loadRunData, type RunData } from "./run-data.ts";
import { sharedOptions } from "./shared-options.ts";
import { startFit } from "./start-fit.ts";

/** Families that can be compared: they give each row a log-probability, or a bound of it. */
const comparable = () =>
  [...families.values()].filter(({ kind }) => kind === "exact" || kind === "bounded").map(({ name }) => name);

/** `ansatz compare`. */
export const compare: CommandSpec = {
  define(command) {
    command
      .description(
        "Fit several families to the same data with the same options, and compare them on held-out rows. Writes a page " +
          "with a table and a figure; every number has an error, and differences are paired row by row. The fits are kept " +
          "as run folders. Run the command again to resume: it fits only what is missing.",
      )
      .argument(
        "[data]",
        "data file: .npy, .npz, .csv, .data, .txt, or a folder of pictures (or --train, --valid, --test)",
      )
      .option(
        "--models <names>",
        `families, such as nade,made (default: those of ${comparable().join(",")} that model the data)`,
      )
      .option(
        "--set <family.key=value>",
        "a hyperparameter of one family, such as made.hidden=500 (repeatable)",
        collect,
      )
      .option("--runs <folder>", "folder for the run folders (default: the name of the page without .html)")
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
      data: dataFromFlags(flags, data),
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
    const study = studyComparison(await scored(runs));
    await writeFileAtomic(out, page(study, { command: session.command }), { force });
    return { document: { out, ...study.document }, text: `${textColumns(study.table ?? [])}\n\n${out}` };
  },
};

/** The families that can model the data of a request; throws a usage error if there are none. */
async function suitable({ data }: FitRequest, seed: number): Promise<string[]> {
  // Each fit says by itself what it takes for granted.
  const dataset = await loadRequest(sourceOf(data) as DataSource, data, seed, () => undefined);
  const domain = domainOf(dataset);
  const names = comparable().filter((name) => modelsDomain(name, domain));
  if (names.length === 0)
    throw usageError(
      `${dataset.name}: no family models ${describe(dataset.space)}; name one with --models to see why`,
    );
  return names;
}

function modelsOf(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw usageError(`--models takes families such as nade,made, not '${text}'`);
  for (const [i, name] of names.entries()) {
    const { kind } = familyNamed(name);
    if (kind !== "exact" && kind !== "bounded")
      throw usageError(
        `${name} has an ${likelihoodOf[kind]} likelihood, so rows cannot be compared; score it alone: ansatz score`,
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

async function scored(runs: readonly Run<FitRecord>[]): Promise<Comparison> {
  const [{ record }] = runs as [Run<FitRecord>];
  const found = await loadRunData(runs[0] as Run<FitRecord>);
  const models = [];
  for (const run of runs)
    models.push({ name: run.record.family, fitted: await run.fitted({ threads: run.record.threads }) });
  const compared = await compareModels(models, found.dataset, found.part);
  const judgement = await judgedSamples(models, found);
  for (const { fitted } of models) await fitted.release();
  // Families may have options of their own, where a fit that ends by itself chose them.
  const { shared, own: ownOptions } = sharedOptions(runs.map((run) => run.record.training));
  const entropy = compared[0]?.score.entropyPerSite;
  return {
    models: compared.map((model, i) => {
      const { folder, record: own } = runs[i] as Run<FitRecord>;
      return { ...model, run: folder, parameters: own.parameters, result: own.result };
    }),
    space: record.space,
    rows: describeRows(found, found.part),
    dataName: found.dataset.name,
    judgement,
    facts: {
      Data: {
        ...record.data.source,
        space: spaceText(record.space),
        "train, validation, test rows": Object.values(record.data.rows),
        split: record.data.splits,
        ...(record.data.system && { system: systemText(record.data.system) }),
        ...(entropy !== undefined && { "exact entropy per site (nats)": entropy }),
      },
      Training: { ...shared, engine: record.engine, processor: record.processor },
      ...Object.fromEntries(
        runs.map(({ record: own }, i) => [own.family, { ...own.hyperparameters, ...ownOptions[i] }]),
      ),
    },
  };
}

/** Two-sample tests of samples of each model against the scored rows; undefined if samples need contexts or rows are too few. */
async function judgedSamples(
  models: readonly { readonly name: string; readonly fitted: AnyFitted }[],
  { dataset, part }: RunData,
) {
  const scored = partRows(dataset, part);
  if (!canJudge(dataset, scored)) return undefined;
  const key = Key.fromSeed(0);
  const drawn = [];
  for (const [i, { name, fitted }] of models.entries())
    drawn.push({ name, ...(await drawRows(fitted, mostJudged, { key: key.fold(i) })) });
  const system = dataset.meta?.system && oneSystem(dataset.meta.system);
  return judgeSamples({ dataset, system, rows: `${part} rows of ${dataset.name}`, scored, drawn, seed: 0 });
}
