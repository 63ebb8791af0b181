import * as z from "zod";
import { ndarray } from "../../../src/array.ts";
import { sites } from "../../../src/data/space.ts";
import type { BoundedModel, Domain, Family, Symbolic } from "../../../src/models/contract.ts";
import { checkHyperparameters } from "../../../src/models/hyperparameters.ts";
import { glorotInit, zerosInit } from "../../../src/nn/init.ts";
import {
  add,
  BATCH,
  exp,
  matmul,
  mul,
  normal,
  type SymbolicKey,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../../../src/tensor/index.ts";
import {
  adaptMean,
  centred,
  countGenerator,
  drawRows,
  drawVisible,
  type GeneratorParameters,
  initGenerator,
  loaded,
  requireReal,
} from "./linear-gaussian.ts";

const schema = z.strictObject({
  latent: z.int().min(1).default(2).describe("latent variables"),
  divergence: z
    .enum(["drawn", "closed"])
    .default("drawn")
    .describe("KL of the encoder from the prior: drawn with the latent variables, or in closed form"),
});

type P = Symbolic<PpcaParameters>;
type Vector = ReturnType<typeof zerosInit>;

/** q(z|x) = N(A (x − μ − C c) + b, L Lᵀ) with L = exp(diagonal) + lower. */
export type PpcaParameters = GeneratorParameters & {
  readonly encoder: {
    /** A, `[latent, sites]`. */
    readonly weight: Vector;
    /** b, `[latent]`. */
    readonly offset: Vector;
    /** Logarithms of the diagonal of L, `[latent]`. */
    readonly diagonal: Vector;
    /** L below its diagonal, `[latent, latent]`. */
    readonly lower: Vector;
  };
};

const LOG_2PI = Math.log(2 * Math.PI);

/** log N(noise; 0, 1) of each row, nats. */
const logNormal = (noise: Tensor) =>
  mul(add(sum(square(noise), 1), LOG_2PI * (noise.shape[1] as number)), -0.5);

/**
 * Probabilistic principal component analysis with its latent variables kept: a bound by a Gaussian encoder, which is tight
 * where the encoder is the posterior. Throws AnsatzError (usage) for other spaces than real ones.
 */
export function makePpca(domain: Domain, options: unknown = {}): BoundedModel<PpcaParameters> {
  const h = checkHyperparameters("ppca", schema, options);
  requireReal("ppca", domain);
  const { latent } = h;
  const n = sites(domain.space);
  const below = Float32Array.from({ length: latent * latent }, (_, i) =>
    Number(i % latent < Math.floor(i / latent)),
  );
  /** z of the encoder and the noise it was made of. */
  const encoded = (p: P, rows: Tensor, key: SymbolicKey) => {
    const { weight, offset, diagonal, lower } = p.encoder;
    const middle = add(matmul(rows, transpose(weight)), offset);
    const noise = normal(key, [rows.shape[0] as number, latent], rows.dtype as "f32");
    const z = add(add(middle, mul(noise, exp(diagonal))), matmul(noise, transpose(lower)));
    return { middle, z, logProb: sub(logNormal(noise), sum(diagonal)) };
  };
  /** log N of the rows given z, site by site. */
  const siteLogs = (p: P, rows: Tensor, z: Tensor) => {
    const missed = mul(sub(rows, loaded(p, z)), exp(mul(p.logNoise, -1)));
    return sub(mul(add(square(missed), LOG_2PI), -0.5), p.logNoise);
  };
  const logLikelihood = (p: P, rows: Tensor, z: Tensor) => sum(siteLogs(p, rows, z), 1);
  return {
    kind: "bounded",
    family: "ppca",
    hyperparameters: h,
    ...domain,
    importance: h.divergence === "drawn",
    init: (key) => ({
      ...initGenerator(domain, latent, key.fold(0)),
      encoder: {
        weight: ndarray("f32", [latent, n], glorotInit(key.fold(1), latent, n).data),
        offset: zerosInit([latent]),
        diagonal: zerosInit([latent]),
        lower: zerosInit([latent, latent]),
      },
    }),
    masks: { "encoder.lower": below },
    adapt: (p, x) => adaptMean<PpcaParameters>(p, x),
    bound(p, x, key, context) {
      const { diagonal, lower } = p.encoder;
      const rows = centred(p, x, context);
      const { middle, z, logProb } = encoded(p, rows, key);
      const reconstruction = logLikelihood(p, rows, z);
      const divergence =
        h.divergence === "drawn"
          ? sub(logProb, logNormal(z))
          : closedDivergence(middle, sum(diagonal), add(sum(exp(mul(diagonal, 2))), sum(square(lower))));
      return { bound: sub(reconstruction, divergence), parts: { reconstruction, KL: divergence } };
    },
    sample: (p, key, context) => ({ x: drawRows(domain, latent, p, key, context) }),
    latent: {
      size: latent,
      drawPrior: (p, key, context) =>
        normal(key, [context ? (context.shape[0] as number) : BATCH, latent], p.loading.dtype as "f32"),
      logPrior: (_, z) => logNormal(z),
      logLikelihood: (p, x, z, context) => logLikelihood(p, centred(p, x, context), z),
      siteLogLikelihood: (p, x, z, context) => siteLogs(p, centred(p, x, context), z),
      drawVisible: (p, key, z, context) => drawVisible(domain, p, key, z, context),
      drawPosterior(p, key, x, context) {
        const { z, logProb } = encoded(p, centred(p, x, context), key);
        return { z, logProb };
      },
    },
  };
}

/** KL(N(m, S) ‖ N(0, 1)) of each row by ln |S|/2 and the trace of S. */
function closedDivergence(middle: Tensor, logVolume: Tensor, trace: Tensor): Tensor {
  const size = middle.shape[1] as number;
  return sub(mul(add(sum(square(middle), 1), sub(trace, size)), 0.5), logVolume);
}

export const ppca: Family<BoundedModel<PpcaParameters>> = {
  name: "ppca",
  kind: "bounded",
  summary: "probabilistic principal component analysis by its latent variables",
  schema,
  parameterCount(domain, options) {
    const { latent } = checkHyperparameters("ppca", schema, options);
    return countGenerator(domain, latent) + latent * (sites(domain.space) + 2 + latent);
  },
  create: makePpca,
};
