import { densityEstimation } from "./debd.ts";

/** nltcs: 16 sites, 16,181 training rows; every hyperparameter at its default. */
export const nltcs = densityEstimation({
  name: "nltcs",
  hyperparameters: {},
  options: { schedule: "cosine" },
  bar: { atLeast: -6 },
});
