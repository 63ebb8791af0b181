import { sizeOf } from "../../../../array.ts";
import type { Network } from "../../../approximate/latent/networks/network.ts";
import type { Rows } from "../rows/rows.ts";
import type { ConvolutionalOptions } from "./convolutional.ts";
import { convolutionalDiscriminator, convolutionalGenerator } from "./convolutional.ts";
import { type DensePlayers, denseDiscriminator, denseGenerator } from "./dense.ts";
import type { Generator } from "./generator.ts";

/** What both players are built from. */
export interface PlayerOptions extends DensePlayers, ConvolutionalOptions {
  readonly network: "auto" | "dense" | "convolutional";
  /** Numbers of a code for the row as a whole. */
  readonly latent: number;
  /** Whether places have noise of their own. */
  readonly noise: "auto" | "code" | "places";
}

/** Sites from which on images and lattices are convolved. */
const MANY = 256;

/** Both players of rows. */
export function playersOf(
  options: PlayerOptions,
  { features, outputs }: Pick<Rows, "features" | "outputs">,
): { readonly generator: Generator; readonly discriminator: Network } {
  if (networkOf(options) === "dense")
    return {
      generator: denseGenerator(options, options.latent, outputs),
      discriminator: denseDiscriminator(options, features),
    };
  const noise = options.noise === "auto" ? options.padding === "periodic" : options.noise === "places";
  return {
    generator: convolutionalGenerator(options, options.latent, outputs, noise),
    discriminator: convolutionalDiscriminator(options, features) as Network,
  };
}

/** The kind of network that is taken. */
export function networkOf({
  network,
  shape,
}: Pick<PlayerOptions, "network" | "shape">): "dense" | "convolutional" {
  if (network !== "auto") return network;
  return (shape.length === 2 || shape.length === 3) &&
    sizeOf(shape) >= MANY &&
    Math.min(...shape.slice(0, 2)) >= 4
    ? "convolutional"
    : "dense";
}
