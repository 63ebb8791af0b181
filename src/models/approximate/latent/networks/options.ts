import * as z from "zod";
import { activationNames } from "../../../../nn/activation.ts";

/** Units of hidden layers as a list; 0 is none. */
const widths = z
  .union([z.number(), z.array(z.number())], {
    error: "give the units of a layer such as 400, of several: 400,400, or 0 for a linear map",
  })
  .transform((value) => (typeof value === "number" ? [value] : value))
  .transform((value) => (value.length === 1 && value[0] === 0 ? [] : value))
  .pipe(z.array(z.int().min(1).max(1_000_000)).max(16));

/** Hyperparameters of the networks at both ends of a latent model; a family's schema spreads them. */
export const networkHyperparameters = {
  /** Units of each hidden layer of the encoder, and in reverse of the decoder; 0 for linear maps (default [400, 400]). */
  hidden: widths
    .default([400, 400])
    .describe("units of each hidden layer of the encoder, and in reverse of the decoder; 0: linear maps"),
  /** Activation of the hidden units (default `silu`). */
  activation: z.enum(activationNames).default("silu").describe("activation of the hidden units"),
} as const;
