import { densityEstimation } from "./debd.ts";

/** nltcs: 16 sites, 16,181 training rows; every setting at its default. */
export const nltcs = densityEstimation({
  name: "nltcs",
  hyperparameters: {},
  options: {},
  bar: { atLeast: -6 },
});
