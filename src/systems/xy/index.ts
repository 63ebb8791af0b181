export { defaultXyAlgorithm, type XyAlgorithm, xyAlgorithms } from "./algorithms.ts";
export { vortexDensity, xyEnergy } from "./energy.ts";
export { exactXyRing } from "./exact.ts";
export { type Xy, type XyParameters, xy } from "./xy.ts";
