import * as z from "zod";
import { arrayFrom } from "../../../src/array.ts";
import { sites } from "../../../src/data/space.ts";
import type { Domain, ExactModel, Family, Symbolic } from "../../../src/models/contract.ts";
import { checkHyperparameters } from "../../../src/models/hyperparameters.ts";
import {
  add,
  cast,
  constant,
  div,
  exp,
  log,
  matmul,
  mean,
  mul,
  neg,
  slice,
  square,
  squeeze,
  sub,
  type Tensor,
  transpose,
} from "../../../src/tensor/index.ts";
import {
  adaptMean,
  centred,
  countGenerator,
  drawRows,
  type GeneratorParameters,
  initGenerator,
  requireReal,
} from "./linear-gaussian.ts";

const schema = z.strictObject({
  latent: z.int().min(1).default(2).describe("latent variables"),
});

/**
 * The model of `ppca` with its latent variables integrated out: x is normal with covariance W Wᵀ + σ². Throws AnsatzError (usage)
 * for other spaces than real ones.
 */
export function makePpcaExact(domain: Domain, options: unknown = {}): ExactModel<GeneratorParameters> {
  const h = checkHyperparameters("ppca-exact", schema, options);
  requireReal("ppca-exact", domain);
  const n = sites(domain.space);
  const identity = arrayFrom(
    "f32",
    [n, n],
    Float32Array.from({ length: n * n }, (_, i) => Number(i % n === Math.floor(i / n))),
  );
  const logProb = (p: Symbolic<GeneratorParameters>, x: Tensor, context?: Tensor) => {
    const noise = mul(cast(constant(identity), p.loading.dtype), exp(mul(p.logNoise, 2)));
    const covariance = add(matmul(p.loading, transpose(p.loading)), noise);
    return logNormal(centred(p, x, context), covariance);
  };
  return {
    kind: "exact",
    family: "ppca-exact",
    hyperparameters: h,
    ...domain,
    init: (key) => initGenerator(domain, h.latent, key),
    adapt: adaptMean,
    logProb,
    loss: (p, x, _, context) => neg(mean(logProb(p, x, context))),
    sample(p, key, context) {
      const x = drawRows(domain, h.latent, p, key, context);
      return { x, logProb: logProb(p, x, context) };
    },
  };
}

/** log N(rows; 0, C) of each row `[batch]`, one number given those before it: a Gaussian elimination of C. */
function logNormal(rows: Tensor, covariance: Tensor): Tensor {
  const n = covariance.shape[0] as number;
  let [left, rest] = [covariance, rows];
  let total: Tensor | undefined;
  for (let k = 0; k < n; k++) {
    const row = slice(left, 0, k, k + 1);
    const pivot = slice(row, 1, k, k + 1);
    const own = slice(rest, 1, k, k + 1);
    const term = add(add(div(square(own), pivot), log(pivot)), Math.log(2 * Math.PI));
    total = total ? add(total, term) : term;
    const ratio = div(row, pivot);
    left = sub(left, matmul(transpose(row), ratio));
    rest = sub(rest, matmul(own, ratio));
  }
  return mul(squeeze(total as Tensor, 1), -0.5);
}

export const ppcaExact: Family<ExactModel<GeneratorParameters>> = {
  name: "ppca-exact",
  kind: "exact",
  summary: "probabilistic principal component analysis without its latent variables",
  schema,
  parameterCount: (domain, options) =>
    countGenerator(domain, checkHyperparameters("ppca-exact", schema, options).latent),
  create: makePpcaExact,
};
