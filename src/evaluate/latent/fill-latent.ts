import { type NDArray, ndarray, sizeOf, takeRows } from "../../array.ts";
import type { Partial } from "../../data/partial.ts";
import { siteShape, sites } from "../../data/space.ts";
import { inputError } from "../../error.ts";
import { modelRows, storedRows } from "../../models/arrays.ts";
import { contextFloats } from "../../models/context.ts";
import type { FittedBounded } from "../../models/fitted/bounded.ts";
import { annealPosterior, drawVisible, requireLatent } from "../../models/index.ts";
import { keyOf, type SeedOrKey } from "../../random/seed.ts";
import { uniform } from "../../random/uniform.ts";
import { logMeanExp } from "../../stats/index.ts";
import type { FilledRows } from "../fill.ts";
import { systematic } from "../systematic.ts";

/** Particles a row. */
const PARTICLES = 64;
/** Points of the path from the prior to the posterior. */
const TEMPERATURES = 100;

/** Options of {@link fillLatent}. */
export interface FillLatentOptions extends SeedOrKey {
  /** Completions a row (default 1). */
  readonly completions?: number | undefined;
  /** Least number of particles a row that completions are chosen from (default 64). */
  readonly particles?: number | undefined;
  /** Points of the path from the prior to the posterior given the known sites (default 100). */
  readonly temperatures?: number | undefined;
  /** `[rows, ...]`, rows of the model's context space. */
  readonly context?: NDArray | undefined;
  /** Is called with the work done and all of it. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Completes configurations by a model with sites that are independent given its latent variables z. Particles
 * z are annealed from the prior to P(z | known sites) and weighted by annealed importance sampling. The
 * requested number of particles is chosen by weight, and the unknown sites are drawn from P(x | z) of each.
 * If no more particles than completions were drawn, all are used, with their weights.
 *
 * Throws AnsatzError: usage for a model without latent variables or the likelihood of single sites; input if
 * the known sites of a row have probability 0.
 */
export async function fillLatent(
  fitted: FittedBounded,
  { values, known }: Partial,
  options: FillLatentOptions = {},
): Promise<FilledRows> {
  const { parameters, engine } = fitted;
  const model = requireLatent(fitted.model, "to fill gaps by");
  const { completions = 1, temperatures = TEMPERATURES, onProgress, signal } = options;
  const particles = Math.max(completions, options.particles ?? PARTICLES);
  const { space } = model;
  const rows = values.shape[0] as number;
  const key = keyOf(options);
  const context = contextFloats(model, options.context, rows);
  const given = context && { context };
  const lanes = {
    count: rows,
    x: modelRows(space, values, 0, rows),
    known: ndarray("f32", [rows, sites(space)], known.data),
    ...given,
  };
  const { z, logWeights } = await annealPosterior(model, parameters, lanes, {
    ...{ ...engine, key: key.fold(0), chains: particles, temperatures, onProgress, signal },
  });
  const u = uniform(key.fold(1), rows, "f64");
  const places = new Uint32Array(rows * completions);
  const weights = ndarray("f64", [rows, completions]);
  const [ess, logEvidence] = [new Float64Array(rows), new Float64Array(rows)];
  for (let row = 0; row < rows; row++) {
    const logs = logWeights.subarray(row * particles, (row + 1) * particles);
    const evidence = logMeanExp(logs);
    if (evidence.value === Number.NEGATIVE_INFINITY)
      throw inputError(`row ${row}: what is known there has probability 0 in this model`);
    ess[row] = evidence.effectiveSampleSize;
    logEvidence[row] = evidence.value;
    const probability = Array.from(logs, (l) => Math.exp(l - evidence.value) / particles);
    const all = particles === completions;
    const chosen = all
      ? probability.map((_, k) => k)
      : systematic(probability, completions, u[row] as number);
    chosen.forEach((k, slot) => {
      places[row * completions + slot] = row * particles + k;
      weights.data[row * completions + slot] = all ? (probability[k] as number) : 1 / completions;
    });
  }
  const owners = places.map((place) => Math.floor(place / particles));
  const drawn = await drawVisible(model, parameters, takeRows(z, places), key.fold(2), {
    ...engine,
    ...(context && { context: takeRows(context, owners) }),
  });
  const stored = storedRows(space, [drawn]);
  const width = sizeOf(siteShape(space));
  for (let i = 0; i < stored.data.length; i++) {
    const from = (owners[Math.floor(i / width)] as number) * width + (i % width);
    if (known.data[from] === 1) (stored.data as Float32Array)[i] = values.data[from] as number;
  }
  return {
    x: { ...stored, shape: [rows, completions, ...siteShape(space)] } as NDArray,
    ...{ weights, ess, logEvidence, particles },
    exact: new Array<boolean>(rows).fill(false),
  };
}
