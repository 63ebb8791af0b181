import * as z from "zod";
import { activationNames } from "../../../../nn/activation.ts";
import { padding } from "./padding.ts";

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
  /** Networks of both ends; `auto` is dense for fewer than 1,024 sites and convolutional for larger images (default `auto`). */
  network: z
    .enum(["auto", "dense", "convolutional"])
    .default("auto")
    .describe(
      "networks of both ends; auto: dense below 1,024 sites, convolutional for larger images and lattices",
    ),
  /** Units of each hidden layer of the encoder, and in reverse of the decoder; 0 for linear maps (default [400, 400]). */
  hidden: widths
    .default([400, 400])
    .describe("units of each hidden layer of the encoder, and in reverse of the decoder; 0: linear maps"),
  /** Channels after each convolution, which halves even sides (default [32, 64]). */
  channels: z
    .union([z.number(), z.array(z.number())], {
      error: "give the channels of a convolution such as 32, or of several: 32,64",
    })
    .transform((value) => (typeof value === "number" ? [value] : value))
    .pipe(z.array(z.int().min(1).max(65_536)).min(1).max(8))
    .default([32, 64])
    .describe("channels after each convolution; each halves the sides that are even"),
  /** Side of the windows of convolutions, an odd number (default 3). */
  kernel: z
    .int()
    .min(1)
    .max(31)
    .refine((size) => size % 2 === 1, "is an odd number, such as 3")
    .default(3)
    .describe("side of the windows of convolutions, odd"),
  /** Beyond the edges: zeros, or the other side of a periodic lattice; `auto` is zeros, and in commands periodic for rows of a known periodic system (default `auto`). */
  padding: padding.describe(
    "values beyond the edges: zeros, or the opposite side of a periodic lattice; auto: periodic for rows of a known periodic system",
  ),
  /** Activation of the hidden units (default `silu`). */
  activation: z.enum(activationNames).default("silu").describe("activation of the hidden units"),
} as const;
