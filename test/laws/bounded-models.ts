import type { NDArray } from "../../src/array.ts";
import { binary, categorical, circle, describe, levels, real } from "../../src/data/space.ts";
import type { BoundedModel, Domain, Parameters } from "../../src/models/contract.ts";
import { createModel, familyNamed } from "../../src/models/registry.ts";
import { contextWidth, domainOf } from "./models/domain.ts";
import type { PpcaParameters } from "./models/ppca.ts";
import { gap, logProb, whitened, withPosterior } from "./models/ppca-known.ts";
import "./models/register.ts";

/** What is known of a bounded model in closed form, in double precision. */
export interface Known {
  /** log P of each row, nats. */
  logProb(parameters: Parameters, x: NDArray, context?: NDArray<"f32">): Float64Array;
  /** What the mean of the bound lies below log P, nats a row. */
  gap(parameters: Parameters, x: NDArray, context?: NDArray<"f32">): Float64Array;
  /** The parameters with the encoder that makes the bound tight. */
  tight(parameters: Parameters): Parameters;
  /** The parameters with an encoder that is somewhat off, and whose weights have a variance. */
  loose(parameters: Parameters): Parameters;
  /** Rows as numbers that are independent and standard normal if the rows are the model's. */
  whitened(parameters: Parameters, x: NDArray, context?: NDArray<"f32">): number[][];
}

/** One bounded model the laws are held against. */
export interface Case {
  readonly name: string;
  readonly domain: Domain;
  readonly make: () => BoundedModel;
  /** The family's estimate of the number of parameters. */
  readonly parameterCount: () => number;
  /** Left out where log P has no closed form; laws of its value are then skipped. */
  readonly known?: Known;
  /** Paths of parameters that training leaves as they are: units of columns. */
  readonly fixed: RegExp;
}

const ofPpca: Known = {
  logProb: (p, ...rows) => logProb(p as PpcaParameters, ...rows),
  gap: (p, ...rows) => gap(p as PpcaParameters, ...rows),
  tight: (p) => withPosterior(p as PpcaParameters),
  loose: (p) => withPosterior(p as PpcaParameters, 0.3, 1.2),
  whitened: (p, ...rows) => whitened(p as PpcaParameters, ...rows),
};

const small = { network: "convolutional", latent: 2, hidden: 5, channels: [2, 3] };

const tiny = { width: 4, blocks: 1, steps: 2 };

const dense = { levels: [2, 3], network: "dense", prior: "made" };

/** Families and the hyperparameters that change what they compute: a new family is its lines here. */
const families: readonly (readonly [
  family: string,
  hyperparameters: Record<string, unknown>,
  domains: readonly Domain[],
  known?: Known,
])[] = [
  ["ppca", { latent: 2 }, [domainOf(real([4])), domainOf(real([3]), 2)], ofPpca],
  ["ppca", { latent: 1 }, [domainOf(real([2, 2]))], ofPpca],
  ["ppca", { latent: 3, divergence: "closed" }, [domainOf(real([4]))], ofPpca],
  ["vae", { latent: 3, hidden: 6 }, [domainOf(binary([3, 2])), domainOf(binary([4]), 2)]],
  ["vae", { latent: 2, hidden: 0 }, [domainOf(binary([4]))]],
  ["vae", { latent: 2, hidden: [5, 4], activation: "tanh" }, [domainOf(categorical([4], 3))]],
  ["vae", { latent: 2, hidden: 5, variance: "shared" }, [domainOf(real([4]), 2)]],
  ["vae", { latent: 2, hidden: 5, variance: "site" }, [domainOf(real([4]))]],
  ["vae", { latent: 2, hidden: 5, variance: "latent" }, [domainOf(real([4]))]],
  ["vae", { latent: 2, hidden: 5, components: 2 }, [domainOf(levels([2, 2], 8))]],
  ["vae", { latent: 2, hidden: 5 }, [domainOf(circle([4]))]],
  ["vae", { latent: 2, hidden: 5, prior: "spline" }, [domainOf(binary([4]))]],
  ["vae", { latent: 3, hidden: 5, posterior: "flow" }, [domainOf(binary([4]), 2)]],
  ["vae", { latent: 2, hidden: 4, draws: 3, klWarmup: 20 }, [domainOf(binary([4]))]],
  ["vae", { latent: 2, hidden: 4, beta: 0.5, freeBits: 0.1, klWarmup: 20 }, [domainOf(binary([4]))]],
  ["vae", { ...small, padding: "periodic" }, [domainOf(binary([4, 4]), 2), domainOf(circle([6]))]],
  ["vae", { ...small, channels: 3, kernel: 5 }, [domainOf(levels([4, 6, 2], 4))]],
  ["vq-vae", { ...dense, codes: 2, hidden: 5 }, [domainOf(binary([4])), domainOf(binary([4]), 2)]],
  ["vq-vae", { ...dense, codes: 1, hidden: 0, prior: "nade" }, [domainOf(categorical([3], 3))]],
  [
    "vq-vae",
    { levels: [2, 3], width: 3, blocks: 1, patch: 2, padding: "periodic" },
    [domainOf(binary([4, 4]), 2)],
  ],
  ["flow-matching", tiny, [domainOf(real([2])), domainOf(real([3]), 2)]],
  ["flow-matching", { ...tiny, path: "vp", modes: "sites" }, [domainOf(real([4]))]],
  ["flow-matching", { ...tiny, sampler: "sde", times: "middle" }, [domainOf(real([2]))]],
  ["flow-matching", { ...tiny, guidance: 2, contextDropout: 0.2 }, [domainOf(real([2]), 2)]],
  ["flow-matching", { ...tiny, padding: "periodic" }, [domainOf(real([2, 4]))]],
  ["flow-matching", { ...tiny, modes: "cosine" }, [domainOf(levels([2, 2, 2], 8))]],
  ["flow-matching", tiny, [domainOf(real([2], [0, 1]))]],
  ["flow-matching", { ...tiny, network: "unet", channels: [4, 8] }, [domainOf(real([4, 4]), 2)]],
  [
    "flow-matching",
    { ...tiny, network: "unet", channels: 4, patch: 2, padding: "periodic" },
    [domainOf(real([8]))],
  ],
  ["flow-matching", { ...tiny, network: "transformer" }, [domainOf(levels([2, 2, 2], 8))]],
];

/** Units of columns, which are those of the data, and a Gaussian that is. */
const units =
  /^((likelihood|(prior\.bijection|data)\.layers\.\d+)\.(logScale|shift)|modes\.(axes|logVariance))$/;

/** Every family on each of its domains. */
export const cases: readonly Case[] = families.flatMap(([family, hyperparameters, domains, known]) =>
  domains.map((domain) => ({
    name: `${family} ${JSON.stringify(hyperparameters)}, ${describe(domain.space)}${contextWidth(domain) > 0 ? ", given a context" : ""}`,
    domain,
    make: () => createModel(family, domain, hyperparameters) as BoundedModel,
    parameterCount: () => familyNamed(family).parameterCount(domain, hyperparameters),
    ...(known && { known }),
    fixed: units,
  })),
);
