import type { NDArray } from "../array.ts";
import { gatherRows } from "../data/batches.ts";
import type { Dataset } from "../data/dataset.ts";
import { takeRows } from "../data/dataset.ts";
import { type Space, siteShape, sites } from "../data/space.ts";
import { isArray, modelRows, specsOf } from "../models/arrays.ts";
import { inputType, type ModelBase, type Parameters } from "../models/contract.ts";
import { Key } from "../random/key.ts";
import { permutation } from "../random/permutation.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, trace } from "../runtime/trace.ts";
import { type Estimate, independentMean } from "../stats/index.ts";
import { BATCH } from "../tensor/shape.ts";
import { leaves } from "../tensor/tree.ts";
import type { Monitor } from "./monitor.ts";
import type { StepperSetup } from "./stepper.ts";

const CHUNK = 1000;
/** Where log P is estimated, few rows are gone through several times: up to this many times, or evaluations. */
const REPEATS = 16;
const EVALUATIONS = 10_000;

/** The monitor of a fit over the validation rows, under the parameters as they are now, nats a row. */
export interface Validator {
  (): Promise<Estimate>;
  release(): Promise<void>;
}

/** Logits that one validation may take, with a vocabulary of 10⁶ some ten seconds. */
const affordableLogits = 5e9;

/**
 * The validation rows that are scored after each epoch: `most` of them at random, or where it is 0 all, unless a large
 * vocabulary makes them dearer than the epoch; at least two.
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

/** Compiles the scoring of the validation rows `valid`. */
export async function makeValidator<P extends Parameters>(
  { space, contextSize }: ModelBase<P>,
  monitor: Monitor<P>,
  { parameters, threads }: StepperSetup<P>,
  dataset: Dataset,
  valid: Uint32Array,
  context: NDArray | undefined,
): Promise<Validator> {
  const tree = specsOf(parameters);
  const specs = [new Spec([BATCH, ...siteShape(space)], inputType(space))];
  if (contextSize > 0) specs.push(new Spec([BATCH, contextSize]));
  const program = await Program.compile(
    trace(monitor.rows as never, [tree, specs[0], KEY, ...specs.slice(1)] as never),
    { threads },
  );
  const shared =
    monitor.shared && (await Program.compile(trace(monitor.shared as never, [tree]), { threads }));
  const params = leaves(parameters, isArray);
  const rows = takeRows(dataset.x, valid);
  const count = valid.length;
  const repeats = monitor.estimated ? Math.max(1, Math.min(REPEATS, Math.floor(EVALUATIONS / count))) : 1;
  const noise = Key.fromSeed(0);

  const validate = async () => {
    const [term] = shared ? await shared.run(params) : [];
    const nll = new Float64Array(count).fill(Number(term?.data[0] ?? 0));
    for (let from = 0; from < count; from += CHUNK) {
      const to = Math.min(from + CHUNK, count);
      const inputs: NDArray<"f32">[] = [];
      if (context) {
        const data = new Float32Array((to - from) * contextSize);
        gatherRows(context, valid.subarray(from, to), data);
        inputs.push({ dtype: "f32", shape: [to - from, contextSize], data });
      }
      const all = [...params, modelRows(space, rows, from, to), ...inputs];
      for (let repeat = 0; repeat < repeats; repeat++) {
        const [each] = await program.run(all, { keys: [noise.fold(from).fold(repeat)] });
        (each as NDArray<"f32">).data.forEach((value, i) => {
          (nll[from + i] as number) += value / repeats;
        });
      }
    }
    return independentMean(nll);
  };
  return Object.assign(validate, {
    async release() {
      await program.release();
      await shared?.release();
    },
  });
}
