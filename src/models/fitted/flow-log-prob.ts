import type { NDArray } from "../../array.ts";
import { stopIfAborted, usageError } from "../../error.ts";
import { keyOf, type SeedOrKey } from "../../random/seed.ts";
import { Program } from "../../runtime/program.ts";
import { modelRows, requireStates } from "../arrays.ts";
import { contextFloats } from "../context.ts";
import type { Parameters } from "../contract.ts";
import { traceFlowLogProb } from "../flow-time-graphs.ts";
import type { FittedBounded } from "./bounded.ts";
import { FittedExact } from "./exact.ts";
import { contextRows, rowsAtOnce } from "./handle.ts";

/** Options of {@link flowLogProb}. */
export interface FlowLogProbOptions extends SeedOrKey {
  /** Steps from data to noise (default: the model's own). */
  readonly steps?: number | undefined;
  /** `[rows, ...]`, rows of the model's context space. */
  readonly context?: NDArray | undefined;
  /** Rows done, and all of them. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops between runs of the graph with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns log P of each row by the equation of a flow in time, nats: an estimate, with an error that halving
 * the steps shows. With an estimated divergence it also has noise, of mean zero. Throws AnsatzError (input)
 * for rows of another shape, (usage) for a model that is no flow in time or needs a context that is not
 * given.
 */
export async function flowLogProb<P extends Parameters>(
  { model, parameters, engine }: Pick<FittedBounded<P>, "model" | "parameters" | "engine">,
  x: NDArray,
  { steps, context: given, onProgress, signal, ...from }: FlowLogProbOptions = {},
): Promise<Float64Array> {
  const { flowTime, family, space } = model;
  if (!flowTime) throw usageError(`a ${family} is no flow in time, so there is no equation of log P`);
  requireStates(space, x);
  const rows = x.shape[0] as number;
  const context = contextFloats(model, given, rows);
  const program = await Program.compile(
    traceFlowLogProb({ ...model, flowTime }, parameters, steps ?? flowTime.steps),
    engine,
  );
  const key = keyOf(from);
  const chunk = rowsAtOnce(space);
  const out = new Float64Array(rows);
  try {
    for (let start = 0; start < rows; start += chunk) {
      stopIfAborted(signal, "scoring was interrupted");
      const end = Math.min(start + chunk, rows);
      const inputs = [modelRows(space, x, start, end), ...contextRows(context, start, end)];
      const [logProb] = await program.run(inputs, { keys: [key.fold(start / chunk)], batch: end - start });
      out.set((logProb as NDArray<"f32">).data, start);
      onProgress?.(end, rows);
    }
  } finally {
    await program.release();
  }
  return out;
}

/**
 * Returns the deterministic flow of a model as one with a log-probability of its samples, up to the error of
 * its steps, for reweighting; undefined for models without one, or with only an estimated divergence, since
 * its noise would bias weights.
 */
export function flowAsExact<P extends Parameters>({
  model,
  parameters,
  engine,
}: Pick<FittedBounded<P>, "model" | "parameters" | "engine">): FittedExact<P> | undefined {
  const exact = model.flowTime?.exact;
  return exact && new FittedExact(exact, parameters, engine);
}
