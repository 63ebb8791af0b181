import type { Dataset } from "../data/dataset.ts";
import { spaceText } from "../data/table.ts";
import type { AnyFitted } from "../models/fitted/fitted.ts";
import { refuseUnknown } from "../nearest.ts";
import { ofParameters } from "../systems/index.ts";
import { dataFacts, type FactsByTitle, factsOf } from "./facts.ts";
import { familyText } from "./family-text.ts";
import { type FitSubject, fitSubject, type SubjectOptions } from "./fit-subject.ts";
import { scoreSentence } from "./score-rows.ts";
import { type LookOptions, lookThrough, type Panel, type Study, warningText } from "./study.ts";
import { titleOn } from "./system-text.ts";

/** Options of {@link studyFit}. */
export interface StudyFitOptions extends SubjectOptions, LookOptions {
  /**
   * Facts by title. `Model`, `Training` and `Data` replace those that follow from model, events and dataset.
   */
  readonly facts?: FactsByTitle | undefined;
  /** The panels to look through (default `fitPanels`); `[...fitPanels, own]` adds one. */
  readonly panels?: readonly Panel<FitSubject>[] | undefined;
}

/** Names of all options: a misspelt one is refused. */
const optionNames = Object.keys({
  ...{ part: 0, system: 0, rows: 0, samples: 0, seed: 0, events: 0, replicas: 0 },
  ...{ facts: 0, panels: 0, signal: 0, onProgress: 0 },
} satisfies Record<keyof StudyFitOptions, 0>);

/**
 * Studies a fitted model of any kind on a dataset: the honest number of its kind, observables of its samples
 * next to their references, and figures. The same in Node and in a browser. Throws as `score` and the model's
 * sampler do, AnsatzError (usage) for an unknown option, and AnsatzError (interrupted) once `signal` is
 * aborted. `page` makes an HTML page of it.
 */
export async function studyFit(
  fitted: AnyFitted,
  dataset: Dataset,
  options: StudyFitOptions = {},
): Promise<Study> {
  refuseUnknown("studyFit", options, optionNames);
  const { facts = {}, panels: asked, signal, onProgress, ...own } = options;
  // Libraries that draw are loaded when something is drawn: a program that fits starts without them.
  const { fitPanels, unsampledPanels } = await import("./panels/index.ts");
  const unsampled = fitted.model.kind === "implicit" ? fitted.model.unsampled : undefined;
  const panels = asked ?? (unsampled === undefined ? fitPanels : unsampledPanels);
  const subject = fitSubject(fitted, dataset, own);
  const at = { signal, onProgress };
  const { numbers, figures, warnings, notes, document } = await lookThrough(panels, subject, at);
  // Without samples there is nothing to score.
  const score = unsampled === undefined ? await subject.score(at) : undefined;
  const system = options.system ? ofParameters(options.system) : dataset.meta?.system;
  const { family, space, context } = fitted.model;
  const rows = context ? `${subject.rows}, given their contexts` : subject.rows;
  return {
    title: system ? titleOn(family, system) : `${familyText(family)} on ${spaceText(space)}`,
    summary: `${score ? scoreSentence(score, rows) : `${unsampled?.[0]?.toUpperCase()}${unsampled?.slice(1)}.`}${warningText(warnings)}`,
    numbers,
    numbersNote: noteOf(
      score !== undefined && "kl" in score && score.kl !== undefined,
      numbers.some(({ reference }) => reference),
    ),
    ...{ figures, warnings, notes, document },
    facts: {
      ...factsOf(fitted, subject.events, dataFacts(dataset), facts),
      ...(notes.length > 0 && { Report: { notes: notes.join("; ") } }),
    },
  };
}

function noteOf(hasKl: boolean, hasReference: boolean): string | undefined {
  if (!hasKl && !hasReference) return undefined;
  const sigma =
    "σ counts standard errors: many mean that a difference can be detected, not that it is large.";
  return hasKl ? `${sigma} KL is 0 for a perfect model.` : sigma;
}
