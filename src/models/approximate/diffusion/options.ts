import * as z from "zod";
import { padding } from "../latent/networks/padding.ts";
import { pathNames } from "./path.ts";

/** Hyperparameters of `flow-matching`. */
export const schema = z.strictObject({
  /** From data to noise: a straight line, or the quarter circle of diffusion (default `linear`). */
  path: z
    .enum(pathNames)
    .default("linear")
    .describe("from data to noise: a straight line, or vp, the variance-preserving path of diffusion"),
  /** How rows are drawn: by the flow's equation, or by the stochastic reverse process (default `ode`). */
  sampler: z
    .enum(["ode", "sde"])
    .default("ode")
    .describe("how rows are drawn: ode, the flow's equation, or sde, the stochastic reverse process"),
  /** Steps from noise to data; 0 is 12 of Runge and Kutta, or 250 stochastic ones (default 0). */
  steps: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe("steps from noise to data; 0: 12 of fourth order for ode, 250 for sde"),
  /** Axes of the exact Gaussian; auto suits the shape of the data (default `auto`). */
  modes: z
    .enum(["auto", "components", "spectrum", "cosine", "sites"])
    .default("auto")
    .describe(
      "axes of the exact Gaussian: principal components (auto for tables of at most 256 columns), the spectrum of a " +
        "periodic lattice, cosines (pictures), or the sites themselves",
    ),
  /** Moments of the path that training looks at most: the middle, or further towards the data; auto is data for tables, middle for pictures and lattices (default `auto`). */
  times: z
    .enum(["auto", "middle", "data"])
    .default("auto")
    .describe(
      "moments of the path that training looks at most: the middle, or towards the data, which details and log P need; " +
        "auto: data for tables, middle for pictures and lattices",
    ),
  /** What corrects the Gaussian: dense layers, a U-Net, or a transformer of patches; auto is a U-Net for pictures and lattices of at least 64 sites, otherwise dense layers (default `auto`). */
  network: z
    .enum(["auto", "mlp", "unet", "transformer"])
    .default("auto")
    .describe(
      "what corrects the Gaussian: dense layers (mlp), a U-Net, or a transformer of patches; auto: a U-Net for pictures and " +
        "lattices of at least 64 sites, otherwise dense layers",
    ),
  /** Units of every layer of dense networks and width of a transformer's tokens (default 128). */
  width: z
    .int()
    .min(1)
    .max(65_536)
    .default(128)
    .describe("units of every dense layer; width of a transformer's tokens"),
  /** Residual blocks of dense networks, layers of a transformer (default 3). */
  blocks: z
    .int()
    .min(0)
    .max(64)
    .default(3)
    .describe("residual blocks of dense layers, two layers each; layers of a transformer"),
  /** Channels of each level of a U-Net, whose sides halve from level to level; none leaves them to the size of the picture (default none). */
  channels: z
    .union([z.number(), z.array(z.number())], {
      error: "give the channels of a level such as 64, or of several: 64,96,128",
    })
    .transform((value) => (typeof value === "number" ? [value] : value))
    .pipe(z.array(z.int().min(1).max(65_536)).max(8))
    .default([])
    .describe(
      "channels of each level of a U-Net, whose sides halve from level to level (default: 64,96,128; 32,64 up to 8x8 patches; 32,64,96 above 16x16)",
    ),
  /** Side of the patches that a U-Net or a transformer takes as one place; 0 is the smallest that leaves at most 16 along an axis, 32 of a periodic lattice for a U-Net (default 0). */
  patch: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .describe(
      "side of the patches that a U-Net or a transformer takes as one place; 0: the smallest with at most 16 along an axis, 32 of a periodic lattice for a U-Net",
    ),
  /** Beyond the edges: zeros, or the other side of a periodic lattice; `auto` is zeros, and in commands periodic for rows of a known periodic system (default `auto`). */
  padding: padding.describe(
    "values beyond the edges: zeros, or the opposite side of a periodic lattice; auto: periodic for rows of a known periodic system",
  ),
  /** Share of rows whose context is hidden in training, which guidance needs; no effect without a context (default 0.1). */
  contextDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0.1)
    .describe("share of rows whose context is hidden in training, which guidance needs"),
  /** Scale s of guidance when rows are drawn: f(hidden) + s (f(context) − f(hidden)); 1 is the model itself (default 1). */
  guidance: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe("scale s of guidance in samples, u + s (c − u) with and without context; 1: the model itself"),
});

/** Hyperparameters of `flow-matching`, defaults filled in. */
export type FlowMatchingHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type FlowMatchingOptions = z.input<typeof schema>;
