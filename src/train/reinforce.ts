import type { DType, NDArray } from "../array.ts";
import { augment, symmetryGroup } from "../data/symmetry.ts";
import { usageError } from "../error.ts";
import { isArray, modelRows, specsOf, storedRows } from "../models/arrays.ts";
import type { Objective, Parameters, Solvable, Symbolic } from "../models/contract.ts";
import type { Optimiser } from "../optim/index.ts";
import type { Key } from "../random/key.ts";
import { Program } from "../runtime/program.ts";
import { KEY, trace } from "../runtime/trace.ts";
import type { Target } from "../systems/system.ts";
import { add, leaves, mean, mul, type SymbolicKey, square, sub, sum, type Tensor } from "../tensor/index.ts";
import type { BatchData, Source } from "./course.ts";
import type { ActionWeights } from "./flow-objective.ts";
import { rowsOf, rowTypes } from "./row-types.ts";
import type { SolveProblem } from "./solve-problem.ts";

/** Rows of one run of the sampler's graph: fewer pay more for its loop, more lie in no cache. */
const SAMPLER_ROWS = 1000;

/**
 * Returns the objective of half the variance over a batch of f = log q + βE, for rows that come with their
 * action βE. Its gradient is exactly REINFORCE with the leave-one-out baseline, (1/B) Σ_i (f_i − f̄_{≠i})
 * ∇log q(x_i) (Wu, Wang & Zhang, PRL 122, 080602, eq. 4, with the baseline of Kool et al. 2019; Richter et
 * al., arXiv:2010.10436, proposition 1); log q is evaluated once for both.
 */
export function varianceObjective<P extends Parameters>(
  model: Solvable<P>,
  batch: number,
  { optimiser, updates }: { readonly optimiser: Optimiser; readonly updates: number },
): Objective<P> {
  return {
    players: [
      {
        ...{ name: "variance", optimiser, updates },
        loss({ parameters, x, action }) {
          const f = add(model.logProb(parameters, x), action as Tensor);
          return { loss: mul(sum(square(sub(f, mean(f)))), 0.5 / (batch - 1)) };
        },
      },
    ],
  };
}

/** Energies of rows; throws a usage error that names the first that is not finite, which a target's own code may let by. */
function energiesOf(target: Target, x: NDArray): Float64Array {
  const energy = target.energy(x);
  const rows = x.shape[0] as number;
  if (energy.length !== rows)
    throw usageError(`${target.name}: the energy has ${energy.length} numbers for ${rows} rows`);
  const bad = energy.findIndex((e) => !Number.isFinite(e));
  if (bad >= 0)
    throw usageError(`${target.name}: the energy of row ${bad} is ${energy[bad]}; it must be finite`);
  return energy;
}

/** Options of {@link energySource}. */
export interface EnergySourceOptions {
  readonly batch: number;
  readonly key: Key;
  readonly threads: number;
  /** The action of a step. */
  weights(step: number): ActionWeights<number>;
}

/**
 * Returns a source of rows that the model draws with its current parameters, with their action. The first
 * update of a step has the rows as drawn, later ones their images under random symmetries of the target.
 * Images follow distributions other than q; the variance under those is a divergence too, with the same
 * minimum of zero at q = p (Richter et al., section 3). Drawing costs more than learning, and images show
 * where q is not symmetric.
 */
export function energySource<P extends Parameters>(
  model: Solvable<P>,
  parameters: P,
  { target, start }: SolveProblem,
  { batch, key, threads, weights }: EnergySourceOptions,
): Source<P> {
  const { space } = model;
  const { x: row } = rowTypes(model);
  const tree = specsOf(parameters);
  const draws = trace((p: Symbolic<P>, noise: SymbolicKey) => model.sample(p, noise).x, [tree, KEY]);
  const scores = trace((p: Symbolic<P>, x: Tensor) => model.logProb(p, x), [tree, rowsOf(row, batch)]);
  const programs = {
    sampler: Program.compile(draws, { threads }),
    scorer: Program.compile(scores, { threads }),
  };
  // Images must have the energy of their rows, at the start too.
  const shared = target.symmetries?.filter((name) => !start || start.symmetries?.includes(name));
  const group = shared?.length ? symmetryGroup(space, shared) : undefined;

  const draw = async (live: P, noise: Key) => {
    const sampler = await programs.sampler;
    const params = leaves(live, isArray);
    const parts: NDArray<DType>[] = [];
    for (let from = 0; from < batch; from += SAMPLER_ROWS) {
      const count = Math.min(SAMPLER_ROWS, batch - from);
      const [x] = await sampler.run(params, { keys: [noise.fold(from / SAMPLER_ROWS)], batch: count });
      parts.push(x as NDArray<DType>);
    }
    return storedRows(space, parts);
  };

  return {
    x: row,
    action: { shape: [], dtype: "f32" },
    async fill({ step, updates, looked, live }) {
      const [drawKey, imageKey] = key.fold(step).split(2) as [Key, Key];
      const drawn = await draw(live(), drawKey);
      const energy = energiesOf(target, drawn);
      const x = modelRows(space, drawn, 0, batch);
      const [logProb] = looked ? await (await programs.scorer).run([...leaves(live(), isArray), x]) : [];
      const w = weights(step);
      const from = start && energiesOf(start, drawn);
      const action = Float32Array.from(
        energy,
        (e, i) => w.target * e + (from ? w.start * (from[i] as number) : 0),
      );
      const images = [x.data as BatchData];
      for (let i = 1; i < updates; i++) {
        const before = images[i - 1] as BatchData;
        const image = group ? before.slice() : before;
        if (group) augment(image, batch, group, imageKey.fold(i));
        images.push(image);
      }
      return {
        x: images,
        action: images.map(() => action),
        seen: { energy, ...(logProb && { logProb: Float64Array.from(logProb.data as Float32Array) }) },
      };
    },
    async release() {
      for (const program of Object.values(programs)) await (await program).release();
    },
  };
}
