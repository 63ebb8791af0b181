import { sizeOf } from "../../../../array.ts";
import type { ActivationName } from "../../../../nn/activation.ts";
import { zerosInit } from "../../../../nn/init.ts";
import { add, reshape } from "../../../../tensor/index.ts";
import { dense } from "../../../approximate/latent/networks/dense.ts";
import type { Network } from "../../../approximate/latent/networks/network.ts";
import type { Generator } from "./generator.ts";

/** What both dense players are built from. */
export interface DensePlayers {
  readonly shape: readonly number[];
  /** Units of each hidden layer of the discriminator, and in reverse of the generator. */
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly contextSize: number;
}

/** A dense discriminator of all numbers of a row. */
export function denseDiscriminator({ shape, ...options }: DensePlayers, features: number): Network {
  const inputs = sizeOf(shape) * features;
  const network = dense({ ...options, inputs, outputs: 1 });
  return {
    ...network,
    apply: (p, read, context) =>
      network.apply(p as never, reshape(read, [read.shape[0] as number, inputs]), context),
  };
}

/** A dense generator. */
export function denseGenerator(
  { shape, ...options }: DensePlayers,
  size: number,
  outputs: number,
): Generator {
  const sites = sizeOf(shape);
  const hidden = options.hidden.toReversed();
  const network = dense({ ...options, hidden, inputs: size, outputs: sites * outputs, bias: false });
  return {
    ...{ size, shared: false },
    count: network.count + sites * outputs,
    init: (key) => ({ bias: zerosInit([sites, outputs]), network: network.init(key) }),
    apply: (p, codes, context) =>
      reshape(add(network.apply(p.network as never, codes, context), reshape(p.bias, [sites * outputs])), [
        codes.shape[0] as number,
        sites,
        outputs,
      ]),
  };
}
