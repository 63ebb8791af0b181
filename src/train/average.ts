import { ndarray } from "../array.ts";
import { usageError } from "../error.ts";
import { isArray } from "../models/arrays.ts";
import type { Objective, Parameters } from "../models/contract.ts";
import { averageInto } from "../optim/index.ts";
import { leavesWithPaths, mapTree } from "../tensor/tree.ts";

const COUNT = "average.steps";
const nameOf = (path: string) => `average.${path}`;

/** Early on the average is over the last of this many parts of the steps, which a short training forgets its start by. */
const RAMP = 10;

/**
 * An objective whose kept parameters are a slow average of those it trains: ā ← ā + max(1 − keep, 10/(t + 9))(θ − ā) after step t,
 * over about the last tenth of the steps at first and the last 1/(1 − keep) from then on (Polyak & Juditsky, SIAM J. Control
 * Optim. 30 (1992) 838). Training itself does not see it. Throws AnsatzError (usage) for state or parameters that its own would replace.
 */
export function averaged<P extends Parameters>(
  objective: Objective<P>,
  initial: P,
  keep: number,
): Objective<P> {
  const arrays = leavesWithPaths(initial, isArray);
  const own = Object.fromEntries(arrays.map(([path, { shape }]) => [nameOf(path), ndarray("f32", shape)]));
  const taken = Object.keys(objective.state ?? {}).find((name) => name === COUNT || name in own);
  if (taken !== undefined || COUNT in own)
    throw usageError(
      `the average of parameters keeps '${taken ?? COUNT}' itself; ` +
        (taken ? "rename the objective's state" : "rename the parameter 'steps'"),
    );
  return {
    ...objective,
    state: { ...objective.state, ...own, [COUNT]: ndarray("i32", [1]) },
    after(parameters, state) {
      objective.after?.(parameters, state);
      const steps = state[COUNT]?.data as Int32Array;
      const t = (steps[0] as number) + 1;
      steps[0] = t;
      for (const [path, { data }] of leavesWithPaths(parameters, isArray))
        averageInto(
          state[nameOf(path)]?.data as Float32Array,
          data,
          Math.max(1 - keep, RAMP / (t + RAMP - 1)),
        );
    },
    // What the objective keeps of parameters, such as a projection, it keeps of their average.
    settle(parameters, state) {
      // Before the first step there is nothing to average.
      if (state[COUNT]?.data[0] === 0) return objective.settle?.(parameters, state) ?? parameters;
      const average = mapTree(parameters, isArray, ({ shape }, path) =>
        ndarray("f32", shape, state[nameOf(path)]?.data as Float32Array),
      ) as P;
      return objective.settle?.(average, state) ?? average;
    },
  };
}
