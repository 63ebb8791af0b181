import { densityEstimation } from "./debd.ts";

/** dna: 180 sites, 1,600 training rows: so few that links between sites are all one can learn, and those with care. */
export const dna = densityEstimation({
  name: "dna",
  hyperparameters: { hidden: 1, inputDropout: 0.2 },
  options: { epochs: 200, patience: 40, lr: 0.01, weightDecay: 0.001 },
  bar: { atLeast: -82.5 },
});
