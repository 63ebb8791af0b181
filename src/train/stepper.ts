import type { DType, NDArray } from "../array.ts";
import { siteShape } from "../data/space.ts";
import { isArray } from "../models/arrays.ts";
import { inputType, type ModelBase, type Parameters } from "../models/contract.ts";
import { clipScale, type FlatParameters, globalNorm, type Optimiser } from "../optim/index.ts";
import type { Key } from "../random/key.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, trace } from "../runtime/trace.ts";
import { valueAndGrad } from "../tensor/grad.ts";
import { mapTree } from "../tensor/tree.ts";
import { type Layout, unflatten } from "./flatten.ts";

/** What training steps are made of, whatever the way they run. */
export interface StepperSetup<P extends Parameters = Parameters> {
  readonly model: ModelBase<P>;
  /** Gives the tree its structure. */
  readonly parameters: P;
  readonly layout: Layout;
  readonly flat: FlatParameters;
  readonly optimiser: Optimiser;
  readonly batch: number;
  /** Largest norm of the gradient; 0 does not clip. */
  readonly clip: number;
  readonly threads: number;
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

/** Runs training steps, updating the flat parameters and optimiser state in place. */
export interface Stepper {
  /** Steps taken in one call. */
  readonly steps: number;
  /** Returns the loss of each step before its update, in nats a row. Stops at the first that is not finite. */
  run(input: StepInput): Promise<Float64Array>;
  release(): Promise<void>;
}

/** The types of a batch and its context. */
export function batchSpecs({ model, batch }: StepperSetup, lead: readonly number[] = []): Spec[] {
  const { space, contextSize } = model;
  const x = new Spec([...lead, batch, ...siteShape(space)], inputType(space));
  return contextSize > 0 ? [x, new Spec([...lead, batch, contextSize])] : [x];
}

/** The arrays of a batch and its context, over the given elements. */
export function batchArrays(specs: readonly Spec[], { x, context }: StepInput): NDArray<DType>[] {
  const data = context === undefined ? [x] : [x, context];
  return specs.map(({ shape, dtype }, i) => ({ shape, dtype, data: data[i] }) as NDArray<DType>);
}

/**
 * One step a call: the graph reads the parameters where they lie and writes the gradient into the flat vector, then a
 * fused kernel updates parameters and optimiser state in place. For all but small models.
 */
export async function singleStepper<P extends Parameters>(setup: StepperSetup<P>): Promise<Stepper> {
  const { model, parameters, layout, flat, optimiser, clip, threads } = setup;
  const tree = mapTree(parameters, isArray, ({ shape }) => new Spec(shape));
  const specs = batchSpecs(setup);
  const both = valueAndGrad(model.loss as never) as (...args: unknown[]) => {
    value: unknown;
    gradient: unknown;
  };
  const program = await Program.compile(
    trace(
      ((p: unknown, key: unknown, x: unknown, context: unknown) => {
        const { value, gradient } = both(p, x, key, context);
        return [value, gradient];
      }) as never,
      [tree, KEY, ...specs],
    ),
    { threads },
  );
  const views = (vector: Float32Array): NDArray<"f32">[] => {
    const list: NDArray<"f32">[] = [];
    mapTree(unflatten(parameters, layout, vector, false), isArray, (leaf) => list.push(leaf));
    return list;
  };
  const params = views(flat.params);
  const grads = views(flat.grads);
  const loss: NDArray<"f32"> = { dtype: "f32", shape: [], data: new Float32Array(1) };

  return {
    steps: 1,
    async run(input) {
      await program.run([...params, ...batchArrays(specs, input)], {
        keys: [input.key],
        into: [loss, ...grads],
      });
      const value = loss.data[0] as number;
      if (!Number.isFinite(value)) return Float64Array.of(value);
      const norm = clip > 0 ? globalNorm(flat) : 0;
      if (!Number.isFinite(norm)) return Float64Array.of(norm);
      const gradScale = clip > 0 ? clipScale(norm, clip) : 1;
      optimiser.step(flat, { lr: input.lr[0] as number, t: input.t, gradScale });
      return Float64Array.of(value);
    },
    release: () => program.release(),
  };
}
