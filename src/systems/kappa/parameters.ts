import * as z from "zod";
import { sizeOf } from "../../array.ts";
import { realParameter, shapeParameter } from "../parameters.ts";
import type { Cosmology } from "./cosmology.ts";

/** Distributions of a map of the convergence. */
export const kappaMethods = ["lognormal", "gaussian"] as const;

/** Complete parameters of maps of the convergence. */
export interface KappaParameters extends Cosmology {
  /** Rows and columns of a map. */
  readonly shape: readonly number[];
  /** The distribution of the field. */
  readonly method: (typeof kappaMethods)[number];
  /** The side of a pixel in minutes of arc. */
  readonly pixel: number;
  /** The redshift of all sources. */
  readonly redshift: number;
  /** Number density of the galaxies that give the shape noise, per square arc minute; 0 for no noise. */
  readonly noise: number;
  /** σ_e, the spread of a galaxy's ellipticity, both components together. */
  readonly sigmaE: number;
  /** Standard deviation in minutes of arc of the Gaussian that maps are smoothed by; 0 for none. */
  readonly smooth: number;
}

/** The parameters that may be given as a range; each map then has its own value, as its context. */
export const rangedNames = ["omegaM", "omegaB", "h", "ns", "sigma8", "redshift"] as const;

/** See {@link rangedNames}. */
export type RangedName = (typeof rangedNames)[number];

const sides = "give two sides from 4 to 2048, such as 32x32";

const between = (low: number, high: number, otherwise: number, what: string) => {
  const error = `give ${what} from ${low} to ${high}`;
  return realParameter(error)
    .refine((value) => value >= low && value <= high, { error })
    .default(otherwise);
};

/** Checks the parameters of maps of the convergence, from an object or as a command line writes them. */
export const kappaParameters = z
  .strictObject({
    shape: shapeParameter(sides)
      .refine(
        (shape) =>
          shape.length === 2 && shape.every((side) => Number.isInteger(side) && side >= 4 && side <= 2048),
        { error: sides },
      )
      .default([32, 32]),
    method: z.enum(kappaMethods, { error: `give ${kappaMethods.join(" or ")}` }).default("lognormal"),
    pixel: between(0.1, 20, 1.64, "the side of a pixel in minutes of arc"),
    redshift: between(0.1, 4, 1, "the redshift of the sources"),
    omegaM: between(0.05, 1, 0.3, "the density of matter"),
    omegaB: between(0.005, 0.2, 0.046, "the density of baryons"),
    h: between(0.4, 1.2, 0.7, "the Hubble constant in units of 100 km/s/Mpc"),
    ns: between(0.6, 1.4, 0.96, "the tilt of the primordial spectrum"),
    sigma8: between(0.2, 1.6, 0.8, "the spread of the density in 8 Mpc/h"),
    noise: between(0, 1e6, 0, "galaxies per square minute of arc (0: no noise)"),
    sigmaE: between(0, 2, 0.4, "the spread of ellipticities"),
    smooth: between(0, 60, 0, "the width of the smoothing in minutes of arc"),
  })
  .refine(({ omegaM, omegaB }) => omegaB < omegaM, {
    path: ["omegaB"],
    error: "baryons are a part of matter: give omegaB below omegaM",
  })
  // The field is drawn with pixels of at most 0.85′.
  .refine(({ shape, pixel }) => sizeOf(shape) * fineFactor(pixel) ** 2 <= 2 ** 24, {
    path: ["shape"],
    error: "these maps need a grid of more than 2^24 points; give fewer, or smaller, pixels",
  });

/** Returns the number of points of the fine grid along the side of a pixel. */
export const fineFactor = (pixel: number): number => Math.ceil(pixel / 0.85);
