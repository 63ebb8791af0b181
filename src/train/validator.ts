import { type NDArray, takeRows } from "../array.ts";
import { floatRows } from "../data/batches.ts";
import type { Dataset } from "../data/dataset.ts";
import { type Space, sites } from "../data/space.ts";
import { isArray, modelRows, specsOf } from "../models/arrays.ts";
import type { ModelBase, Monitor, Parameters } from "../models/contract.ts";
import { shaped } from "../models/shaped.ts";
import { Key } from "../random/key.ts";
import { permutation } from "../random/permutation.ts";
import { Program } from "../runtime/program.ts";
import { KEY, trace } from "../runtime/trace.ts";
import type { Estimate } from "../stats/index.ts";
import { BATCH } from "../tensor/shape.ts";
import { leaves } from "../tensor/tree.ts";
import { rowsOf, rowTypes } from "./row-types.ts";

const CHUNK = 1000;
/** Maximum number of evaluations of each row if log P is estimated and there are few rows. */
const REPEATS = 16;
const EVALUATIONS = 10_000;

/** The monitor of a fit over its validation rows, in the monitor's unit a row. */
export interface Validator<P extends Parameters = Parameters> {
  /**
   * Returns the monitor of each row and their mean, with the error of `validationMean`, under parameters with
   * the structure that the validator was made for; they are not copied.
   */
  measure(parameters: P): Promise<{ readonly mean: Estimate; readonly rows: Float64Array }>;
  release(): Promise<void>;
}

/** Logits that one validation may take, with a vocabulary of 10⁶ some ten seconds. */
const affordableLogits = 5e9;

/**
 * Returns the validation rows scored after each epoch: `most` of them at random; if `most` is 0, all of them,
 * unless a large vocabulary makes them cost more than the epoch; at least two.
 */
export function validationRows(valid: Uint32Array, space: Space, most: number, key: Key): Uint32Array {
  const states = space.kind === "categorical" || space.kind === "sequence" ? space.states : 1;
  const affordable = Math.max(2, Math.floor(affordableLogits / (sites(space) * states)));
  const count = Math.min(valid.length, most || affordable);
  if (count === valid.length) return valid;
  return permutation(key, valid.length)
    .subarray(0, count)
    .sort()
    .map((i) => valid[i] as number);
}

/** Arguments of a validator. */
export interface ValidatorSetup<P extends Parameters> {
  readonly model: Pick<ModelBase<P>, "family" | "space" | "context">;
  readonly monitor: Monitor<P>;
  /** The structure of the parameters. */
  readonly parameters: P;
  readonly dataset: Dataset;
  /** The validation rows. */
  readonly valid: Uint32Array;
  readonly context: NDArray | undefined;
  readonly threads: number;
  /** Returns the mean of one value per row, with its error; see `validationMean`. */
  mean(values: Float64Array): Estimate;
}

/** Scores the validation rows `valid`; the graphs are compiled when first needed. */
export function makeValidator<P extends Parameters>(setup: ValidatorSetup<P>): Validator<P> {
  const { model, monitor, dataset, valid, context, mean } = setup;
  const rows = takeRows(dataset.x, valid);
  const count = valid.length;
  const repeats = monitor.estimated ? Math.max(1, Math.min(REPEATS, Math.floor(EVALUATIONS / count))) : 1;
  const noise = Key.fromSeed(0);
  let programs: Promise<Programs> | undefined;

  return {
    async measure(parameters) {
      programs ??= compile(setup);
      const { each, shared } = await programs;
      const params = leaves(parameters, isArray);
      const [term] = shared ? await shared.run(params) : [];
      const values = new Float64Array(count).fill(Number(term?.data[0] ?? 0));
      for (let from = 0; from < count; from += CHUNK) {
        const to = Math.min(from + CHUNK, count);
        const given = context ? [floatRows(context, valid.subarray(from, to))] : [];
        const all = [...params, modelRows(model.space, rows, from, to), ...given];
        for (let repeat = 0; repeat < repeats; repeat++) {
          const [chunk] = await each.run(all, { keys: [noise.fold(from).fold(repeat)] });
          (chunk as NDArray<"f32">).data.forEach((value, i) => {
            (values[from + i] as number) += value / repeats;
          });
        }
      }
      return { mean: mean(values), rows: values };
    },
    async release() {
      const made = await programs;
      await made?.each.release();
      await made?.shared?.release();
    },
  };
}

/** The graphs of a validator. */
interface Programs {
  readonly each: Program;
  readonly shared: Program | undefined;
}

async function compile<P extends Parameters>({
  model,
  monitor,
  parameters,
  threads,
}: ValidatorSetup<P>): Promise<Programs> {
  const tree = specsOf(parameters);
  const { x, context } = rowTypes(model);
  const specs = [tree, rowsOf(x, BATCH), KEY, context && rowsOf(context, BATCH)] as const;
  const { shared } = monitor;
  const each: typeof monitor.rows = (...at) =>
    shaped(model.family, `the monitor's ${monitor.name}`, monitor.rows(...at), [BATCH]);
  return {
    each: await Program.compile(trace(each, specs), { threads }),
    shared: shared && (await Program.compile(trace(shared, [tree]), { threads })),
  };
}
