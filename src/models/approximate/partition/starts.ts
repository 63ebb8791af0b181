import { type DType, type NDArray, takeRows } from "../../../array.ts";
import { usageError } from "../../../error.ts";
import type { Key } from "../../../random/key.ts";
import { permutation } from "../../../random/permutation.ts";
import { uniform } from "../../../random/uniform.ts";
import { logMeanExp, rHat } from "../../../stats/index.ts";
import { modelRows } from "../../arrays.ts";
import type { EnergyModel, EnergyParameters } from "../../contract.ts";
import type { Annealing } from "../along-path.ts";
import { ChainProgram, type ChainTrace } from "../chains.ts";
import type { Bracketing, LogZBracket } from "./bracketing.ts";
import { exactRows } from "./exact.ts";

/** Sweeps that chains run at least before they are taken for the model's. */
const LEAST_SWEEPS = 20;
/** Sweeps of a chain that R̂ is taken of, at most. */
const MOST_KEPT = 250;

/**
 * Returns rows from which the reverse path starts: exact draws or given rows if requested; otherwise the ends
 * of the forward path, chosen by weight, after `sweeps` further sweeps at the model. If there is data,
 * equally many chains run from its rows, and R̂ over both shows whether they come to agree. If not, the path
 * does not reach a part of the model, or chains do not leave it.
 */
export async function startsOf<P extends EnergyParameters>(
  run: Bracketing<P>,
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
    if (rows < 1) throw usageError("a bracket of log Z: no rows were given");
    const x = takeRows(
      options.given,
      Uint32Array.from({ length: chains }, (_, c) => c % rows),
    );
    return { start: "given", x };
  }
  const program = await ChainProgram.compile(model, parameters, { chains, ...engine });
  try {
    const steady = new Float32Array(Math.max(sweeps, LEAST_SWEEPS)).fill(1);
    const ends = takeRows(forward.x, resampled(forward.logWeights, key.fold(0)));
    const own = await program.run(ends, steady, key.fold(1), { every: watch });
    const series = settled(own);
    if (options.data) {
      const beside = dataRows(model, options.data, chains, key.fold(2));
      const every = (done: number) => watch(steady.length + done);
      series.push(...settled(await program.run(beside, steady, key.fold(3), { every })));
    }
    return { start: "chains", x: own.x, rHat: rHat(series).value };
  } finally {
    await program.release();
  }
}

/** Log-weights of each chain in the second half of its sweeps; in the first half it forgets its start. */
function settled({ logWeight }: ChainTrace): Float64Array[] {
  const half = logWeight.slice(logWeight.length >> 1);
  const every = Math.ceil(half.length / MOST_KEPT);
  const kept = half.filter((_, i) => i % every === 0);
  return Array.from(half[0] ?? [], (_, c) => Float64Array.from(kept, (logs) => logs[c] as number));
}

/** Random rows of data as a model takes them, one a chain: different ones while there are enough. */
export function dataRows<P extends EnergyParameters>(
  model: EnergyModel<P>,
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
