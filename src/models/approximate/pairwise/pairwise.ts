import * as z from "zod";
import { type NDArray, ndarray } from "../../../array.ts";
import { type Space, siteShape, sites, stateCount } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { zerosInit } from "../../../nn/init.ts";
import {
  add,
  arange,
  cast,
  constant,
  expandDims,
  less,
  logSoftmax,
  logSumExp,
  matmul,
  mean,
  mul,
  oneHot,
  reshape,
  scan,
  sigmoid,
  softmax,
  softplus,
  sub,
  sum,
  type Tensor,
  transpose,
  uniform,
} from "../../../tensor/index.ts";
import type { Domain, EnergyModel, Family, Symbolic } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { visibleSide } from "../enumerate.ts";
import { energyTraining, trainingHyperparameters } from "../options.ts";
import { column, drawStates, real, referenceOf } from "../reference.ts";

const schema = z.strictObject(trainingHyperparameters);

/**
 * Hyperparameters of {@link makeBoltzmann} and {@link makePotts}, all optional.
 *
 * @interface
 */
export type PairwiseOptions = z.input<typeof schema>;

/** Parameters of a pairwise model; a site is one number, or one for each of its states. */
export type PairwiseParameters = {
  /** The field b of each site, or of each of its states: `[width]`. */
  readonly bias: NDArray<"f32">;
  /** `[width, width]`: zero but between a site (row) and a later one (column). */
  readonly coupling: NDArray<"f32">;
  /**
   * The independent sites that the tempered path starts from, set from the data: `[sites]`, `[sites, states]` or `[2,
   * sites]`.
   */
  readonly reference: NDArray<"f32">;
};

type P = Symbolic<PairwiseParameters>;

/** 1 between a site and later ones, of `each` numbers a site. */
function laterSites(n: number, each: number): Float32Array {
  const width = n * each;
  return Float32Array.from({ length: width * width }, (_, i) =>
    Number(Math.floor(Math.floor(i / width) / each) < Math.floor((i % width) / each)),
  );
}

/**
 * P(x) = exp(Σ_i b_i φ_i + Σ_{i<j} φ_i W_ij φ_j)/Z over all pairs of sites, φ being bits or one-hot states. Chains visit
 * the sites one after the other (Gibbs), and log P of each site given the others is exact.
 */
