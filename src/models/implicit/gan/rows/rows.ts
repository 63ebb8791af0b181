import { reshape, type SymbolicKey, type Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";

/** The type that a graph computes in; whole numbers come as `i32`. */
export type Real = "f32" | "f64";

/**
 * How rows of a space are read by a discriminator, and made of what a generator gives. Rows are `[batch, sites]`, what is
 * read `[batch, sites, features]`, what is given `[batch, sites, outputs]`.
 */
export interface Rows {
  /** Numbers that the discriminator reads of a site. */
  readonly features: number;
  /** Numbers that the generator gives a site. */
  readonly outputs: number;
  /** Number of its own parameters: units of the data. */
  readonly count: number;
  /** Its own parameters, which training leaves as they are; `{}` if it has none. */
  init(): Parameters;
  /** Rows of data as the discriminator reads them: numbers of the order of 1. */
  read(units: Symbolic<Parameters>, x: Tensor): Tensor;
  /**
   * What the discriminator reads of generated rows, with a gradient by what is given. The same `key` makes the rows that
   * {@link row} returns.
   */
  fake(given: Tensor, key: SymbolicKey): Tensor;
  /** Generated rows. */
  row(units: Symbolic<Parameters>, given: Tensor, key: SymbolicKey): Tensor;
  /** The most probable row of what is given, or its mean. */
  centre(units: Symbolic<Parameters>, given: Tensor): Tensor;
  /** Units of the data, and what is given at first, `[sites, outputs]`, from one large batch. */
  adapt(x: Tensor, dtype: Real): { readonly units: Symbolic<Parameters>; readonly start: Tensor };
}

/** What is given of one number a site, `[batch, sites, 1]`, as `[batch, sites]`. */
export const oneOutput = (given: Tensor): Tensor => reshape(given, given.shape.slice(0, 2) as number[]);
