import { sizeOf } from "../../../../array.ts";
import { zerosInit } from "../../../../nn/init.ts";
import { add, reshape } from "../../../../tensor/index.ts";
import { type DenseOptions, dense } from "../networks/dense.ts";
import type { Sizes } from "./convolutional-networks.ts";
import type { CodeNetworks } from "./parts.ts";

/** Options of {@link denseNetworks}. */
export interface DenseCodeOptions extends Pick<DenseOptions, "hidden" | "activation" | "contextSize"> {
  /** Sides of one configuration. */
  readonly shape: readonly number[];
}

/** Dense networks between rows and a list of `codes` codes: the decoder has the layers of the encoder in reverse. */
export function denseNetworks(
  { shape, hidden, activation, contextSize }: DenseCodeOptions,
  codes: number,
  { features, outputs, channels }: Sizes,
): CodeNetworks {
  const sites = sizeOf(shape);
  const [inputs, middle, given] = [sites * features, codes * channels, sites * outputs];
  const common = { activation, contextSize };
  const encoder = dense({ ...common, hidden, inputs, outputs: middle });
  const decoder = dense({
    ...common,
    hidden: hidden.toReversed(),
    inputs: middle,
    outputs: given,
    bias: false,
  });
  return {
    codeShape: [codes],
    encoder: {
      ...encoder,
      apply(p, read, context) {
        const rows = read.shape[0] as number;
        return reshape(encoder.apply(p as never, reshape(read, [rows, inputs]), context), [
          rows,
          codes,
          channels,
        ]);
      },
    },
    decoder: {
      count: decoder.count + given,
      init: (key) => ({ network: decoder.init(key), bias: zerosInit([sites, outputs]) }),
      apply(p, values, context) {
        const rows = values.shape[0] as number;
        const sums = decoder.apply(p.network as never, reshape(values, [rows, middle]), context);
        return reshape(add(sums, reshape(p.bias, [given])), [rows, sites, outputs]);
      },
    },
  };
}
