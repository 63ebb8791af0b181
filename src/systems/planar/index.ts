export { type CheckerboardParameters, checkerboard } from "./checkerboard.ts";
export { type Gaussians8Parameters, gaussians8 } from "./gaussians8.ts";
export {
  type Mixture,
  mixtureEnergyTensor,
  mixtureEntropy,
  mixtureLogDensity,
  mixtureMeans,
} from "./mixture.ts";
export { type MoonsParameters, moons, moonsMixture } from "./moons.ts";
export { type PlanarOptions, planarSystem } from "./system.ts";
