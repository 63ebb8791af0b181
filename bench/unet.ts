import { real } from "../src/data/space.ts";
import { unet } from "../src/models/approximate/diffusion/networks/unet.ts";
import type { DifferentiableModel } from "../src/models/contract.ts";
import {
  add,
  concat,
  expandDims,
  mean,
  mul,
  normal,
  reshape,
  square,
  sub,
  type Tensor,
  uniform,
} from "../src/tensor/index.ts";

/**
 * The U-Net of flow matching on pictures of `side`, as far as a training step needs a model: the squared error of ε − x from
 * z = (1 − t) x + t ε, which it reads twice as it reads z and whitened z.
 */
export function unetModel(side: number): DifferentiableModel<never> {
  const net = unet({
    ...{ family: "unet", shape: [side, side], inputs: 2, contextSize: 0, padding: "zero" },
  });
  return {
    family: "unet",
    hyperparameters: {},
    space: real([side, side]),
    init: (key) => net.init(key) as never,
    loss(p, x, key) {
      const batch = x.shape[0] as number;
      const image = reshape(x, [batch, side, side]);
      const t = uniform(key.fold(0), [batch]);
      const epsilon = normal(key.fold(1), image.shape);
      const share = reshape(t, [batch, 1, 1]);
      const z = expandDims(add(mul(sub(1, share), image), mul(share, epsilon)), 3);
      const velocity: Tensor = net.apply(p as never, concat([z, z], 3), t, undefined);
      return mean(square(sub(velocity, sub(epsilon, image))));
    },
  };
}
