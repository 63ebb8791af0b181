import { arrayFrom, type DType, type NDArray, ndarray } from "../../../array.ts";
import { sites } from "../../../data/space.ts";
import { stopIfAborted, usageError } from "../../../error.ts";
import type { Key } from "../../../random/key.ts";
import { uniform } from "../../../random/uniform.ts";
import type { EngineOptions } from "../../../runtime/engine.ts";
import { Program } from "../../../runtime/program.ts";
import { KEY, Spec, trace } from "../../../runtime/trace.ts";
import { constant, type SymbolicKey, type Tensor } from "../../../tensor/index.ts";
import { mapTree } from "../../../tensor/tree.ts";
import { freeze, isArray } from "../../arrays.ts";
import type { EnergyModel, EnergyParameters, Enumeration, Symbolic } from "../../contract.ts";
import { sideStates } from "../enumerate.ts";

/** Terms up to which log Z is summed exactly: 2^25. */
export const mostTerms = 2 ** 25;
/** Terms up to which all are kept, to draw from. */
const mostDrawn = 2 ** 20;

/** See {@link exactLogZ}. */
export interface ExactOptions extends EngineOptions {
  /** Is called with the terms summed so far and the number of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops between blocks with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns the number of terms of log Z by a model's smaller side; undefined if no side has few enough to
 * enumerate.
 */
export function termsOf<P extends EnergyParameters>(model: EnergyModel<P>): number | undefined {
  if (!model.enumeration) return undefined;
  const terms = model.enumeration.states ** model.enumeration.units;
  return terms <= mostTerms ? terms : undefined;
}

/**
 * log Z of a model in nats by summing over the states of its smaller side, block by block in double precision and constant
 * memory. Throws AnsatzError (usage) for more than 2^25 of them.
 */
export async function exactLogZ<P extends EnergyParameters>(
  model: EnergyModel<P>,
  parameters: P,
  options: ExactOptions = {},
): Promise<number> {
  let [largest, sum] = [Number.NEGATIVE_INFINITY, 0];
  await throughStates(model, parameters, options, (logs) => {
    const top = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (top > largest) {
      sum *= Math.exp(largest - top);
      largest = top;
    }
    for (const l of logs) sum += Math.exp(l - largest);
  });
  return largest + Math.log(sum);
}

/**
 * `count` independent rows of a model, drawn exactly through the states of its smaller side: as a model takes them, `f32` or
 * `i32`. Throws AnsatzError (usage) for more than 2^20 states.
 */
export async function exactRows<P extends EnergyParameters>(
  model: EnergyModel<P>,
  parameters: P,
  count: number,
  { key, ...options }: ExactOptions & { readonly key: Key },
): Promise<NDArray<DType>> {
  const terms = termsOf(model);
  if (terms === undefined || terms > mostDrawn)
    throw usageError(`${model.family}: exact rows need a side of at most ${mostDrawn} states`);
  const logs = new Float64Array(terms);
  await throughStates(model, parameters, options, (some, start) => {
    logs.set(some, start);
  });
  const top = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let total = 0;
  const cumulated = logs.map((l) => {
    total += Math.exp(l - top);
    return total;
  });
  const { units, states, draw } = model.enumeration as Enumeration<P>;
  const chosen = uniform(key.fold(0), count, "f64").map((u) => placeOf(cumulated, u * total));
  const side = new Int32Array(count * units);
  chosen.forEach((state, row) => {
    side.set(sideStates(units, states, state, state + 1).data, row * units);
  });
  const f = (noise: SymbolicKey, s: Tensor) => draw(freeze(parameters), s, noise);
  const program = await Program.compile(trace(f, [KEY, new Spec([count, units], "i32")]), options);
  const [x] = await program.run([ndarray("i32", [count, units], side)], { keys: [key.fold(1)] });
  await program.release();
  return x as NDArray<DType>;
}

/** Goes through all states of the smaller side: `take` is given the logarithms of a block of terms and its first state. */
async function throughStates<P extends EnergyParameters>(
  model: EnergyModel<P>,
  parameters: P,
  { onProgress, signal, ...engine }: ExactOptions,
  take: (logs: Float64Array, start: number) => void,
): Promise<void> {
  const { enumeration, family, space } = model;
  const terms = termsOf(model);
  if (!enumeration || terms === undefined)
    throw usageError(`${family}: log Z has more than ${mostTerms} terms; bracket it instead`);
  const { units, states } = enumeration;
  // Blocks whose intermediate results stay in the processor's caches.
  const block = Math.min(terms, 2 ** Math.max(5, 17 - Math.ceil(Math.log2(sites(space) + units))));
  const doubles = mapTree(parameters, isArray, ({ shape, data }) => constant(arrayFrom("f64", shape, data)));
  const f = (side: Tensor) => enumeration.logWeight(doubles as Symbolic<P>, side);
  const program = await Program.compile(trace(f, [new Spec([-1, units], "i32")]), engine);
  try {
    for (let start = 0; start < terms; start += block) {
      stopIfAborted(signal, "the sum over all states was interrupted");
      const [logs] = await program.run([sideStates(units, states, start, Math.min(start + block, terms))]);
      take((logs as NDArray<"f64">).data, start);
      onProgress?.(Math.min(start + block, terms), terms);
    }
  } finally {
    await program.release();
  }
}

/** The first index with a cumulated sum that exceeds `value`. */
function placeOf(cumulated: Float64Array, value: number): number {
  let [low, high] = [0, cumulated.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulated[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
