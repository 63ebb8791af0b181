import { densityEstimation } from "./debd.ts";

/** plants: 69 sites, 17,412 training rows. */
export const plants = densityEstimation({
  name: "plants",
  hyperparameters: { hidden: 512 },
  options: { schedule: "cosine", epochs: 60 },
  bar: { atLeast: -12.4 },
});