function makePairwise(
  family: string,
  { space, context }: Domain,
  options: PairwiseOptions,
): EnergyModel<PairwiseParameters> {
  const h = checkHyperparameters(family, schema, options);
  if (context) throw usageError(`${family} does not take a context`);
  const independent = referenceOf(space, family);
  const n = sites(space);
  const k = stateCount(space) as number;
  const bits = space.kind === "binary";
  const each = bits ? 1 : k;
  const width = n * each;
  const mask = laterSites(n, each);

  const features = (p: P, x: Tensor) => {
    const batch = x.shape[0] as number;
    const rows = reshape(x, [batch, n]);
    return bits ? rows : reshape(oneHot(rows, k, p.bias.dtype), [batch, width]);
  };
  /** Couplings of each number with all others, both ways. */
  const both = (p: P) => add(p.coupling, transpose(p.coupling));
  /** Log-odds of each bit, or logits of each state, given all other sites: `[batch, n, each]`. */
  const fields = (p: P, f: Tensor) =>
    reshape(add(matmul(f, both(p)), p.bias), [f.shape[0] as number, n, each]);
  const logWeight = (p: P, x: Tensor) => {
    const f = features(p, x);
    return add(matmul(f, p.bias), sum(mul(matmul(f, p.coupling), f), 1));
  };
  /** The logits of independent sites, `[n, each]`. */
  const free = (p: P) => (bits ? expandDims(p.reference, 1) : logSoftmax(p.reference));
  /** Draws one site a row from logits `[batch, each]`, as features `[batch, each]`. */
  const drawSite = (logits: Tensor, u: Tensor): Tensor =>
    bits
      ? cast(less(expandDims(u, 1), sigmoid(logits)), logits.dtype)
      : oneHot(drawStates(softmax(logits), u), k, logits.dtype);

  return {
    kind: "energy",
    family,
    hyperparameters: h,
    ...{ space, logWeight },
    training: energyTraining(h, { family, terms: k ** n, pseudoLikelihood: true, scoreMatching: false }),
    init: () => ({
      bias: zerosInit([width]),
      coupling: zerosInit([width, width]),
      reference: independent.flat(),
    }),
    masks: { coupling: mask },
    adapt(p, x) {
      const reference = independent.fit(x);
      return { ...p, bias: reshape(reference, [width]), reference };
    },
    decays: (path) => path === "coupling",
    logPseudoLikelihood(p, x) {
      const f = features(p, x);
      const logits = fields(p, f);
      const own = sum(mul(logits, reshape(f, [f.shape[0] as number, n, each])), 2);
      const all = bits ? reshape(softplus(logits), own.shape) : logSumExp(logits, 2);
      return sum(sub(own, all), 1);
    },
    path: {
      logWeight: (p, x, t) =>
        add(mul(t, logWeight(p, x)), mul(sub(1, t), independent.logProb(p.reference, x))),
      draw: (p, key, batch) => independent.draw(p.reference, key, batch),
      sweep(p, x, t, key, known) {
        const f = features(p, x);
        const batch = f.shape[0] as number;
        const s = column(t);
        const kept = known ? transpose(reshape(known, [batch, n])) : undefined;
        const visit = (at: Tensor, site: Record<string, Tensor>) => {
          const own = add(matmul(at, transpose(site.coupling as Tensor)), site.bias as Tensor);
          const logits = add(mul(s, own), mul(sub(1, s), site.free as Tensor));
          const drawn = drawSite(logits, uniform(key, [batch], real(f)));
          const here = reshape(site.here as Tensor, [1, n, 1]);
          const block = reshape(at, [batch, n, each]);
          const next = add(mul(block, sub(1, here)), mul(expandDims(drawn, 1), here));
          const stays = site.kept && reshape(site.kept, [batch, 1, 1]);
          const moved = stays ? add(mul(block, stays), mul(next, sub(1, stays))) : next;
          return [reshape(moved, [batch, width]), {}] as const;
        };
        const identity = ndarray("f32", [n, n]);
        for (let i = 0; i < n; i++) identity.data[i * n + i] = 1;
        const [end] = scan(visit, f, {
          coupling: reshape(both(p), [n, each, width]),
          bias: reshape(p.bias, [n, each]),
          free: free(p),
          here: cast(constant(identity), f.dtype),
          ...(kept && { kept: cast(kept, f.dtype) }),
        });
        const shape = [batch, ...siteShape(space)];
        if (bits) return reshape(end, shape);
        const states = sum(mul(reshape(end, [batch, n, k]), arange(k, end.dtype)), 2);
        return reshape(cast(states, "i32"), shape);
      },
    },
    ...(Number.isSafeInteger(k ** n) && { enumeration: visibleSide<PairwiseParameters>(space, logWeight) }),
    centred(p, gradient, data, chains) {
      const mu = mul(add(mean(features(p, data), 0), mean(features(p, chains), 0)), 0.5);
      const [row, all] = [reshape(mu, [1, width]), reshape(mu, [width, 1])];
      const bias = gradient.bias;
      const outer = add(mul(all, reshape(bias, [1, width])), mul(reshape(bias, [width, 1]), row));
      const allowed = cast(constant(ndarray("f32", [width, width], mask)), bias.dtype);
      const coupling = mul(sub(gradient.coupling, outer), allowed);
      const shift = sum(mul(add(coupling, transpose(coupling)), row), 1);
      return { ...gradient, coupling, bias: sub(bias, shift) };
    },
  };
}

function countOf(space: Space): number {
  const width = sites(space) * (space.kind === "categorical" ? space.states : 1);
  return width * width + 2 * width;
}

/**
 * Fully visible Boltzmann machine over bits, E(x) = −Σ_i b_i x_i − Σ_{i<j} W_ij x_i x_j with x = 0 or 1. Throws AnsatzError
 * (usage) for other spaces, for a context and for hyperparameters out of range.
 */
export function makeBoltzmann(
  domain: Domain,
  options: PairwiseOptions = {},
): EnergyModel<PairwiseParameters> {
  if (domain.space.kind !== "binary")
    throw usageError(
      `boltzmann models binary data, not ${domain.space.kind}; the family potts is for states`,
    );
  return makePairwise("boltzmann", domain, options);
}

/** The same over states: E(x) = −Σ_i b_i(x_i) − Σ_{i<j} W_ij(x_i, x_j). Throws as {@link makeBoltzmann} does. */
export function makePotts(domain: Domain, options: PairwiseOptions = {}): EnergyModel<PairwiseParameters> {
  if (domain.space.kind !== "categorical")
    throw usageError(
      `potts models categorical data, not ${domain.space.kind}; the family boltzmann is for bits`,
    );
  return makePairwise("potts", domain, options);
}

/** Fully visible Boltzmann machine. */
export const boltzmann: Family<EnergyModel<PairwiseParameters>> = {
  name: "boltzmann",
  kind: "energy",
  summary: "fully visible Boltzmann machine: a bias of every bit, a coupling of every pair",
  schema,
  parameterCount: ({ space }) => countOf(space),
  create: makeBoltzmann,
};

/** Its form for categorical data. */
export const potts: Family<EnergyModel<PairwiseParameters>> = {
  name: "potts",
  kind: "energy",
  summary: "pairwise Potts model: a bias of every state, a coupling of every pair of states",
  schema,
  parameterCount: ({ space }) => countOf(space),
  create: makePotts,
};
