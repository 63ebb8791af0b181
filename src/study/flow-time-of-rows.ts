import { type NDArray, ndarray, rowsBetween } from "../array.ts";
import { siteShape, sites } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import { floats, isPlane, type PartRows, partMean } from "../evaluate/index.ts";
import { modelRows, storedRows } from "../models/arrays.ts";
import type { BoundedModel, Parameters, TimeFlow } from "../models/contract.ts";
import { FittedBounded } from "../models/fitted/bounded.ts";
import type { AnyFitted } from "../models/fitted/fitted.ts";
import { traceMoments, traceVelocityErrors } from "../models/flow-time-graphs.ts";
import { Key } from "../random/key.ts";
import { Program } from "../runtime/program.ts";
import type { Estimate } from "../stats/index.ts";
import type { LookOptions } from "./study.ts";

/** Moments of the way from noise to data that figures show. */
const MOMENTS = [1, 0.75, 0.5, 0.25, 0.1, 0];
/** Rows on the way: points of the plane are counted, of others a few are shown. */
const [POINTS, SHOWN] = [4000, 6];
/** Rows whose error of the steps is measured, and rows whose velocity is. */
const [STEPPED, ROWS] = [64, 2000];
/** Numbers of steps that are compared with the last. */
const STEPS = [3, 6, 12, 24, 48];

/** What figures show of the way between noise and rows of a flow in time. */
export interface FlowTimeOfRows {
  /** Rows on the way from noise to data, as datasets store them. */
  readonly moments: readonly { readonly time: number; readonly x: NDArray }[];
  /** The velocity's squared error over scored rows, of the model, of the exact Gaussian alone, and their difference, paired. */
  readonly errors: { readonly own: Estimate; readonly gaussian: Estimate; readonly gain: Estimate };
  /** Root mean square change of a site against most steps, in standard deviations of the data; none if rows are drawn stochastically. */
  readonly steps: readonly { readonly steps: number; readonly change: number }[];
  /** The number of steps that changes are against. */
  readonly mostSteps: number;
}

/** Draws and measures what {@link FlowTimeOfRows} says; undefined for a model that is no flow in time. */
export async function flowTimeOfRows(
  fitted: AnyFitted,
  part: PartRows,
  seed: number,
  { signal }: LookOptions,
): Promise<FlowTimeOfRows | undefined> {
  const { model } = fitted;
  if (model.kind !== "bounded" || !model.flowTime || !(fitted instanceof FittedBounded)) return undefined;
  const own = { ...model, flowTime: model.flowTime };
  const key = Key.fromSeed(seed).fold(4);
  return {
    moments: await momentsOf(fitted, own, part, key.fold(0)),
    errors: await errorsOf(fitted, own, part, key.fold(1)),
    steps:
      model.flowTime.steps === model.flowTime.drawnSteps
        ? await stepsOf(fitted, own, part, key.fold(2), signal)
        : [],
    mostSteps: STEPS.at(-1) as number,
  };
}

type Timed = BoundedModel & { readonly flowTime: TimeFlow<Parameters, BoundedModel> };

/** The contexts of the first rows of a part, for graphs; none for a model without contexts. */
const contextOf = ({ context: of }: Timed, { context }: PartRows, count: number): NDArray<"f32">[] =>
  of && context ? [floats(rowsBetween(context, 0, count))] : [];

async function momentsOf({ parameters, engine }: FittedBounded, model: Timed, part: PartRows, key: Key) {
  const most = isPlane(model.space) ? POINTS : SHOWN;
  const count = model.context ? Math.min(most, part.x.shape[0] as number) : most;
  const program = await Program.compile(traceMoments(model, parameters, MOMENTS), engine);
  const [all] = await program.run(contextOf(model, part, count), { keys: [key], batch: count });
  await program.release();
  const { data } = all as NDArray<"f32">;
  const width = count * sites(model.space);
  return MOMENTS.map((time, i) => {
    const rows = ndarray("f32", [count, ...siteShape(model.space)], data.slice(i * width, (i + 1) * width));
    return { time, x: storedRows(model.space, [rows]) };
  });
}

async function errorsOf({ parameters, engine }: FittedBounded, model: Timed, part: PartRows, key: Key) {
  const count = Math.min(ROWS, part.x.shape[0] as number);
  const program = await Program.compile(traceVelocityErrors(model, parameters), engine);
  const x = modelRows(model.space, part.x, 0, count);
  const [own, gaussian] = await program.run([x, ...contextOf(model, part, count)], { keys: [key] });
  await program.release();
  const [a, b] = [own, gaussian].map((array) => Float64Array.from((array as NDArray<"f32">).data)) as [
    Float64Array,
    Float64Array,
  ];
  const rows = {
    ...(part.chain && { chain: part.chain.slice(0, count) }),
    ...(part.parent && { parent: part.parent.slice(0, count) }),
    ...(part.spacing && { spacing: part.spacing }),
  };
  return {
    own: partMean(a, rows),
    gaussian: partMean(b, rows),
    gain: partMean(
      b.map((v, i) => v - (a[i] as number)),
      rows,
    ),
  };
}

/** The same noise through more and more steps. */
async function stepsOf(
  { parameters, engine }: FittedBounded,
  model: Timed,
  part: PartRows,
  key: Key,
  signal: AbortSignal | undefined,
) {
  const count = model.context ? Math.min(STEPPED, part.x.shape[0] as number) : STEPPED;
  const [context] = contextOf(model, part, count);
  const given = { signal, ...(context && { context }) };
  const drawn: ArrayLike<number>[] = [];
  for (const steps of STEPS) {
    await using fitted = new FittedBounded(
      model.flowTime.drawing({ steps, guidance: 1 }),
      parameters,
      engine,
    );
    const codes = await fitted.coder.draw(count, { ...given, key });
    drawn.push(numbers(await fitted.coder.decode(codes, given)));
  }
  const last = drawn.at(-1) as ArrayLike<number>;
  const scale = deviation(numbers(part.x));
  return STEPS.slice(0, -1).map((steps, i) => ({
    steps,
    change: rms(Float64Array.from(last, (v, j) => (drawn[i]?.[j] as number) - v)) / scale,
  }));
}

const rms = (values: Float64Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

function deviation(values: ArrayLike<number>): number {
  const all = Float64Array.from(values);
  const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
  return rms(all.map((v) => v - mean)) || 1;
}
