import { sizeOf } from "../../../../array.ts";
import type { Key } from "../../../../random/key.ts";
import {
  add,
  concat,
  mul,
  neg,
  normal,
  type SymbolicKey,
  sigmoid,
  slice,
  softplus,
  square,
  sub,
  sum,
  type Tensor,
} from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import type { Bijection } from "../bijection.ts";
import { type ChainParameters, chain } from "../bijections/chain.ts";
import { coupling } from "../bijections/coupling.ts";
import { squeezing } from "../bijections/squeezing.ts";
import type { MakeConditioner } from "../conditioner.ts";
import { moving } from "../partitions/first-axis.ts";
import type { Transform } from "../transform.ts";

/** σ(1.702 v) of a normal v is nearly uniform: the logistic function that comes closest to the normal one. */
const SLOPE = 1.702;

/** Noise between levels with a distribution that depends on the image. */
export interface LevelNoise {
  init(key: Key): ChainParameters;
  /**
   * Noise u in (0, 1) for images of levels scaled to [−1, 1], both `[batch, channels, height, width]`, and log q(u | image)
   * `[batch]`, nats.
   */
  draw(
    parameters: Symbolic<ChainParameters>,
    image: Tensor,
    key: SymbolicKey,
    context?: Tensor,
  ): { readonly noise: Tensor; readonly logProb: Tensor };
}

/**
 * Variational dequantisation: u = σ(1.702 v), where v is the image of normal noise under couplings that also
 * read the image. It is trained with the flow of level + u to maximise E[log p(level + u) − log q(u |
 * level)], a lower bound of log P(level) (Ho et al., arXiv:1902.00275, section 3.1). Fresh parameters are
 * uniform noise up to 10⁻² nats per number. `shape` is `[channels, height, width]`, of even sides.
 */
export function levelNoise(
  shape: readonly number[],
  transform: Transform,
  conditioner: MakeConditioner,
): LevelNoise {
  const squeezed = squeezing(shape);
  const [channels, ...places] = squeezed.latentShape as [number, ...number[]];
  const joint = [2 * channels, ...places];
  const couple = (start: number, end: number) =>
    coupling({ partition: moving(joint, start, end), transform, conditioner }) as Bijection;
  const [from, middle, to] = [channels, (3 * channels) / 2, 2 * channels];
  // All noise by the image alone, then either half by the image and the other half.
  const map = chain([couple(from, to), couple(middle, to), couple(from, middle)]);
  const axes = [1, 2, 3];
  const normalConstant = 0.5 * sizeOf(shape) * Math.log(2 * Math.PI);

  return {
    init: (key) => map.init(key),
    draw(p, image, key, context) {
      const rows = image.shape[0] as number;
      const seen = squeezed.inverse({}, image).value;
      const start = normal(key, [rows, channels, ...places], image.dtype as "f32" | "f64");
      const { value, logDet } = map.forward(p, concat([seen, start], 1), context);
      const v = mul(slice(value, 1, channels), SLOPE);
      const logSlope = sub(Math.log(SLOPE), add(softplus(v), softplus(neg(v))));
      const logStart = neg(add(mul(sum(square(start), axes), 0.5), normalConstant));
      return {
        noise: squeezed.forward({}, sigmoid(v)).value,
        logProb: sub(sub(logStart, logDet), sum(logSlope, axes)),
      };
    },
  };
}
