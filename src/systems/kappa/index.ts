export type { Cosmology } from "./cosmology.ts";
export { convergenceSpectrum } from "./limber.ts";
export { type KappaField, kappaField, type MapTransforms, mapTransforms } from "./maps.ts";
export { maskedSpectrum } from "./masked-spectrum.ts";
export {
  type KappaParameters,
  kappaMethods,
  kappaParameters,
  type RangedName,
  rangedNames,
} from "./parameters.ts";
export {
  type KappaMaps,
  type KappaRanges,
  type KappaRequest,
  rangeTexts,
  simulateKappa,
} from "./simulate.ts";
export { type FieldSpectrum, kappaSpectrum, lognormalShift, mapArea } from "./spectrum.ts";
