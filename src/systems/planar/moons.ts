import * as z from "zod";
import type { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { uniform } from "../../random/uniform.ts";
import { gaussLegendre } from "../../stats/index.ts";
import { realParameter } from "../parameters.ts";
import type { System, SystemKind } from "../system.ts";
import type { Mixture } from "./mixture.ts";
import { mixtureSystem } from "./mixture-system.ts";

/** Complete parameters of the two moons. */
export type MoonsParameters = {
  /** Standard deviation of the noise along each axis. */
  readonly sigma: number;
};

const message = "give a width from 0.02 to 1 (--set sigma=0.05 on the command line)";

/**
 * Two interleaved half circles of radius 1, as scikit-learn's `make_moons`: with equal probability a point
 * (cos t, sin t) of the upper or (1 − cos t, ½ − sin t) of the lower one, t uniform in [0, π], and normal noise of
 * standard deviation σ on each coordinate.
 */
export const moons = {
  name: "moons",
  summary: "two half circles in the plane with normal noise sigma (0.1), as scikit-learn's make_moons",
  parameterNames: ["sigma"],
  schema: z.strictObject({
    sigma: realParameter(message)
      .refine((sigma) => sigma >= 0.02 && sigma <= 1, { error: message })
      .default(0.1),
  }),
  create(parameters: MoonsParameters): System<"f32", MoonsParameters> {
    const { sigma } = parameters;
    const mixture = moonsMixture(sigma);
    return mixtureSystem("moons", parameters, mixture, (key, count) => drawMoons(sigma, key, count));
  },
} satisfies SystemKind<"f32", MoonsParameters>;

/**
 * The moons as a mixture of normal distributions: their integral over t by Gauss–Legendre quadrature, with
 * points at most σ/4 apart, so that the density is that of the arcs to about 10⁻¹².
 */
export function moonsMixture(sigma: number): Mixture {
  const n = Math.ceil((2 * Math.PI ** 2) / sigma);
  const { points, weights } = gaussLegendre(n, 0, Math.PI);
  const centres = new Float64Array(4 * n);
  const all = new Float64Array(2 * n);
  points.forEach((t, k) => {
    centres.set([Math.cos(t), Math.sin(t)], 2 * k);
    centres.set([1 - Math.cos(t), 0.5 - Math.sin(t)], 2 * (n + k));
    all[k] = all[n + k] = weights[k]! / (2 * Math.PI);
  });
  return { centres, weights: all, sigma };
}

function drawMoons(sigma: number, key: Key, count: number): Float64Array {
  const [angles, sides, noise] = key.split(3) as [Key, Key, Key];
  const t = uniform(angles, count, "f64");
  const side = uniform(sides, count, "f64");
  const points = normal(noise, 2 * count, "f64");
  for (let i = 0; i < count; i++) {
    const [c, s] = [Math.cos(Math.PI * t[i]!), Math.sin(Math.PI * t[i]!)];
    const upper = side[i]! < 0.5;
    points[2 * i] = sigma * points[2 * i]! + (upper ? c : 1 - c);
    points[2 * i + 1] = sigma * points[2 * i + 1]! + (upper ? s : 0.5 - s);
  }
  return points;
}
