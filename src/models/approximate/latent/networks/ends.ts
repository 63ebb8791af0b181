import { zerosInit } from "../../../../nn/init.ts";
import { add, reshape } from "../../../../tensor/index.ts";
import { type DenseOptions, dense } from "./dense.ts";
import type { Network, SiteParameters } from "./network.ts";

/** What both ends of a latent model are built from. */
export interface EndOptions extends Pick<DenseOptions, "hidden" | "activation" | "contextSize"> {
  /** Sides of one configuration. */
  readonly shape: readonly number[];
}

const sitesOf = ({ shape }: EndOptions) => shape.reduce((product, side) => product * side, 1);

/** The network from what is read of sites, `[batch, sites, features]`, to `[batch, outputs]`. */
export function encoderOf(options: EndOptions, features: number, outputs: number): Network {
  const inputs = sitesOf(options) * features;
  const network = dense({ ...options, inputs, outputs });
  return {
    ...network,
    apply: (p, read, context) =>
      network.apply(p as never, reshape(read, [read.shape[0] as number, inputs]), context),
  };
}

/** The network from `[batch, inputs]` to what the likelihood takes of sites, `[batch, sites, outputs]`: the layers of the encoder in reverse. */
export function decoderOf(options: EndOptions, inputs: number, outputs: number): Network<SiteParameters> {
  const sites = sitesOf(options);
  const hidden = options.hidden.toReversed();
  const network = dense({ ...options, hidden, inputs, outputs: sites * outputs, bias: false });
  return {
    count: network.count + sites * outputs,
    init: (key) => ({ network: network.init(key), bias: zerosInit([sites, outputs]) }),
    apply: (p, z, context) =>
      reshape(add(network.apply(p.network as never, z, context), reshape(p.bias, [sites * outputs])), [
        z.shape[0] as number,
        sites,
        outputs,
      ]),
  };
}
