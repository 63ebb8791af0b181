export { tomographyPanels } from "./panels.ts";
export { type StudyTomographyOptions, studyTomography } from "./study-tomography.ts";
export {
  type DensityFit,
  type NamedState,
  type TomographyParts,
  type TomographySubject,
  tomographySubject,
} from "./subject.ts";
