export { type ActivationName, activationNames, activations } from "./activation.ts";
export { glorotInit, uniformInit, zerosInit } from "./init.ts";
export { bernoulliLogProb, categoricalLogProb } from "./likelihood.ts";
