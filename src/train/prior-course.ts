import { type NDArray, takeRows } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { range } from "../data/splits.ts";
import { usageError } from "../error.ts";
import type { CodePrior, Coding, Model, ModelBase, Parameters } from "../models/contract.ts";
import { Coder } from "../models/fitted/coder.ts";
import type { FitOptions } from "./options.ts";

/** Whether `path` is `name` (a prior) or lies inside it. */
const within = (name: string, path: string) => path === name || path.startsWith(`${name}.`);

/**
 * Returns the model as the first course trains it: the same functions over parameters without the prior's.
 * Throws AnsatzError (usage) for a prior that does not model the model's codes.
 */
export function withoutPrior<M extends Model>(model: M): M {
  const { prior, coding, family, masks, sparse } = model as ModelBase;
  if (!prior) return model;
  if (!coding) throw usageError(`${family}: a prior over codes needs a model with codes (coding)`);
  if (JSON.stringify(prior.model.space) !== JSON.stringify(coding.codes))
    throw usageError(`${family}: the prior is over another space than the codes`);
  const own = ([path]: readonly [string, unknown]) => !within(prior.path, path);
  const changed: Partial<ModelBase> = {
    prior: undefined,
    init(key) {
      const all = Object.entries(model.init(key)).filter(own);
      return Object.fromEntries(all) as Parameters;
    },
    ...(masks && { masks: Object.fromEntries(Object.entries(masks).filter(own)) }),
    ...(sparse && { sparse: sparse.filter((path) => !within(prior.path, path)) }),
  };
  // Its other functions stay those of the model, also where it is an instance of a class.
  return Object.create(model, Object.getOwnPropertyDescriptors(changed)) as M;
}

/** The parameters of both courses as one tree. */
export const joined = (
  { path }: Pick<CodePrior, "path">,
  first: Parameters,
  second: Parameters,
): Parameters => ({ ...first, [path]: second });

/** The request of the second course of a fit. */
export interface CodesRequest {
  readonly model: ModelBase;
  /** Those that the first course ended with. */
  readonly parameters: Parameters;
  readonly dataset: Dataset;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns the codes of the training and validation rows of a dataset as a dataset with the same split; what
 * is known of the dependence between rows holds for their codes. Rows are encoded once, unchanged, a chunk at
 * a time.
 */
export async function codesOf({
  model,
  parameters,
  dataset,
  threads,
  signal,
}: CodesRequest): Promise<Dataset> {
  const [prior, coding] = [model.prior as CodePrior, model.coding as Coding];
  const { splits, x, context, contextSpace, chain, parent, meta, order, name } = dataset;
  const { train, valid } = splits;
  const encoding = coding.codes.kind === "binary" ? "01" : "plain";
  const rows = new Uint32Array(train.length + valid.length);
  rows.set(train);
  rows.set(valid, train.length);
  const given = context && takeRows(context, rows);
  const coder = new Coder(withoutPrior(model as Model) as ModelBase, parameters, { threads });
  let codes: NDArray;
  try {
    codes = await coder.encode(takeRows(x, rows), { signal, ...(given && { context: given }) });
  } finally {
    await coder.release();
  }
  const ids = (of: Int32Array) => Int32Array.from(rows, (row) => of[row] as number);
  return {
    name: `codes of ${name}`,
    x: codes,
    space: coding.codes,
    encoding,
    splits: {
      ...splits,
      train: range(0, train.length),
      valid: range(train.length, rows.length),
      test: new Uint32Array(0),
    },
    ...(prior.model.context && given && { context: given, ...(contextSpace && { contextSpace }) }),
    ...(chain && { chain: ids(chain) }),
    ...(parent && { parent: ids(parent) }),
    ...(order && { order }),
    // Codes are no rows of the system that the file names, but of its chains.
    ...(meta?.chain && {
      meta: { version: meta.version, space: coding.codes, encoding, chain: meta.chain },
    }),
  };
}

/**
 * Options of the second course: batch, rate and end that suit the prior; the rest as for the first. A time
 * limit is half the limit for both courses.
 */
export function priorOptions({ batch: _, lr: __, warmup: ___, ...options }: FitOptions): FitOptions {
  return { ...options, augment: ["none"] };
}

/** Options of the first of two courses. */
export function halfTime(options: FitOptions): FitOptions {
  return options.time === undefined ? options : { ...options, time: options.time / 2 };
}
