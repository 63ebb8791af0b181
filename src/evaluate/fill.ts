import { type NDArray, ndarray, sizeOf, takeRows } from "../array.ts";
import type { Partial } from "../data/partial.ts";
import { siteShape } from "../data/space.ts";
import { inputError, stopIfAborted, usageError } from "../error.ts";
import type { Autoregressive } from "../models/contract.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { keyOf, type SeedOrKey } from "../random/seed.ts";
import { uniform } from "../random/uniform.ts";
import { logMeanExp } from "../stats/index.ts";
import { systematic } from "./systematic.ts";

/** Particles a row beyond which fills are refused: resampling compares each with each. */
const mostParticles = 4096;

/** Options of {@link fill}. */
export interface FillOptions extends SeedOrKey {
  /** Completions per row (default 1). */
  readonly completions?: number | undefined;
  /** Least number of particles a row that are drawn to choose them from, where their weights differ; 256. */
  readonly particles?: number | undefined;
  /** Divides the logits of the drawn sites (default 1); allowed only if every row's draws are exact. */
  readonly temperature?: number | undefined;
  /** `[rows, ...]`, rows of the model's context space. */
  readonly context?: NDArray | undefined;
  /** Is called with the rows completed so far and the number of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Completions of configurations with gaps. */
export interface FilledRows {
  /** `[rows, completions, ...sites]`, as datasets store them. */
  readonly x: NDArray;
  /** `[rows, completions]`: weights that sum to 1 in each row. */
  readonly weights: NDArray<"f64">;
  /**
   * Effective sample size of each row's particles, (Σw)²/Σw², as a fraction of them: the least that it was on the way,
   * since resampling makes weights equal but not particles different. 1 for exact draws.
   */
  readonly ess: Float64Array;
  /**
   * log P of the known sites of each row, in nats: exact if the draws are exact, else estimated from the
   * weights.
   */
  readonly logEvidence: Float64Array;
  /** Whether the completions of a row are exact draws of the model: independent, and of equal weight. */
  readonly exact: readonly boolean[];
  /** Particles a row, in the rows that are not exact. */
  readonly particles: number;
}

/** Rows that are completed in one way. */
interface Plan {
  readonly rows: Uint32Array;
  /** A separate order, for models that take any. */
  readonly order?: Uint32Array;
  readonly exact: boolean;
}

/**
 * Completes configurations: draws the unknown sites from P(unknown | known).
 *
 * The draws are exact if the unknown sites come last in the model's order, and for models that take any order
 * (the known sites are then put first), but not if probabilities are averaged over symmetries or orders.
 * Otherwise each row gets weighted particles by sequential importance resampling: unknown sites are drawn,
 * and known sites weight the particle by their probability (Doucet & Johansen 2009). The requested number of
 * completions is then chosen from the particles by systematic resampling; if no more particles were drawn
 * than requested, all are returned with their weights.
 *
 * Throws AnsatzError: usage for a model without conditionals, or a temperature when draws are not exact;
 * input if the known sites of a row have probability 0.
 */
export async function fill(
  fitted: FittedExact,
  partial: Partial,
  options: FillOptions = {},
): Promise<FilledRows> {
  const { autoregressive, family, space } = fitted.model;
  if (!autoregressive) throw usageError(`${family} has no conditionals to draw unknown sites from`);
  const { completions = 1, temperature = 1, context, onProgress, signal } = options;
  const key = keyOf(options);
  const particles = Math.max(completions, options.particles ?? 256);
  const rows = partial.values.shape[0] as number;
  const shape = siteShape(space);
  const width = sizeOf(shape);
  const planned = plans(partial.known, autoregressive);
  if (temperature !== 1 && planned.some((plan) => !plan.exact))
    throw usageError(
      "a temperature is for exact completions alone: the weights of particles are those of the model",
    );
  if (particles > mostParticles && planned.some((plan) => !plan.exact))
    throw usageError(
      `${particles} particles a row are more than the ${mostParticles} that resampling allows`,
    );
  const out = ndarray(partial.values.dtype, [rows, completions, ...shape]);
  const weights = ndarray("f64", [rows, completions]);
  const ess = new Float64Array(rows);
  const logEvidence = new Float64Array(rows);
  const exact = new Array<boolean>(rows).fill(false);
  let done = 0;

  const put = (row: number, slot: number, from: NDArray, at: number, weight: number) => {
    const values = from.data.subarray(at * width, (at + 1) * width) as Float32Array;
    (out.data as Float32Array).set(values, (row * completions + slot) * width);
    weights.data[row * completions + slot] = weight;
  };
  for (const [p, plan] of planned.entries()) {
    const members = plan.order ? 1 : autoregressive.orders.length;
    // Exact completions are draws of their own; the others are particles of one row, which are weighed together.
    const copies = plan.exact ? completions : 1;
    const perCopy = plan.exact ? 1 : Math.ceil(particles / members);
    const perMember = copies * perCopy;
    const block = Math.max(1, Math.floor(2000 / perMember));
    for (let start = 0; start < plan.rows.length; start += block) {
      stopIfAborted(signal, "filling was interrupted");
      const chosen = plan.rows.subarray(start, start + block);
      const drawKey = key.fold(p).fold(start);
      const repeated = Uint32Array.from(
        { length: chosen.length * copies },
        (_, i) => chosen[Math.floor(i / copies)] as number,
      );
      const draws: Awaited<ReturnType<FittedExact["complete"]>>[] = [];
      for (let member = 0; member < members; member++)
        draws.push(
          await fitted.complete(takeRows(partial.values, repeated), takeRows(partial.known, repeated), {
            key: drawKey.fold(member),
            particles: perCopy,
            member,
            ...(temperature !== 1 && { temperature }),
            ...(plan.order && { order: plan.order }),
            ...(context && { context: takeRows(context, repeated) }),
          }),
        );
      const u = uniform(drawKey.fold(members), chosen.length, "f64");
      chosen.forEach((row, i) => {
        const logs = draws.flatMap(({ logWeight }) => [
          ...logWeight.subarray(i * perMember, (i + 1) * perMember),
        ]);
        const evidence = logMeanExp(logs);
        if (evidence.value === Number.NEGATIVE_INFINITY)
          throw inputError(`row ${row}: what is known there has probability 0 in this model`);
        logEvidence[row] = evidence.value;
        const least = draws.map(({ leastEss }) => leastEss[i * perMember] as number);
        ess[row] = Math.min(evidence.effectiveSampleSize, ...least);
        exact[row] = plan.exact;
        const probability = logs.map((l) => Math.exp(l - evidence.value) / logs.length);
        const source = (k: number): [NDArray, number] => {
          const draw = draws[Math.floor(k / perMember)] as (typeof draws)[number];
          return [draw.x, i * perMember + (k % perMember)];
        };
        if (logs.length === completions)
          probability.forEach((weight, k) => {
            put(row, k, ...source(k), weight);
          });
        else
          systematic(probability, completions, u[i] as number).forEach((k, slot) => {
            put(row, slot, ...source(k), 1 / completions);
          });
      });
      done += chosen.length;
      onProgress?.(done, rows);
    }
  }
  return { x: out, weights, ess, logEvidence, exact, particles };
}

/** The plan of each row: rows of one plan are drawn together. */
function plans(known: NDArray<"f32">, { orders, anyOrder, images }: Autoregressive): Plan[] {
  const rows = known.shape[0] as number;
  const width = known.data.length / rows;
  const byPattern = new Map<string, { rows: number[]; order?: Uint32Array; exact: boolean }>();
  for (let row = 0; row < rows; row++) {
    const pattern = known.data.subarray(row * width, (row + 1) * width);
    const isExact = images === 1 && (anyOrder || (orders.length === 1 && comesFirst(pattern, orders[0])));
    const name = anyOrder ? pattern.join("") : String(isExact);
    let plan = byPattern.get(name);
    if (!plan) {
      plan = { rows: [], exact: isExact, ...(anyOrder && { order: knownFirst(pattern) }) };
      byPattern.set(name, plan);
    }
    plan.rows.push(row);
  }
  return [...byPattern.values()].map((plan) => ({ ...plan, rows: Uint32Array.from(plan.rows) }));
}

/** Whether the known sites are the first of an order. */
function comesFirst(known: Float32Array, order: Uint32Array | undefined): boolean {
  const count = known.reduce((sum, k) => sum + k, 0);
  return order?.subarray(0, count).every((site) => known[site] === 1) ?? false;
}

function knownFirst(known: Float32Array): Uint32Array {
  const all = [...known.keys()];
  return Uint32Array.from([...all.filter((i) => known[i] === 1), ...all.filter((i) => known[i] !== 1)]);
}
