import { reshape, sum, type Tensor } from "../../../../tensor/index.ts";
import type { ExactModel } from "../../../contract.ts";
import type { Real } from "../likelihoods/likelihood.ts";
import type { P, VqParts } from "./parts.ts";

/** The type that a graph computes in. */
export const realType = (p: P): Real => p.decoder.bias.dtype as Real;

const batchOf = (rows: Tensor) => rows.shape[0] as number;

const flat = (x: Tensor, sites: number) => reshape(x, [batchOf(x), sites]);

/** The digits of each row's code, `[batch, codes, channels]`. */
export function encodeDigits(parts: VqParts, p: P, x: Tensor, context: Tensor | undefined): Tensor {
  const { encoder, likelihood, quantiser, sites } = parts;
  const read = likelihood.read(p.likelihood, flat(x, sites), realType(p));
  return quantiser.digits(encoder.apply(p.encoder, read, parts.read(context)));
}

/** Returns the parameters of the sites' likelihood, `[batch, sites, outputs]`, given digits. */
export const decodeDigits = (
  { decoder, quantiser, ...parts }: VqParts,
  p: P,
  digits: Tensor,
  context: Tensor | undefined,
): Tensor => decoder.apply(p.decoder, quantiser.values(digits), parts.read(context));

/** log P(x | z), `[batch]` nats, of digits. */
export function logGiven(
  parts: VqParts,
  p: P,
  x: Tensor,
  digits: Tensor,
  context: Tensor | undefined,
): Tensor {
  const outputs = decodeDigits(parts, p, digits, context);
  return sum(parts.likelihood.logProb(p.likelihood, outputs, flat(x, parts.sites)), 1);
}

/** Codes `[batch, ...codeShape]` of digits. */
export const joinDigits = ({ quantiser, codeShape }: VqParts, digits: Tensor): Tensor =>
  reshape(quantiser.join(digits), [batchOf(digits), ...codeShape]);

/** Digits of codes `[batch, ...codeShape]`. */
export const splitCodes = ({ quantiser, codes }: VqParts, p: P, z: Tensor): Tensor =>
  quantiser.split(flat(z, codes), realType(p));

/** log P(z), `[batch]` nats, of digits. */
export const logPrior = (
  parts: VqParts,
  prior: ExactModel,
  p: P,
  digits: Tensor,
  context: Tensor | undefined,
): Tensor => prior.logProb(p.prior, joinDigits(parts, digits), context);
