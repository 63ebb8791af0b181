import { normal, reshape, type SymbolicKey, type Tensor } from "../../../tensor/index.ts";
import type { Network } from "../../approximate/latent/networks/network.ts";
import type { Parameters, Symbolic } from "../../contract.ts";
import type { Generator, GeneratorParameters } from "./networks/generator.ts";
import type { Real, Rows } from "./rows/rows.ts";

/** Parameters of a generative adversarial network, by its parts. */
export type GanParameters = {
  /** From the code to what the sites are made of. */
  readonly generator: GeneratorParameters;
  /** From what is read of the sites to a score. */
  readonly discriminator: Parameters;
  /** Units of the data; empty if there are none. */
  readonly units: Parameters;
};

/** What a generative adversarial network is made of. */
export interface GanParts {
  /** Number of sites. */
  readonly sites: number;
  readonly generator: Generator;
  readonly discriminator: Network;
  readonly rows: Rows;
  /** What the discriminator reads, changed at random; undefined for no change. */
  readonly augment?: ((read: Tensor, key: SymbolicKey) => Tensor) | undefined;
  /** What networks read of a context. */
  read(context: Tensor | undefined): Tensor | undefined;
}

type P = Symbolic<GanParameters>;

/** The type that a graph computes in. */
export const realType = (p: P): Real => p.generator.bias.dtype as Real;

/** Rows as `[batch, sites]`. */
export const flatRows = ({ sites }: Pick<GanParts, "sites">, x: Tensor): Tensor =>
  reshape(x, [x.shape[0] as number, sites]);

/** A batch of codes. */
export const drawCodes = ({ generator }: GanParts, p: P, batch: number, key: SymbolicKey): Tensor =>
  normal(key, [batch, generator.size], realType(p));

/** What the generator gives the sites, `[batch, sites, outputs]`, for codes `[batch, size]`. */
export const generate = (parts: GanParts, p: P, codes: Tensor, context: Tensor | undefined): Tensor =>
  parts.generator.apply(p.generator, codes, parts.read(context));

/** What the discriminator reads of `batch` generated rows. */
export function drawFakes(
  parts: GanParts,
  p: P,
  batch: number,
  key: SymbolicKey,
  context: Tensor | undefined,
): Tensor {
  return parts.rows.fake(generate(parts, p, drawCodes(parts, p, batch, key.fold(0)), context), key.fold(1));
}

/** `batch` generated rows, `[batch, sites]`, by the noise of {@link drawFakes}. */
export function drawRows(
  parts: GanParts,
  p: P,
  batch: number,
  key: SymbolicKey,
  context: Tensor | undefined,
): Tensor {
  const given = generate(parts, p, drawCodes(parts, p, batch, key.fold(0)), context);
  return parts.rows.row(p.units, given, key.fold(1));
}

/** The score of what is read of rows, `[batch]`: the logit of D(x), or what a critic gives. */
export const scoresOf = (parts: GanParts, p: P, read: Tensor, context: Tensor | undefined): Tensor =>
  reshape(parts.discriminator.apply(p.discriminator, read, parts.read(context)), [read.shape[0] as number]);
