import { specsOf } from "../models/arrays.ts";
import type { Objective, Parameters, State, Symbolic } from "../models/contract.ts";
import { KEY, trace } from "../runtime/trace.ts";
import { workOf } from "../runtime/work.ts";
import { type SymbolicKey, scalar, type Tensor } from "../tensor/index.ts";
import type { Course } from "./course.ts";
import { hasGradient, updatesOf } from "./memory.ts";
import { inputSpecs, noRows, stateSpecs } from "./player-setup.ts";
import { updateGraph } from "./update.ts";

/**
 * Returns the number of operations of one step of a course over all players; see `workOf`. Closed players
 * have no graph to count and add 0.
 */
export function workOfStep<P extends Parameters>({
  initial,
  model,
  objective,
  source,
  batch,
}: Pick<Course<P>, "initial" | "model" | "objective" | "source" | "batch">): number {
  const { players, state = {}, knobs } = objective as Objective<P>;
  const { x, context } = inputSpecs({ source, batch, knobs: [] });
  // Their number counts, not their values.
  const scalars = Object.fromEntries(Object.keys(knobs?.(0) ?? {}).map((name) => [name, scalar(1)]));
  return players.filter(hasGradient).reduce((sum, player) => {
    const f = (parameters: Symbolic<P>, carried: State, key: SymbolicKey, rows?: Tensor, given?: Tensor) => {
      const at = { parameters, state: carried, key, x: rows ?? noRows(), context: given, knobs: scalars };
      const {
        loss,
        gradient,
        rows: byRows,
        state: moved,
      } = updateGraph({ player, family: model.family }, at, model.sparse ?? []);
      return [loss, [...gradient.values()], moved, Object.values(byRows).map((own) => own.rows)];
    };
    const traced = trace(f, [specsOf(initial), stateSpecs({ state }), KEY, x, context] as const);
    return sum + updatesOf(player) * workOf(traced.outputs.map(({ tensor }) => tensor));
  }, 0);
}
