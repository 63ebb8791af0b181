import * as z from "zod";
import type { NDArray } from "../../../src/array.ts";
import { siteShape, sites } from "../../../src/data/space.ts";
import type {
  Domain,
  Family,
  GradientPlayer,
  ImplicitModel,
  Monitor,
  Symbolic,
} from "../../../src/models/contract.ts";
import { checkHyperparameters } from "../../../src/models/hyperparameters.ts";
import { glorotInit, zerosInit } from "../../../src/nn/init.ts";
import type { Optimiser } from "../../../src/optim/index.ts";
import type { Key } from "../../../src/random/key.ts";
import {
  add,
  BATCH,
  matmul,
  mean,
  mul,
  normal,
  reshape,
  type SymbolicKey,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
} from "../../../src/tensor/index.ts";
import { contextWidth } from "./domain.ts";
import { requireReal } from "./linear-gaussian.ts";

const schema = z.strictObject({
  noise: z.int().min(1).default(2).describe("numbers of noise"),
  hidden: z.int().min(1).default(8).describe("hidden units"),
  training: z
    .enum(["energy-score", "critic"])
    .default("energy-score")
    .describe("by the energy score of the rows, or against a critic of first and second moments"),
});

type H = z.output<typeof schema>;

/** x = z V + tanh(z U + b + c C) W + a with standard normal z. */
export type NoiseNetworkParameters = {
  readonly generator: {
    /** V, `[noise, sites]`. */
    readonly skip: NDArray<"f32">;
    /** U, `[noise, hidden]`. */
    readonly inner: NDArray<"f32">;
    /** b, `[hidden]`. */
    readonly bias: NDArray<"f32">;
    /** C, `[width, hidden]` for a context of so many numbers. */
    readonly context?: NDArray<"f32">;
    /** W, `[hidden, sites]`. */
    readonly outer: NDArray<"f32">;
    /** a, `[sites]`. */
    readonly offset: NDArray<"f32">;
  };
  /** Weights of the moments x_i and x_i x_j, of a model that is trained against them. */
  readonly critic?: { readonly first: NDArray<"f32">; readonly second: NDArray<"f32"> };
};

type P = Symbolic<NoiseNetworkParameters>;

function initial(domain: Domain, h: H, key: Key): NoiseNetworkParameters {
  const n = sites(domain.space);
  const width = contextWidth(domain);
  return {
    generator: {
      skip: glorotInit(key.fold(0), h.noise, n),
      inner: glorotInit(key.fold(1), h.noise, h.hidden),
      bias: zerosInit([h.hidden]),
      ...(width > 0 && { context: glorotInit(key.fold(3), width, h.hidden) }),
      outer: glorotInit(key.fold(2), h.hidden, n),
      offset: zerosInit([n]),
    },
    ...(h.training === "critic" && { critic: { first: zerosInit([n]), second: zerosInit([n, n]) } }),
  };
}

/** `batch` rows of the network, `[batch, sites]`. */
function draw({ generator: g }: P, batch: number, key: SymbolicKey, context?: Tensor): Tensor {
  const noise = normal(key, [batch, g.skip.shape[0] as number], g.skip.dtype as "f32");
  const inner = add(matmul(noise, g.inner), g.bias);
  const hidden = tanh(g.context && context ? add(inner, matmul(context, g.context)) : inner);
  return add(add(matmul(noise, g.skip), matmul(hidden, g.outer)), g.offset);
}

/** Away from 0, where a root has no derivative. */
const TINY = 1e-12;
const distance = (a: Tensor, b: Tensor) => sqrt(add(sum(square(sub(a, b)), 1), TINY));

/**
 * |x − X| − |X − X'|/2 of each row x by one pair of samples X, X': in the mean over rows least for the distribution of the rows
 * alone (Gneiting & Raftery, J. Am. Stat. Assoc. 102 (2007) 359, equation 22).
 */
function energyScore(p: P, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor {
  const batch = x.shape[0] as number;
  const rows = reshape(x, [batch, p.generator.offset.shape[0] as number]);
  const [a, b] = [draw(p, batch, key.fold(0), context), draw(p, batch, key.fold(1), context)];
  return sub(distance(rows, a), mul(distance(a, b), 0.5));
}

/** The mean over rows of what a critic says of their moments. */
function judged({ critic }: P, rows: Tensor): Tensor {
  const { first, second } = critic as NonNullable<P["critic"]>;
  return mean(add(matmul(rows, first), sum(mul(matmul(rows, second), rows), 1)));
}

type Players = readonly [GradientPlayer<NoiseNetworkParameters>, ...GradientPlayer<NoiseNetworkParameters>[]];

/** A game whose critic prefers samples to data, less half its squared weights, which hold it to the difference of moments. */
function game(optimiser: Optimiser): Players {
  const flat = ({ generator }: P, x: Tensor) =>
    reshape(x, [x.shape[0] as number, generator.offset.shape[0] as number]);
  return [
    {
      name: "critic",
      owns: (path) => path.startsWith("critic."),
      optimiser,
      updates: 2,
      prepare: ({ parameters, x, key, context, state }) => ({
        state,
        rows: draw(parameters, x.shape[0] as number, key, context),
      }),
      loss({ parameters, x }, fakes) {
        const { first, second } = parameters.critic as NonNullable<P["critic"]>;
        const difference = sub(judged(parameters, fakes as Tensor), judged(parameters, flat(parameters, x)));
        const size = mul(add(sum(square(first)), sum(square(second))), 0.5);
        return { loss: sub(size, difference), parts: { difference } };
      },
    },
    {
      name: "generator",
      owns: (path) => path.startsWith("generator."),
      optimiser,
      loss: ({ parameters, x, key, context }) => ({
        loss: judged(parameters, draw(parameters, x.shape[0] as number, key, context)),
      }),
    },
  ];
}

const scored = (optimiser: Optimiser): Players => [
  {
    name: "energy score",
    optimiser,
    loss: ({ parameters, x, key, context }) => ({ loss: mean(energyScore(parameters, x, key, context)) }),
  },
];

const monitor: Monitor<NoiseNetworkParameters> = {
  name: "energy score",
  rows: energyScore,
  estimated: true,
  selects: true,
};

/** A small network of normal noise, without a likelihood. Throws AnsatzError (usage) for other spaces than real ones. */
export function makeNoiseNetwork(
  domain: Domain,
  options: unknown = {},
): ImplicitModel<NoiseNetworkParameters> {
  const h = checkHyperparameters("noise-network", schema, options);
  requireReal("noise-network", domain);
  const ofScore = h.training === "energy-score";
  return {
    kind: "implicit",
    family: "noise-network",
    hyperparameters: h,
    ...domain,
    init: (key) => initial(domain, h, key),
    objective: ({ optimiser }) => ({ players: ofScore ? scored(optimiser) : game(optimiser) }),
    ...(ofScore && { monitor }),
    sample(p, key, context) {
      const batch = context ? (context.shape[0] as number) : BATCH;
      return { x: reshape(draw(p, batch, key, context), [batch, ...siteShape(domain.space)]) };
    },
  };
}

export const noiseNetwork: Family<ImplicitModel<NoiseNetworkParameters>> = {
  name: "noise-network",
  kind: "implicit",
  summary: "a small network of normal noise",
  schema,
  parameterCount(domain, options) {
    const { noise, hidden, training } = checkHyperparameters("noise-network", schema, options);
    const n = sites(domain.space);
    const generator = (noise + 1) * (n + hidden) + hidden * (n + contextWidth(domain));
    return generator + (training === "critic" ? n + n * n : 0);
  },
  create: makeNoiseNetwork,
};
