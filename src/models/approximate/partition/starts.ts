import { type DType, type NDArray, sizeOf } from "../../../array.ts";
import { takeRows } from "../../../data/dataset.ts";
import { usageError } from "../../../error.ts";
import type { Key } from "../../../random/key.ts";
import { permutation } from "../../../random/permutation.ts";
import { uniform } from "../../../random/uniform.ts";
import { logMeanExp, rHat } from "../../../stats/index.ts";
import { modelRows } from "../../arrays.ts";
import type { ApproximateModel, EnergyParameters } from "../../contract.ts";
import { ChainProgram } from "../chains.ts";
import type { Annealing } from "./anneal.ts";
import type { LogZBracket, Run } from "./bracket.ts";
import { exactRows } from "./exact.ts";

/** Sweeps that chains run at least before they are taken for the model's. */
const LEAST_SWEEPS = 20;

/**
 * Rows to start the way back from: exact draws or given rows where asked for. Otherwise chains run for `sweeps` sweeps at
 * the model, one half from where the way up ended, chosen by weight, and one from rows of data where there are any: where
 * the two do not come to agree, R̂ tells.
 */
export async function startsOf<P extends EnergyParameters>(
  run: Run<P>,
  forward: Annealing,
  sweeps: number,
  key: Key,
  watch: (done: number) => void,
): Promise<{ start: LogZBracket["start"]; x: NDArray<DType>; rHat?: number }> {
  const { model, parameters, engine, options } = run;
  const chains = forward.logWeights.length;
  if (options.exactStart) {
    const x = await exactRows(model, parameters, chains, { key, ...engine, signal: options.signal });
    return { start: "exact", x };
  }
  if (options.given) {
    const rows = options.given.shape[0] as number;
    if (rows < 1) throw usageError("a bracket of log Z: the rows given are none");
    const x = takeRows(
      options.given,
      Uint32Array.from({ length: chains }, (_, c) => c % rows),
    );
    return { start: "given", x };
  }
  const ends = takeRows(forward.x, resampled(forward.logWeights, key.fold(0)));
  const x = options.data ? mixed(ends, dataRows(model, options.data, chains, key.fold(1))) : ends;
  const program = await ChainProgram.compile(model, parameters, { chains, ...engine });
  try {
    const steady = new Float32Array(Math.max(sweeps, LEAST_SWEEPS)).fill(1);
    const trace = await program.run(x, steady, key.fold(2), { every: watch });
    // The second half: the first one is for the chains to forget where they started.
    const half = trace.logWeight.slice(Math.floor(steady.length / 2));
    const series = Array.from({ length: chains }, (_, c) => half.map((logs) => logs[c] as number));
    return { start: "chains", x: trace.x, rHat: rHat(series).value };
  } finally {
    await program.release();
  }
}

/** Random rows of data as a model takes them, one a chain: different ones while there are enough. */
export function dataRows<P extends EnergyParameters>(
  model: ApproximateModel<P>,
  data: NDArray,
  chains: number,
  key: Key,
): NDArray<DType> {
  const rows = data.shape[0] as number;
  const order = permutation(key, rows);
  const some = takeRows(
    data,
    Uint32Array.from({ length: chains }, (_, c) => order[c % rows] as number),
  );
  return modelRows(model.space, some, 0, chains);
}

/** Even rows of one batch and odd rows of another. */
function mixed(even: NDArray<DType>, odd: NDArray<DType>): NDArray<DType> {
  const rows = even.shape[0] as number;
  const both = takeRows(
    even,
    Uint32Array.from({ length: rows }, (_, i) => i),
  );
  const width = sizeOf(even.shape.slice(1));
  for (let i = 0; i < both.data.length; i++)
    if (Math.floor(i / width) % 2 === 1) both.data[i] = odd.data[i] as never;
  return both;
}

/** Places of rows, each as often as its weight has it, by one uniform number (systematic resampling). */
function resampled(logWeights: Float64Array, key: Key): Uint32Array {
  const n = logWeights.length;
  const { value } = logMeanExp(logWeights);
  const u = uniform(key, 1, "f64")[0] as number;
  const places = new Uint32Array(n);
  let [place, sum] = [0, Math.exp((logWeights[0] as number) - value)];
  for (let i = 0; i < n; i++) {
    while (i + u > sum && place < n - 1) sum += Math.exp((logWeights[++place] as number) - value);
    places[i] = place;
  }
  return places;
}
