import { sizeOf } from "../../../../array.ts";
import { zerosInit } from "../../../../nn/init.ts";
import { add, reshape } from "../../../../tensor/index.ts";
import { type ConvolutionalOptions, convolutionalDecoder, convolutionalEncoder } from "./convolutional.ts";
import { dense } from "./dense.ts";
import type { Network, SiteParameters } from "./network.ts";

/** Options of both ends of a latent model. */
export interface EndOptions extends ConvolutionalOptions {
  /** The family, for messages. */
  readonly family: string;
  /** `auto` is dense for fewer than 1,024 sites. */
  readonly network: "auto" | "dense" | "convolutional";
}

/** Sites from which on dense layers cost more than convolutions. */
const MANY = 1024;

/** The kind of network that is taken. */
export function networkOf({
  network,
  shape,
}: Pick<EndOptions, "network" | "shape">): "dense" | "convolutional" {
  if (network !== "auto") return network;
  return sizeOf(shape) >= MANY && (shape.length === 2 || shape.length === 3) ? "convolutional" : "dense";
}

/** The network from what is read of sites, `[batch, sites, features]`, to `[batch, outputs]`. */
export function encoderOf(options: EndOptions, features: number, outputs: number): Network {
  if (networkOf(options) === "convolutional")
    return convolutionalEncoder(options.family, options, features, outputs) as Network;
  const inputs = sizeOf(options.shape) * features;
  const network = dense({ ...options, inputs, outputs });
  return {
    ...network,
    apply: (p, read, context) =>
      network.apply(p as never, reshape(read, [read.shape[0] as number, inputs]), context),
  };
}

/**
 * The network from `[batch, inputs]` to what the likelihood takes of sites, `[batch, sites, outputs]`: the layers of the encoder
 * in reverse, and a bias of each site.
 */
export function decoderOf(options: EndOptions, inputs: number, outputs: number): Network<SiteParameters> {
  const sites = sizeOf(options.shape);
  const network = bareDecoder(options, inputs, outputs, sites);
  return {
    count: network.count + sites * outputs,
    init: (key) => ({ network: network.init(key), bias: zerosInit([sites, outputs]) }),
    // Flat, so that the bias is part of the last product.
    apply: (p, z, context) =>
      reshape(
        add(
          reshape(network.apply(p.network, z, context), [z.shape[0] as number, sites * outputs]),
          reshape(p.bias, [sites * outputs]),
        ),
        [z.shape[0] as number, sites, outputs],
      ),
  };
}

function bareDecoder(options: EndOptions, inputs: number, outputs: number, sites: number): Network {
  if (networkOf(options) === "convolutional")
    return convolutionalDecoder(options.family, options, inputs, outputs) as Network;
  const hidden = options.hidden.toReversed();
  return dense({ ...options, hidden, inputs, outputs: sites * outputs, bias: false }) as Network;
}
