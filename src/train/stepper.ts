import { type DType, type NDArray, ndarray } from "../array.ts";
import { siteShape } from "../data/space.ts";
import { isArray, specsOf } from "../models/arrays.ts";
import { inputType, type ModelBase, type Parameters } from "../models/contract.ts";
import { clipScale, coalesceRows, globalNorm, type Optimiser } from "../optim/index.ts";
import type { Key } from "../random/key.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, trace } from "../runtime/trace.ts";
import type { RowGradient } from "../tensor/grad.ts";
import { cast, leaves, leavesWithPaths, type Tensor } from "../tensor/index.ts";
import { isTensor } from "../tensor/tensor.ts";
import type { TrainingMemory } from "./memory.ts";
import { type Objective, stepGradient } from "./objective.ts";

/** What updates of parameters are made of. */
export interface TrainingSetup<P extends Parameters = Parameters> extends TrainingMemory<P> {
  readonly model: ModelBase<P>;
  readonly optimiser: Optimiser;
  readonly batch: number;
  /** Largest norm of the gradient; 0 does not clip. */
  readonly clip: number;
  readonly threads: number;
}

/** What training steps are made of, whatever the way they run. */
export interface StepperSetup<P extends Parameters = Parameters> extends TrainingSetup<P> {
  readonly objective: Objective<P>;
}

/** Minibatches for consecutive steps and where those steps are taken. */
export interface StepInput {
  /** `[steps · batch, ...sites]` row-major, in the element type the model takes. */
  readonly x: Float32Array | Int32Array;
  /** `[steps · batch, contextSize]`, or undefined for an unconditional model. */
  readonly context: Float32Array | undefined;
  /** Learning rate of each step. */
  readonly lr: readonly number[];
  /** Number of the first step, from 1. */
  readonly t: number;
  readonly key: Key;
}

/** Runs training steps, updating parameters and optimiser state in place. */
export interface Stepper {
  /** Steps taken in one call. */
  readonly steps: number;
  /** Returns the loss of each step before its update, in nats a row. Stops at the first that is not finite. */
  run(input: StepInput): Promise<Float64Array>;
  release(): Promise<void>;
}

/** The types of a batch and its context. */
export function batchSpecs({ model, batch }: TrainingSetup, lead: readonly number[] = []): Spec[] {
  const { space, contextSize } = model;
  const x = new Spec([...lead, batch, ...siteShape(space)], inputType(space));
  return contextSize > 0 ? [x, new Spec([...lead, batch, contextSize])] : [x];
}

/** The arrays of a batch and its context, over the given elements. */
export function batchArrays(specs: readonly Spec[], { x, context }: StepInput): NDArray<DType>[] {
  const data = context === undefined ? [x] : [x, context];
  return specs.map(({ shape, dtype }, i) => ({ shape, dtype, data: data[i] }) as NDArray<DType>);
}

/** An array for each tensor, to be written anew by every run. */
const arraysFor = (tensors: readonly Tensor[]): NDArray<DType>[] =>
  tensors.map(({ shape, dtype }) => ndarray(dtype, shape));

/**
 * One step a call: the graph reads the parameters where they lie, also a table of a million rows, and writes the gradient
 * into its flat vector; that of a table it returns as rows. A fused kernel then updates parameters and optimiser state in
 * place. For all but small models.
 */
export async function singleStepper<P extends Parameters>(setup: StepperSetup<P>): Promise<Stepper> {
  const { objective, parameters, threads } = setup;
  const tree = specsOf(parameters);
  const specs = batchSpecs(setup);
  const tables = [...setup.tables.entries()];
  const carriedSpecs = specsOf(setup.carried);
  const traced = trace(
    ((p: never, carried: never, key: never, x: never, context: never) => {
      const { value, gradient, sparse, ...next } = stepGradient(
        objective,
        { parameters: p, key, x, context, carried },
        tables.map(([path]) => path),
      );
      const dense = leavesWithPaths(gradient, isTensor).filter(([path]) => !setup.tables.has(path));
      const rows = tables.map(([path]) => sparse[path] as RowGradient);
      return [
        value,
        dense.map(([, t]) => t),
        Object.keys(setup.carried).map((name) => next.carried[name]),
        rows.map(({ ids, rows }) => [cast(ids, "i32"), rows]),
      ];
    }) as never,
    [tree, carriedSpecs, KEY, ...specs] as never,
  );
  const program = await Program.compile(traced, { threads });
  const params = leaves(parameters, isArray);
  const loss: NDArray<"f32"> = { dtype: "f32", shape: [], data: new Float32Array(1) };
  const grads = gradientArrays(setup);
  const carried = Object.values(setup.carried);
  // Written beside what is read, and copied when the step is good.
  const moved = carried.map(({ shape }) => ndarray("f32", shape));
  const rows = arraysFor(traced.outputs.slice(1 + grads.length + carried.length).map(({ tensor }) => tensor));
  /** The rows' gradient of each table, those of equal rows summed. */
  const rowGradients = () =>
    tables.map(([, { width }], i) =>
      coalesceRows({
        ids: (rows[2 * i] as NDArray<"i32">).data,
        grads: (rows[2 * i + 1] as NDArray<"f32">).data,
        width,
      }),
    );

  return {
    steps: 1,
    async run(input) {
      await program.run([...params, ...carried, ...batchArrays(specs, input)], {
        keys: [input.key],
        into: [loss, ...grads, ...moved, ...rows],
      });
      const value = loss.data[0] as number;
      if (!Number.isFinite(value)) return Float64Array.of(value);
      for (const [i, { data }] of carried.entries()) data.set((moved[i] as NDArray<"f32">).data);
      return Float64Array.of(
        applyGradient(setup, value, { lr: input.lr[0] as number, t: input.t }, rowGradients()),
      );
    },
    release: () => program.release(),
  };
}

/** The gradient of each dense parameter where it lies in the flat vector, for a graph to write. */
export function gradientArrays({ layout, flat }: Pick<TrainingMemory, "layout" | "flat">): NDArray<"f32">[] {
  return layout.leaves.map(({ start, size, shape }) => ({
    dtype: "f32",
    shape,
    data: flat.grads.subarray(start, start + size),
  }));
}

/**
 * Updates parameters and optimiser state in place by the gradient that lies in the flat vector, clipped, and by the `rows` of
 * each table. Returns the loss, or what is not finite of the gradient's norm, which then changes nothing.
 */
export function applyGradient<P extends Parameters>(
  { flat, tables, optimiser, clip }: TrainingSetup<P>,
  loss: number,
  { lr, t }: { readonly lr: number; readonly t: number },
  rows: readonly ReturnType<typeof coalesceRows>[] = [],
): number {
  // The loss may not show a row that went astray until the row is met again: the norm does.
  const norm = clip > 0 || rows.length > 0 ? globalNorm(flat, ...rows) : 0;
  if (!Number.isFinite(norm)) return norm;
  const at = { lr, t, gradScale: clip > 0 ? clipScale(norm, clip) : 1 };
  optimiser.step(flat, at);
  for (const [i, table] of [...tables.values()].entries())
    optimiser.stepRows(table, rows[i] as (typeof rows)[number], at);
  return loss;
}
