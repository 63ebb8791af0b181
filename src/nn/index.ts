/**
 * Pieces of neural networks as pure functions: activations, initial weights, likelihoods.
 *
 * @module ansatz/nn
 */

export { type ActivationName, activationNames, activations } from "./activation.ts";
export { chunkedDraw, chunkedLogProb, defaultChunk } from "./chunked-softmax.ts";
export { dropout } from "./dropout.ts";
export { glorotInit, uniformInit, zerosInit } from "./init.ts";
export { bernoulliLogProb, categoricalLogProb } from "./likelihood.ts";
export { logUniformStates, sampledSoftmaxLoss } from "./sampled-softmax.ts";
