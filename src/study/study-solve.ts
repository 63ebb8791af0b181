import { describe } from "../data/space.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { estimateText } from "../report/estimate-text.ts";
import type { Facts } from "../report/index.ts";
import type { System } from "../systems/index.ts";
import { solvePanels } from "./panels/index.ts";
import { type SolveSubject, type SolveSubjectOptions, solveSubject } from "./solve-subject.ts";
import { type LookOptions, lookThrough, type Panel, type Study } from "./study.ts";
import { systemText, titleOn } from "./system-text.ts";

/** What {@link studySolve} may be given. */
export interface StudySolveOptions extends SolveSubjectOptions, LookOptions {
  /** Facts beside what model and system say of themselves, by title. */
  readonly facts?: Readonly<Record<string, Facts>> | undefined;
  /** The panels to look through; those of every solve where left out. */
  readonly panels?: readonly Panel<SolveSubject>[] | undefined;
}

/**
 * What a model solved for a system is worth: log Z with its bound, the thermodynamics and observables, reweighted, beside the
 * exact values where they are known, and figures. The same in Node and in a browser. Throws as the model's sampler and the
 * system's energy do.
 */
export async function studySolve(
  fitted: FittedExact,
  target: System,
  options: StudySolveOptions = {},
): Promise<Study> {
  const { facts = {}, panels = solvePanels, signal, onProgress, ...own } = options;
  const subject = solveSubject(fitted, target, own);
  const at = { signal, onProgress };
  const { numbers, figures, warnings, document } = await lookThrough(panels, subject, at);
  const { free } = await subject.solved(at);
  const { family, hyperparameters, space } = fitted.model;
  const reference = { name: target.name, parameters: target.parameters as Readonly<Record<string, unknown>> };
  const known = target.exact ? ` (exact: ${Number(target.exact.logZ.toPrecision(10))})` : "";
  return {
    title: titleOn(family, reference),
    summary:
      `log Z ≥ ${estimateText(free.logZBound)} by the variational bound, ${estimateText(free.logZ)} by importance ` +
      `sampling with ESS ${estimateText(free.ess)}${known}.`,
    numbers,
    numbersNote:
      "The bound is below log Z on average, by KL(model‖system). What is reweighted is right while the ESS is not small; " +
      "σ counts standard errors.",
    ...{ figures, warnings, document },
    facts: {
      Model: { family, space: describe(space), ...hyperparameters },
      // In the order of the facts that are given.
      ...facts,
      Data: facts.Data ?? { "learned from": "the energy alone", system: systemText(reference) },
    },
  };
}
