import * as z from "zod";
import type { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { stream } from "../../random/stream.ts";
import { realParameter } from "../parameters.ts";
import type { System, SystemKind } from "../system.ts";
import type { Mixture } from "./mixture.ts";
import { mixtureSystem } from "./mixture-system.ts";

/** Complete parameters of the eight Gaussians. */
export type Gaussians8Parameters = {
  /** Distance of the centres from the origin. */
  readonly radius: number;
  /** Standard deviation of each along each axis. */
  readonly sigma: number;
};

const sigmaMessage = "give a width from 0.02 to 10 (--set sigma=0.2 on the command line)";
const radiusMessage = "give a distance from 0 to 10 (--set radius=2 on the command line)";

/** Eight round normal distributions of equal weight on a circle, the first on the x axis. */
export const gaussians8 = {
  name: "gaussians8",
  summary: "eight round normal distributions, sigma (0.2), on a circle of radius (2) in the plane",
  parameterNames: ["radius", "sigma"],
  schema: z.strictObject({
    radius: realParameter(radiusMessage)
      .refine((radius) => radius >= 0 && radius <= 10, { error: radiusMessage })
      .default(2),
    sigma: realParameter(sigmaMessage)
      .refine((sigma) => sigma >= 0.02 && sigma <= 10, { error: sigmaMessage })
      .default(0.2),
  }),
  create(parameters: Gaussians8Parameters): System<"f32", Gaussians8Parameters> {
    const mixture = octagon(parameters);
    return mixtureSystem("gaussians8", parameters, mixture, (key, count) => drawMixture(mixture, key, count));
  },
} satisfies SystemKind<"f32", Gaussians8Parameters>;

function octagon({ radius, sigma }: Gaussians8Parameters): Mixture {
  const angle = (k: number) => (Math.PI * k) / 4;
  return {
    centres: Float64Array.from({ length: 16 }, (_, i) =>
      i % 2 === 0 ? radius * Math.cos(angle(i / 2)) : radius * Math.sin(angle((i - 1) / 2)),
    ),
    weights: new Float64Array(8).fill(1 / 8),
    sigma,
  };
}

/** Points of a mixture of components with equal weights. */
function drawMixture({ centres, weights, sigma }: Mixture, key: Key, count: number): Float64Array {
  const [which, noise] = key.split(2) as [Key, Key];
  const random = stream(which);
  const points = normal(noise, 2 * count, "f64");
  for (let i = 0; i < count; i++) {
    const k = random.below(weights.length);
    points[2 * i] = sigma * points[2 * i]! + centres[2 * k]!;
    points[2 * i + 1] = sigma * points[2 * i + 1]! + centres[2 * k + 1]!;
  }
  return points;
}
