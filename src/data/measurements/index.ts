export { informationallyComplete, requireComplete } from "./complete.ts";
export { type Completeness, completenessText, incompleteWarning, missingText } from "./completeness.ts";
export {
  checkConfusion,
  flippedText,
  readConfusion,
  requireContrast,
  uniformConfusion,
} from "./confusion.ts";
export { countTable, type OutcomeCounts, outcomeCounts, shotsOfSettings } from "./counts.ts";
export { measurementFile } from "./data-file.ts";
export { fromDataset, holdsMeasurements, type MeasurementDatasetOptions, toDataset } from "./dataset.ts";
export { type ComplexArray, readAmplitudes, readDensity } from "./formats/amplitudes.ts";
export { type CalibrationCounts, readCalibration } from "./formats/calibration.ts";
export { readDensityNpy } from "./formats/density-npy.ts";
export type { DeclaredOrder, NamedBytes } from "./formats/raw.ts";
export { isShadowText } from "./formats/shadows.ts";
export { writeMeasurements } from "./formats/write.ts";
export { joinMeasurements } from "./join.ts";
export { type MeasurementParts, makeMeasurements } from "./make.ts";
export type { Measurements, Setting } from "./measurements.ts";
export { type MeasurementData, type ReadMeasurementsOptions, readMeasurements } from "./read.ts";
export { mirrored, type QubitOrder, reorder } from "./reorder.ts";
export {
  allPauliNames,
  axesSetting,
  isPauli,
  labelsOf,
  letters,
  pauliSetting,
} from "./setting.ts";
export { heldOutShots, takeShots } from "./split.ts";
