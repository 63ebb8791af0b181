import type { FittedExact } from "../models/fitted/exact.ts";
import { estimateText } from "../report/estimate-text.ts";
import type { System } from "../systems/index.ts";
import { type FactsByTitle, factsOf } from "./facts.ts";
import { type SolveSubject, type SolveSubjectOptions, solveSubject } from "./solve-subject.ts";
import { type LookOptions, lookThrough, type Panel, type Study, warningText } from "./study.ts";
import { systemText, titleOn } from "./system-text.ts";

/** Options of {@link studySolve}. */
export interface StudySolveOptions extends SolveSubjectOptions, LookOptions {
  /**
   * Facts by title. `Model`, `Training` and `Data` replace those that follow from model, events and system.
   */
  readonly facts?: FactsByTitle | undefined;
  /** The panels to look through (default `solvePanels`); `[...solvePanels, own]` adds one. */
  readonly panels?: readonly Panel<SolveSubject>[] | undefined;
}

/**
 * Studies a model solved for a system: log Z with its bound, the thermodynamics and observables, reweighted,
 * next to the exact values if known, and figures. The same in Node and in a browser. Throws as the model's
 * sampler and the system's energy do, and AnsatzError (interrupted) once `signal` is aborted. `page` makes an
 * HTML page of it.
 */
export async function studySolve(
  fitted: FittedExact,
  target: System,
  options: StudySolveOptions = {},
): Promise<Study> {
  const { facts = {}, panels: asked, signal, onProgress, ...own } = options;
  // Libraries that draw are loaded when something is drawn: a program that solves starts without them.
  const panels = asked ?? (await import("./panels/index.ts")).solvePanels;
  const subject = solveSubject(fitted, target, own);
  const at = { signal, onProgress };
  const { numbers, figures, warnings, document } = await lookThrough(panels, subject, at);
  const { free } = await subject.solved(at);
  const { family } = fitted.model;
  const reference = { name: target.name, parameters: target.parameters as Readonly<Record<string, unknown>> };
  const known = target.exact ? ` (exact: ${Number(target.exact.logZ.toPrecision(10))})` : "";
  return {
    title: titleOn(family, reference),
    summary:
      `log Z ≥ ${estimateText(free.logZBound)} by the variational bound, ${estimateText(free.logZ)} by importance ` +
      `sampling with ESS ${estimateText(free.ess)}${known}.${warningText(warnings)}`,
    numbers,
    numbersNote:
      "The bound is below log Z on average, by KL(model‖system). What is reweighted is right while the ESS is not small; " +
      "σ counts standard errors.",
    ...{ figures, warnings, document },
    facts: factsOf(
      fitted,
      subject.events,
      { "learned from": "the energy alone", system: systemText(reference) },
      facts,
    ),
  };
}
