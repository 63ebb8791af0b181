import { usageError } from "../error.ts";
import { checkInteger, checkRange } from "./check.ts";
import { type FlatParameters, regionOf } from "./flat.ts";
import { coalesceRows, type RowGradient, type RowTable, updateRows } from "./rows.ts";
import type { StepOptions, UpdateRule } from "./rule.ts";

/**
 * An optimiser: an update rule and the two ways to step with it. It has no state of its own: the state is in
 * the flat vectors and the step's number, so those are all a checkpoint needs.
 */
export interface Optimiser extends UpdateRule {
  /**
   * Updates `flat.params` and `flat.state` in place from `flat.grads`.
   *
   * @throws AnsatzError (`usage`) for a step number below 1, a learning rate that is negative or not finite, a
   *   `gradScale` that is not finite, or vectors made for another optimiser.
   */
  step(flat: FlatParameters, at: StepOptions): void;
  /**
   * Updates in place only the rows that `gradient` names; momentum and running averages of the other rows rest
   * until their next gradient (lazy Adam). Rows named more than once have their gradients summed first.
   *
   * @throws AnsatzError (`usage`) as `step` does, and for row ids outside the table.
   */
  stepRows(table: RowTable, gradient: RowGradient, at: StepOptions): void;
}

const elementwise = new WeakSet<Optimiser>();

/**
 * Whether an optimiser steps by its rule, element by element, so that steps may run inside a graph by `apply`. One with a `step` of
 * its own, which may look at whole matrices as Muon does, steps by that alone.
 */
export const isElementwise = (optimiser: Optimiser): boolean => elementwise.has(optimiser);

/** Completes an update rule to an optimiser. */
export function defineOptimiser(rule: UpdateRule): Optimiser {
  const check = (at: StepOptions, state: readonly Float32Array[]) => {
    checkRange(`${rule.name}: lr`, at.lr, 0);
    checkInteger(`${rule.name}: step t`, at.t, 1);
    if (at.gradScale !== undefined) checkRange(`${rule.name}: gradScale`, at.gradScale, -Number.MAX_VALUE);
    const { name, stateVectors } = rule;
    if (state.length !== stateVectors.length)
      throw usageError(
        `${name} keeps ${stateVectors.length} state vectors [${stateVectors.join(", ")}]; got ${state.length}`,
      );
  };
  const optimiser: Optimiser = {
    ...rule,
    step(flat, at) {
      check(at, flat.state);
      for (const { start, end, decays } of flat.segments)
        rule.update(flat.kernel, regionOf(flat, start, end), rule.coefficients(at, decays));
    },
    stepRows(table, gradient, at) {
      check(at, table.state);
      updateRows(rule, table, coalesceRows(gradient), rule.coefficients(at, table.decays));
    },
  };
  elementwise.add(optimiser);
  return optimiser;
}
