import { real } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import type { Key } from "../../../../random/key.ts";
import { add, mul, normal, type SymbolicKey, square, sum, type Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import { codePrior, numberPriors } from "../code-priors.ts";

/** The distribution of latent variables before anything is seen, trained with the rest. */
export interface Prior<P extends Parameters = Parameters> {
  /** Number of its parameters. */
  readonly count: number;
  /** Whether it is the standard normal distribution, for which KL divergences have a closed form. */
  readonly standard: boolean;
  /** See `ModelBase`. */
  readonly masks?: Readonly<Record<string, Float32Array>> | undefined;
  init(key: Key): P;
  /** log P(z), nats, `[batch]`. */
  logProb(parameters: Symbolic<P>, z: Tensor): Tensor;
  /** `rows` draws, `[rows, size]`. */
  draw(parameters: Symbolic<P>, key: SymbolicKey, rows: number, dtype: "f32" | "f64"): Tensor;
  /** See `ModelBase`. */
  decays?(path: string): boolean;
}

/** log N(z; 0, 1) of each row of `z: [batch, size]`, nats. */
export function logStandardNormal(z: Tensor): Tensor {
  const size = z.shape[1] as number;
  return mul(add(sum(square(z), 1), size * Math.log(2 * Math.PI)), -0.5);
}

/** The standard normal distribution of `size` variables. */
const normalPrior = (size: number): Prior<Record<never, never>> => ({
  ...{ count: 0, standard: true },
  init: () => ({}),
  logProb: (_, z) => logStandardNormal(z),
  draw: (_, key, rows, dtype) => normal(key, [rows, size], dtype),
});

/** Names that a prior may have. */
export const priorNames = ["normal", ...numberPriors] as const;

/**
 * The prior of a name over `size` variables: the standard normal distribution, or a flow with its family's defaults. Throws
 * AnsatzError (usage) for a flow of one variable, which couplings cannot move.
 */
export function priorOf(name: (typeof priorNames)[number], size: number): Prior {
  if (name === "normal") return normalPrior(size) as Prior;
  if (size < 2) throw usageError("a flow as prior needs two latent variables or more; take prior=normal");
  const { make, count } = codePrior(name, real([size]), undefined);
  const flow = make();
  return {
    count: count(),
    standard: false,
    init: (key) => flow.init(key),
    logProb: (p, z) => flow.logProb(p, z),
    draw: (p, key) => flow.sample(p, key).x,
    masks: flow.masks,
    decays: (path) => flow.decays?.(path) ?? true,
  };
}
