import { sizeOf } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import { add, concat, reshape, slice, type Tensor } from "../../../../tensor/index.ts";
import { sameShape } from "../../../../tensor/shape.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import type { Bijection } from "../bijection.ts";
import { partsOf } from "./parts.ts";

/** Parameters of {@link multiScale}: one entry per level, the one next to the data first. */
export type MultiScaleParameters = { readonly levels: readonly Parameters[] };

/**
 * The multi-scale architecture: each level maps `[channels, height, width]`. The second half of the channels
 * it ends with leaves to the latent side; the first half goes on to the next level and has that level's data
 * shape. The latent side is flat, `[numbers]`: what left at each level in row-major order, the last level
 * whole (Dinh, Sohl-Dickstein & Bengio, arXiv:1605.08803, section 3.6). Throws AnsatzError (usage) for levels
 * that do not fit each other.
 */
export function multiScale(levels: readonly Bijection[]): Bijection<MultiScaleParameters> {
  const [first, ...rest] = levels;
  if (!first) throw usageError("a multi-scale flow needs at least one level");
  rest.forEach((level, i) => {
    const above = (levels[i] as Bijection).latentShape;
    const [channels = 0, ...places] = above;
    if (channels % 2 !== 0 || !sameShape([channels / 2, ...places], level.dataShape))
      throw usageError(
        `level ${i + 1} takes [${level.dataShape}], which is not half of the channels of [${above}]`,
      );
  });
  const last = levels.length - 1;
  /** Numbers that leave at a level. */
  const leaving = levels.map(({ latentShape }, i) => sizeOf(latentShape) / (i === last ? 1 : 2));
  const flat = (x: Tensor) => reshape(x, [x.shape[0] as number, sizeOf(x.shape.slice(1))]);
  const halves = (x: Tensor): [Tensor, Tensor] => {
    const half = (x.shape[1] as number) / 2;
    return [slice(x, 1, 0, half), slice(x, 1, half)];
  };
  const own = (p: Symbolic<MultiScaleParameters>, i: number) => p.levels[i] as Symbolic<Parameters>;

  return {
    latentShape: [sizeOf(first.dataShape)],
    dataShape: first.dataShape,
    init: (key) => ({ levels: levels.map((level, i) => level.init(key.fold(i))) }),
    forward(p, z, context) {
      let end = sizeOf(first.dataShape);
      let x: Tensor | undefined;
      let logDet: Tensor | undefined;
      for (let i = last; i >= 0; i--) {
        const level = levels[i] as Bijection;
        const start = end - (leaving[i] as number);
        const [channels, ...places] = level.latentShape as [number, ...number[]];
        const left = reshape(slice(z, 1, start, end), [
          z.shape[0] as number,
          x ? channels / 2 : channels,
          ...places,
        ]);
        const mapped = level.forward(own(p, i), x ? concat([x, left], 1) : left, context);
        x = mapped.value;
        logDet = logDet ? add(logDet, mapped.logDet) : mapped.logDet;
        end = start;
      }
      return { value: x as Tensor, logDet: logDet as Tensor };
    },
    inverse(p, x, context) {
      const parts: Tensor[] = [];
      let kept = x;
      let logDet: Tensor | undefined;
      for (const [i, level] of levels.entries()) {
        const mapped = level.inverse(own(p, i), kept, context);
        logDet = logDet ? add(logDet, mapped.logDet) : mapped.logDet;
        const [stays, leaves] = i === last ? [undefined, mapped.value] : halves(mapped.value);
        parts.push(flat(leaves));
        if (stays) kept = stays;
      }
      return { value: concat(parts, 1), logDet: logDet as Tensor };
    },
    adapt(p, x, context) {
      let kept = x;
      const adapted = levels.map((level, i) => {
        const parameters = level.adapt?.(own(p, i), kept, context) ?? own(p, i);
        if (i < last) kept = halves(level.inverse(parameters, kept, context).value)[0];
        return parameters;
      });
      return { levels: adapted };
    },
    ...partsOf("levels", levels),
  };
}
