import { sizeOf } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import { add, type Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import type { Bijection, Mapped } from "../bijection.ts";
import { partsOf } from "./parts.ts";

/** The parameters of a {@link chain}: one entry per bijection, in order. */
export type ChainParameters = { readonly layers: readonly Parameters[] };

/**
 * Composes bijections: `forward` takes z through the first, then the second, and so on to x; log-determinants
 * add. Throws AnsatzError (usage) for an empty list, and for neighbours with shapes that do not match.
 */
export function chain(bijections: readonly Bijection[]): Bijection<ChainParameters> {
  const first = bijections[0];
  const last = bijections.at(-1);
  if (!first || !last) throw usageError("a chain needs one bijection or more");
  bijections.slice(1).forEach(({ latentShape }, i) => {
    const { dataShape } = bijections[i] as Bijection;
    if (dataShape.join() !== latentShape.join())
      throw usageError(
        `bijection ${i} of a chain gives shape [${dataShape}], the next one takes [${latentShape}]`,
      );
  });
  if (sizeOf(first.latentShape) !== sizeOf(last.dataShape))
    throw usageError(`a chain leads from [${first.latentShape}] to [${last.dataShape}]: not as many numbers`);

  const layersOf = (p: Symbolic<ChainParameters>) => p.layers as readonly Symbolic<Parameters>[];
  const through = (way: "forward" | "inverse", order: readonly number[]) => {
    return (p: Symbolic<ChainParameters>, start: Tensor, context?: Tensor): Mapped => {
      let value = start;
      let logDet: Tensor | undefined;
      for (const i of order) {
        const mapped = (bijections[i] as Bijection)[way](
          layersOf(p)[i] as Symbolic<Parameters>,
          value,
          context,
        );
        value = mapped.value;
        logDet = logDet ? add(logDet, mapped.logDet) : mapped.logDet;
      }
      return { value, logDet: logDet as Tensor };
    };
  };
  const ascending = [...bijections.keys()];

  return {
    latentShape: first.latentShape,
    dataShape: last.dataShape,
    init: (key) => ({ layers: bijections.map((b, i) => b.init(key.fold(i))) }),
    forward: through("forward", ascending),
    inverse: through("inverse", ascending.toReversed()),
    ...(bijections.some((b) => b.adapt) && {
      adapt(p, x, context) {
        const layers = [...layersOf(p)];
        let value = x;
        for (const i of ascending.toReversed()) {
          const b = bijections[i] as Bijection;
          const own = layers[i] as Symbolic<Parameters>;
          const adapted = b.adapt ? b.adapt(own, value, context) : own;
          layers[i] = adapted;
          value = b.inverse(adapted, value, context).value;
        }
        return { layers } as Symbolic<ChainParameters>;
      },
    }),
    ...partsOf("layers", bijections),
  };
}
