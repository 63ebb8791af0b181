/**
 * Studies: what a result means, as numbers, captioned figures and facts from panels.
 *
 * @module ansatz/study
 */

export { densityPictures } from "./density-pictures.ts";
export type { Explained } from "./explained.ts";
export type { FactsByTitle } from "./facts.ts";
export { type FitSubject, fitSubject, type SubjectOptions, type SubjectSamples } from "./fit-subject.ts";
export { labelOf } from "./labels.ts";
export { fitPanels, solvePanels } from "./panels/index.ts";
export { samplePictures } from "./sample-pictures.ts";
export { scoreRows, scoreSentence, scoreWarnings } from "./score-rows.ts";
export { type Solved, type SolveSubject, type SolveSubjectOptions, solveSubject } from "./solve-subject.ts";
export {
  type Figure,
  type LookOptions,
  lazily,
  lookThrough,
  type Panel,
  type PanelResult,
  type Study,
} from "./study.ts";
export { type ComparedFit, type Comparison, studyComparison } from "./study-comparison.ts";
export { studyExplanation } from "./study-explanation.ts";
export { type StudyFitOptions, studyFit } from "./study-fit.ts";
export { type StudySolveOptions, studySolve } from "./study-solve.ts";
export { type SystemReference, systemText, titleOn } from "./system-text.ts";
export {
  type DensityFit,
  type NamedState,
  type StudyTomographyOptions,
  studyTomography,
  type TomographyParts,
  type TomographySubject,
  tomographyPanels,
  tomographySubject,
} from "./tomography/index.ts";
