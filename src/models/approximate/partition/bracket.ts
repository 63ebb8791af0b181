import type { NDArray } from "../../../array.ts";
import { sites } from "../../../data/space.ts";
import { stopIfAborted, usageError } from "../../../error.ts";
import type { Key } from "../../../random/key.ts";
import { keyOf } from "../../../random/seed.ts";
import { difference, type Estimate, independentMean, logMeanExp } from "../../../stats/index.ts";
import { requireRows } from "../../arrays.ts";
import type { EnergyModel, EnergyParameters } from "../../contract.ts";
import type { Annealing } from "../along-path.ts";
import { AnnealProgram } from "./anneal.ts";
import type { Bracketing, BracketOptions, LogZBracket, LogZSide } from "./bracketing.ts";
import { adaptedTemperatures, evenTemperatures } from "./schedule.ts";
import { dataRows, startsOf } from "./starts.ts";
import { bracketWarnings } from "./warnings.ts";

const FIRST_TEMPERATURES = 500;
const LAST_TEMPERATURES = 16_000;
/** Most bytes of all chains together. */
const MOST_BYTES = 2 ** 31;
/** Bytes of a chain: its sites a few times over, and its log-weights of up to 64 pieces of the path and their sums. */
const chainBytes = (size: number) => 32 * size + 1024;
/** Most points of the path: its work is in proportion. */
const MOST_TEMPERATURES = 10_000_000;
/** Standard errors of a two-sided interval of 95 %. */
const TWO_SIDED = 1.96;

/**
 * Brackets log Z of a model by annealed importance sampling (Neal 2001; Salakhutdinov & Murray 2008). The
 * lower side comes from chains that run from independent sites with the marginals of the data to the model:
 * their mean weight is an unbiased estimate of Z, so its logarithm is below log Z on average. The upper side
 * comes from chains that run back from the model; it is above log Z by the same argument if they start from
 * exact draws of the model. Otherwise they start from chains that were run at the model, and the upper side
 * is approximate: R̂ and `raise` show how far to trust it. Points of the path are placed by pilot runs.
 *
 * Throws AnsatzError (usage) for options out of range.
 */
export async function bracketLogZ<P extends EnergyParameters>(
  model: EnergyModel<P>,
  parameters: P,
  options: BracketOptions = {},
): Promise<LogZBracket> {
  const { chains = 100, temperatures, tolerance = 0.2, data } = options;
  const key = keyOf(options);
  const mostChains = Math.floor(MOST_BYTES / chainBytes(sites(model.space)));
  for (const [name, value, least, most] of [
    ["chains", chains, 2, mostChains],
    ["temperatures", temperatures ?? 1, 1, MOST_TEMPERATURES],
  ] as const) {
    if (!Number.isInteger(value) || value < least)
      throw usageError(`a bracket of log Z: ${name} is a whole number of at least ${least}, not ${value}`);
    if (value > most)
      throw usageError(`a bracket of log Z: ${value} ${name} are too many; give at most ${most}`);
  }
  if (!(tolerance > 0)) throw usageError(`a bracket of log Z: tolerance is positive, not ${tolerance}`);
  if (data) requireRows(model.space, data);
  const engine = options.threads === undefined ? {} : { threads: options.threads };
  const program = await AnnealProgram.compile(model, parameters, { chains, ...engine });
  const run: Bracketing<P> = { model, parameters, program, engine, options };
  try {
    let count = temperatures ?? FIRST_TEMPERATURES;
    const pilot = await upwards(run, evenTemperatures(Math.max(16, Math.ceil(count / 10))), key.fold(0));
    let points = adaptedTemperatures(pilot, Math.max(16, Math.ceil(count / 5)));
    let previous = await upwards(run, points, key.fold(1));
    for (let stage = 2; ; stage++) {
      points = adaptedTemperatures(previous, count);
      const { bracket, forward } = await once(run, points, key.fold(stage));
      const [low, high] = bracket.interval;
      const enough = temperatures !== undefined || high - low <= tolerance || 2 * count > LAST_TEMPERATURES;
      if (enough) return bracket;
      previous = forward;
      count *= 2;
    }
  } finally {
    await program.release();
  }
}

/**
 * Reports progress of a part of the work that follows `before` of `total` units; reports nothing for 0 units,
 * as in pilot runs.
 */
function watcher({ onProgress, signal }: BracketOptions, before: number, total: number) {
  return (done: number) => {
    stopIfAborted(signal, "the bracket of log Z was interrupted");
    if (total > 0) onProgress?.(before + done, total);
  };
}

/** A pilot run. */
async function upwards<P extends EnergyParameters>(
  { program, options }: Bracketing<P>,
  points: Float32Array,
  key: Key,
): Promise<Annealing> {
  return program.run(await program.begin(key.fold(0)), points, key.fold(1), watcher(options, 0, 0));
}

/** Both sides along given points. */
async function once<P extends EnergyParameters>(
  run: Bracketing<P>,
  points: Float32Array,
  key: Key,
): Promise<{ bracket: LogZBracket; forward: Annealing }> {
  const { program, options } = run;
  const { chains } = program;
  const count = points.length - 1;
  const parts = options.data ? 5 : 3;
  const watch = (part: number) => watcher(options, part * count, parts * count);
  const forward = await program.run(await program.begin(key.fold(0)), points, key.fold(1), watch(0));
  const { start, x, rHat: agreement } = await startsOf(run, forward, count, key.fold(2), watch(1));
  // The first step stays at the model: it is a sweep there, which RAISE begins with.
  const down = Float32Array.from([1, ...points.slice().reverse()]);
  const backward = await program.run(x, down, key.fold(3), watch(parts - (options.data ? 2 : 1)));
  const lower = logMeanExp(forward.logWeights);
  const back = logMeanExp(backward.logWeights);
  const side = (value: number, { error, effectiveSampleSize: ess }: typeof back): LogZSide => ({
    value,
    error,
    ess,
  });
  const sides = { lower: side(lower.value, lower), upper: side(0 - back.value, back) };
  const [up, fell] = [independentMean(forward.logWeights), independentMean(backward.logWeights)];
  const integration = { value: (up.value - fell.value) / 2, error: Math.hypot(up.error, fell.error) / 2 };
  const raise = options.data && (await raised(run, options.data, down, key.fold(4), watch(parts - 1)));
  const { value, error } = difference(sides.upper, sides.lower);
  const ends = [
    sides.lower.value - TWO_SIDED * sides.lower.error,
    sides.upper.value + TWO_SIDED * sides.upper.error,
  ];
  const bracket = {
    ...sides,
    gap: { value, error },
    interval: [Math.min(...ends), Math.max(...ends)] as const,
    integration,
    ...(raise && { raise }),
    start,
    ...(agreement !== undefined && { rHat: agreement }),
    chains,
    temperatures: count,
  };
  return { bracket: { ...bracket, warnings: bracketWarnings(bracket) }, forward };
}

/** log Z from rows of data, each by one chain: −log of its weight on the reverse path. */
async function raised<P extends EnergyParameters>(
  { model, program }: Bracketing<P>,
  data: NDArray,
  down: Float32Array,
  key: Key,
  watch: (done: number) => void,
): Promise<Estimate> {
  const x = dataRows(model, data, program.chains, key.fold(0));
  const { logWeights } = await program.run(x, down, key.fold(1), watch);
  return independentMean(logWeights.map((w) => 0 - w));
}
