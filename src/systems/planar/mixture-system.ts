import { real } from "../../data/space.ts";
import type { Key } from "../../random/key.ts";
import type { Parameters, System } from "../system.ts";
import {
  type Mixture,
  mixtureEnergyTensor,
  mixtureEntropy,
  mixtureLogDensity,
  mixtureMeans,
} from "./mixture.ts";
import { planarSystem, planeShape } from "./system.ts";

/** A mixture of round normal distributions as a system; `draw` gives `count` independent points, `[count, 2]` row-major. */
export function mixtureSystem<P extends Parameters>(
  name: string,
  parameters: P,
  mixture: Mixture,
  draw: (key: Key, count: number) => Float64Array,
): System<"f32", P> {
  return planarSystem({
    name,
    parameters,
    space: real(planeShape),
    logDensity: mixtureLogDensity(mixture),
    energyTensor: (x) => mixtureEnergyTensor(mixture, x),
    entropy: () => mixtureEntropy(mixture),
    means: mixtureMeans(mixture),
    draw,
  });
}
