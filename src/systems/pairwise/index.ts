export { type Couplings, checkCouplings, couplingsOf, pairwiseEnergy } from "./couplings.ts";
export { enumerablePairwiseSites, enumeratePairwise } from "./enumerate.ts";
export {
  type Hopfield,
  type HopfieldParameters,
  hebbianCouplings,
  hopfield,
  hopfieldPatterns,
} from "./hopfield.ts";
export { bondsOf, type CouplingsParameters, couplings } from "./own.ts";
export { type SkParameters, sk, skCouplings } from "./sk.ts";
export { type Pairwise, type PairwiseOptions, pairwiseSystem, temperingAlgorithms } from "./system.ts";
export { tempering } from "./tempering.ts";
