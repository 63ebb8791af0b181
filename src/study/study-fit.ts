import type { Dataset } from "../data/dataset.ts";
import { describe } from "../data/space.ts";
import type { AnyFitted } from "../models/fitted/fitted.ts";
import type { Facts } from "../report/index.ts";
import { type FitSubject, fitSubject, type SubjectOptions } from "./fit-subject.ts";
import { fitPanels } from "./panels/index.ts";
import { scoreSentence } from "./score-rows.ts";
import { type LookOptions, lookThrough, type Panel, type Study } from "./study.ts";
import { systemText, titleOn } from "./system-text.ts";

/** What {@link studyFit} may be given. */
export interface StudyFitOptions extends SubjectOptions, LookOptions {
  /** Facts beside what model and data say of themselves, by title: how the training went, where the data are. */
  readonly facts?: Readonly<Record<string, Facts>> | undefined;
  /** The panels to look through; those of every fit where left out. */
  readonly panels?: readonly Panel<FitSubject>[] | undefined;
}

/**
 * What a fitted model of any kind is worth on a dataset: the honest number of its kind, observables of its samples beside the
 * right ones, and figures. The same in Node and in a browser. Throws as `score` and the model's sampler do.
 */
export async function studyFit(
  fitted: AnyFitted,
  dataset: Dataset,
  options: StudyFitOptions = {},
): Promise<Study> {
  const { facts = {}, panels = fitPanels, signal, onProgress, ...own } = options;
  const subject = fitSubject(fitted, dataset, own);
  const at = { signal, onProgress };
  const { numbers, figures, warnings, document } = await lookThrough(panels, subject, at);
  const score = await subject.score(at);
  const system = dataset.meta?.system;
  const { family, hyperparameters, space } = fitted.model;
  return {
    title: system ? titleOn(family, system) : `${family.toUpperCase()} on ${describe(space)}`,
    summary: `${scoreSentence(score, subject.rows)}${warnings.map((line) => ` Warning: ${line}.`).join("")}`,
    numbers,
    numbersNote: noteOf(
      "kl" in score && score.kl !== undefined,
      numbers.some(({ reference }) => reference),
    ),
    ...{ figures, warnings, document },
    facts: {
      Model: { family, space: describe(space), ...hyperparameters },
      // In the order of the facts that are given.
      ...facts,
      Data: facts.Data ?? { ...(system && { system: systemText(system) }) },
    },
  };
}

function noteOf(hasKl: boolean, hasReference: boolean): string | undefined {
  if (!hasKl && !hasReference) return undefined;
  const sigma =
    "σ counts standard errors: many mean that a difference can be detected, not that it is large.";
  return hasKl ? `${sigma} KL is 0 for a perfect model.` : sigma;
}
