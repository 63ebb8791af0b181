import { ndarray } from "../../../src/array.ts";
import { siteShape, sites } from "../../../src/data/space.ts";
import { usageError } from "../../../src/error.ts";
import type { Domain, Parameters, Symbolic } from "../../../src/models/contract.ts";
import { glorotInit, zerosInit } from "../../../src/nn/init.ts";
import type { Key } from "../../../src/random/key.ts";
import {
  add,
  BATCH,
  exp,
  matmul,
  mean,
  mul,
  normal,
  reshape,
  type SymbolicKey,
  sub,
  type Tensor,
  transpose,
} from "../../../src/tensor/index.ts";
import { contextWidth } from "./domain.ts";

/** Parameters of x = W z + μ + C c + σ ε with standard normal z and ε (Tipping & Bishop, J. R. Stat. Soc. B 61 (1999) 611). */
export type GeneratorParameters = Parameters & {
  /** W, `[sites, latent]`. */
  readonly loading: ReturnType<typeof zerosInit>;
  /** μ, `[sites]`. */
  readonly mean: ReturnType<typeof zerosInit>;
  /** log σ, `[1]`. */
  readonly logNoise: ReturnType<typeof zerosInit>;
  /** C, `[sites, width]` for a context of so many numbers. */
  readonly shift?: ReturnType<typeof zerosInit>;
};

type P = Symbolic<GeneratorParameters>;

/** Throws AnsatzError (usage) for rows that are no real numbers. */
export function requireReal(family: string, { space }: Domain): void {
  if (space.kind !== "real" || space.bounds)
    throw usageError(`${family} models unbounded real numbers, not ${space.kind}`);
}

export const countGenerator = (domain: Domain, latent: number): number =>
  sites(domain.space) * (latent + 1 + contextWidth(domain)) + 1;

export function initGenerator(domain: Domain, latent: number, key: Key): GeneratorParameters {
  const n = sites(domain.space);
  const width = contextWidth(domain);
  const loading = glorotInit(key, n, latent);
  return {
    loading: ndarray("f32", [n, latent], loading.data),
    mean: zerosInit([n]),
    logNoise: zerosInit([1]),
    ...(width > 0 && { shift: zerosInit([n, width]) }),
  };
}

/** The mean of the rows as μ. */
export const adaptMean = <Q extends GeneratorParameters>(p: Symbolic<Q>, x: Tensor): Symbolic<Q> => ({
  ...p,
  mean: mean(flat(p, x), 0),
});

/** Rows as `[batch, sites]`. */
const flat = (p: P, x: Tensor) => reshape(x, [x.shape[0] as number, p.mean.shape[0] as number]);

/** C c, `[batch, sites]`. */
const shifted = ({ shift }: P, rows: Tensor, context: Tensor | undefined, sign: number) =>
  shift && context ? add(rows, mul(matmul(context, transpose(shift)), sign)) : rows;

/** x − μ − C c, `[batch, sites]`. */
export function centred(p: P, x: Tensor, context?: Tensor): Tensor {
  return shifted(p, sub(flat(p, x), p.mean), context, -1);
}

/** W z, `[batch, sites]`. */
export const loaded = (p: P, z: Tensor): Tensor => matmul(z, transpose(p.loading));

/** Rows of the model, `[batch, ...sites]`. */
export function drawRows(domain: Domain, latent: number, p: P, key: SymbolicKey, context?: Tensor): Tensor {
  const batch = context ? (context.shape[0] as number) : BATCH;
  const z = normal(key.fold(0), [batch, latent], p.loading.dtype as "f32");
  return drawVisible(domain, p, key.fold(1), z, context);
}

/** Rows of the model given z, `[batch, ...sites]`. */
export function drawVisible(domain: Domain, p: P, key: SymbolicKey, z: Tensor, context?: Tensor): Tensor {
  const batch = z.shape[0] as number;
  const noise = normal(key, [batch, sites(domain.space)], p.loading.dtype as "f32");
  const rows = add(add(loaded(p, z), p.mean), mul(noise, exp(p.logNoise)));
  return reshape(shifted(p, rows, context, 1), [batch, ...siteShape(domain.space)]);
}
