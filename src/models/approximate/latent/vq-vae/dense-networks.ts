import { reshape } from "../../../../tensor/index.ts";
import { dense } from "../networks/dense.ts";
import { decoderOf, type EndOptions } from "../networks/ends.ts";
import type { Sizes } from "./convolutional-networks.ts";
import type { CodeNetworks } from "./parts.ts";

/** Dense networks between rows and a list of `codes` codes. */
export function denseNetworks(
  options: EndOptions,
  codes: number,
  { features, outputs, channels }: Sizes,
): CodeNetworks {
  const sites = options.shape.reduce((product, side) => product * side, 1);
  const encoder = dense({ ...options, inputs: sites * features, outputs: codes * channels });
  const decoder = decoderOf(options, codes * channels, outputs);
  return {
    codeShape: [codes],
    encoder: {
      ...encoder,
      apply(p, read, context) {
        const rows = read.shape[0] as number;
        const flat = encoder.apply(p as never, reshape(read, [rows, sites * features]), context);
        return reshape(flat, [rows, codes, channels]);
      },
    },
    decoder: {
      ...decoder,
      apply: (p, values, context) =>
        decoder.apply(p, reshape(values, [values.shape[0] as number, codes * channels]), context),
    },
  };
}
