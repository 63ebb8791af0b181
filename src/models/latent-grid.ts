import { arrayFrom, type NDArray } from "../array.ts";
import { siteShape } from "../data/space.ts";
import { usageError } from "../error.ts";
import { keyOf, type SeedOrKey } from "../random/seed.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import { type Call, Program } from "../runtime/program.ts";
import { KEY, Spec, type Traced, trace } from "../runtime/trace.ts";
import type { SymbolicKey } from "../tensor/ops/random.ts";
import { BATCH } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { freeze } from "./arrays.ts";
import type { ExactModel, Flow, Parameters } from "./contract.ts";

/** See {@link latentGrid}. */
export interface LatentGridOptions extends EngineOptions, SeedOrKey {
  /** Lines along each of the two axes. */
  readonly lines?: number;
  /** Points of each line. */
  readonly points?: number;
}

/** Latent points that the lines are placed by. */
const drawn = 4000;

/**
 * A grid of lines in the latent plane of a flow carried through its map: each line is `[points, 2]` in the plane of the
 * data, first those along the second latent axis, then those along the first. Lines lie at evenly spaced quantiles of the
 * base distribution, from its 2nd to its 98th percentile. Throws AnsatzError (usage) for a model that is no flow of two
 * variables, or is conditional.
 */
export async function latentGrid<P extends Parameters>(
  { model, parameters }: { readonly model: ExactModel<P>; readonly parameters: P },
  { seed, key, lines = 13, points = 240, ...engine }: LatentGridOptions = {},
): Promise<Float32Array[]> {
  const { flow, space, context, family } = model;
  if (flow?.latentShape.join() !== "2" || siteShape(space).join() !== "2" || context)
    throw usageError(
      `${family} does not map a plane to a plane; a grid needs a flow of two variables without a context`,
    );
  const frozen = freeze(parameters);
  const base = await run(
    trace((k: SymbolicKey) => [(flow as Flow<P>).base(frozen, k).z], [KEY]),
    [],
    { keys: [keyOf({ seed, key })], batch: drawn },
    engine,
  );
  const columns = [0, 1].map((axis) =>
    Float64Array.from({ length: drawn }, (_, row) => base.data[2 * row + axis] as number).sort(),
  ) as [Float64Array, Float64Array];
  const quantile = (axis: 0 | 1, t: number) =>
    columns[axis][Math.round((0.02 + 0.96 * t) * (drawn - 1))] as number;
  const z: number[] = [];
  for (const fixed of [0, 1] as const)
    for (let line = 0; line < lines; line++)
      for (let k = 0; k < points; k++) {
        const at = quantile(fixed, line / (lines - 1));
        const ends = [quantile(fixed === 0 ? 1 : 0, 0), quantile(fixed === 0 ? 1 : 0, 1)] as const;
        const along = ends[0] + ((ends[1] - ends[0]) * k) / (points - 1);
        z.push(...(fixed === 0 ? [at, along] : [along, at]));
      }
  const count = 2 * lines * points;
  const x = await run(
    trace((t: Tensor) => [flow.forward(frozen, t).x], [new Spec([BATCH, 2])]),
    [arrayFrom("f32", [count, 2], z)],
    {},
    engine,
  );
  return Array.from({ length: 2 * lines }, (_, i) =>
    (x.data as Float32Array).slice(2 * i * points, 2 * (i + 1) * points),
  );
}

async function run(
  traced: Traced,
  args: readonly NDArray<"f32">[],
  call: Call,
  engine: EngineOptions,
): Promise<NDArray<"f32">> {
  const program = await Program.compile(traced, engine);
  try {
    return (await program.run(args, call))[0] as NDArray<"f32">;
  } finally {
    await program.release();
  }
}
