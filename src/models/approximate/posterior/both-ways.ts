import type { NDArray } from "../../../array.ts";
import type { Key } from "../../../random/key.ts";
import { mean } from "../../../stats/index.ts";
import { adaptedTemperatures } from "../partition/schedule.ts";
import type { LatentAnnealing, LatentProgram } from "./program.ts";
import type { Lanes } from "./rows.ts";
import { type Steps, tunedSteps } from "./steps.ts";

/** Least points of a path. */
export const leastPoints = 32;

/** Points of both pilot runs before a path of `count` points. */
export const pilotPoints = (count: number): readonly [number, number] => [
  Math.max(leastPoints, Math.ceil(count / 10)),
  Math.max(leastPoints, Math.ceil(count / 5)),
];

/** A block of rows to anneal. */
export interface Block {
  readonly program: LatentProgram;
  readonly lanes: Lanes;
  /** Chains of each row: this many consecutive lanes belong to it. */
  readonly chains: number;
  readonly key: Key;
  /** Returns the progress callback for work that follows `before` points. */
  readonly every: (before: number) => (done: number) => void;
}

/**
 * Runs chains from the prior to the posterior, and back from `exact` draws of it if there are any, along a
 * path of `count` points. Two pilot runs place the points and tune the steps. Pilots share no noise with the
 * chains that are weighted.
 */
export async function bothWays(
  { program, lanes, chains, every, key }: Block,
  count: number,
  exact: NDArray<"f32"> | undefined,
): Promise<{ up: LatentAnnealing; down?: LatentAnnealing }> {
  const [few, more] = pilotPoints(count);
  const pilot = async (points: Float32Array, steps: Steps, own: Key, before: number) =>
    program.run(await program.begin(lanes, own.fold(0)), lanes, points, steps, own.fold(1), {
      tune: true,
      every: every(before),
    });
  // Dense near the prior, where the likelihood of most z is far below that of the posterior.
  const first = Float32Array.from({ length: few + 1 }, (_, i) => (i / few) ** 3);
  const scout = await pilot(first, program.longest, key.fold(0), 0);
  const points = adaptedTemperatures(withinRows(scout, chains), more);
  const second = await pilot(points, tunedSteps(scout.logSteps, first, chains), key.fold(1), few);
  const steps = tunedSteps(second.logSteps, points, chains);
  const path = adaptedTemperatures(withinRows(second, chains), count);
  const start = await program.begin(lanes, key.fold(2));
  const up = await program.run(start, lanes, path, steps, key.fold(3), { every: every(few + more) });
  if (!exact) return { up };
  // The first step stays at the posterior: it is a move there, which parts the chains of a row.
  const back = Float32Array.from([1, ...path.slice().reverse()]);
  const down = await program.run(exact, lanes, back, steps, key.fold(4), {
    every: every(few + more + count),
  });
  return { up, down };
}

/**
 * The work of each chain minus the mean over the chains of its row; the spread of that mean is independent of
 * the path.
 */
function withinRows({ pieces, edges, steps }: LatentAnnealing, chains: number) {
  if (chains === 1) return { pieces, edges, steps };
  const centred = pieces.map((works) => {
    const own = works.slice();
    for (let start = 0; start < own.length; start += chains) {
      const row = own.subarray(start, start + chains);
      const middle = mean(row);
      row.forEach((w, c) => {
        row[c] = w - middle;
      });
    }
    return own;
  });
  return { pieces: centred, edges, steps };
}
