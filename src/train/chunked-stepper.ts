import { type DType, type NDArray, ndarray } from "../array.ts";
import { isArray } from "../models/arrays.ts";
import type { Parameters, State, Symbolic } from "../models/contract.ts";
import {
  type Arithmetic,
  type Coefficients,
  type FlatParameters,
  isElementwise,
  type Optimiser,
} from "../optim/index.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, trace } from "../runtime/trace.ts";
import {
  add,
  concat,
  constant,
  div,
  flatten,
  mapTree,
  minimum,
  mul,
  reshape,
  type SymbolicKey,
  scan,
  slice,
  sqrt,
  sub,
  sum,
  type Tensor,
  type TensorLike,
} from "../tensor/index.ts";
import type { Layout, Leaf } from "./flatten.ts";
import {
  inputArrays,
  inputSpecs,
  knobsOf,
  noRows,
  type PlayerSetup,
  type Stepper,
  stateSpecs,
  type UpdateInput,
} from "./player-setup.ts";
import { updateGraph } from "./update.ts";

/** Arithmetic of tensors and numbers: numbers are folded, so that what a rule does not use costs nothing. */
const symbolic: Arithmetic<TensorLike> = {
  add: (a, b) =>
    a === 0 ? b : b === 0 ? a : typeof a === "number" && typeof b === "number" ? a + b : add(a, b),
  sub: (a, b) => (b === 0 ? a : typeof a === "number" && typeof b === "number" ? a - b : sub(a, b)),
  mul(a, b) {
    if (a === 0 || b === 0) return 0;
    if (a === 1) return b;
    if (b === 1) return a;
    return typeof a === "number" && typeof b === "number" ? a * b : mul(a, b);
  },
  div: (a, b) => (b === 1 ? a : typeof a === "number" && typeof b === "number" ? a / b : div(a, b)),
  sqrt: (a) => (typeof a === "number" ? Math.sqrt(a) : sqrt(a)),
};

/** Coefficients that change from step to step; the others are the rule's constants. */
const varying = ["stepSize", "epsilon", "decay"] as const;

/** 1 on parameters that weight decay acts on, 0 elsewhere; undefined when it acts on all alike. */
function decayMask(flat: FlatParameters): Tensor | undefined {
  if (flat.segments.every((s) => s.decays === flat.segments[0]?.decays)) return undefined;
  const data = new Float32Array(flat.size);
  for (const { start, end, decays } of flat.segments) if (decays) data.fill(1, start, end);
  return constant({ dtype: "f32", shape: [flat.size], data });
}

/** The flat vector cut into the tree of parameters, inside a graph. */
function cut<P extends Parameters>(tree: P, { leaves: places }: Layout, flat: Tensor): Symbolic<P> {
  let i = 0;
  return mapTree(tree, isArray, () => {
    const { start, size, shape } = places[i++] as Leaf;
    return reshape(slice(flat, 0, start, start + size), shape);
  }) as Symbolic<P>;
}

/**
 * Whether updates of a player can run several in one call: all parameters lie in one vector that it owns, and its optimiser steps
 * element by element.
 */
export function canRunTogether({ memory, groups, tables }: PlayerSetup): boolean {
  const [group] = groups;
  const one = memory.groups.length === 1 && groups.length === 1 && tables.size === 0;
  return one && group?.optimiser !== undefined && isElementwise(group.optimiser);
}

/** The update of flat parameters inside a graph; `rates` holds what varies from step to step. */
function flatUpdate(optimiser: Optimiser, flat: FlatParameters, clip: number) {
  const decayed = decayMask(flat);
  const fixed = optimiser.coefficients(
    { lr: 1, t: 1 },
    flat.segments.some((s) => s.decays),
  );
  const masked = flat.mask && constant({ dtype: "f32", shape: [flat.size], data: flat.mask.slice() });
  return (p: Tensor, state: readonly Tensor[], raw: Tensor, rates: Tensor) => {
    const gradient = masked ? mul(raw, masked) : raw;
    const rate = (name: (typeof varying)[number]) =>
      reshape(slice(rates, 0, varying.indexOf(name), varying.indexOf(name) + 1), []);
    const norm = clip > 0 ? sqrt(sum(mul(gradient, gradient))) : undefined;
    const coefficients: Coefficients<TensorLike> = {
      ...fixed,
      gradScale: norm ? minimum(div(clip, norm), 1) : 1,
      l2: decayed && fixed.l2 !== 0 ? mul(decayed, fixed.l2) : fixed.l2,
      stepSize: rate("stepSize"),
      epsilon: fixed.epsilon === 0 ? 0 : rate("epsilon"),
      decay: fixed.decay === 0 ? 0 : decayed ? mul(decayed, rate("decay")) : rate("decay"),
    };
    return optimiser.apply<TensorLike>(symbolic, { param: p, state }, gradient, coefficients);
  };
}

/** Input of one step of the loop. */
interface Slice {
  readonly rates: Tensor;
  readonly knobs?: Tensor | undefined;
  readonly x?: Tensor | undefined;
  readonly context?: Tensor | undefined;
  readonly action?: Tensor | undefined;
}

/** Result of one step of the loop. */
interface Told {
  readonly loss: Tensor;
  readonly parts: Readonly<Record<string, Tensor>>;
  readonly seen: Readonly<Record<string, Tensor>>;
}

/**
 * Runs several updates per call, optimiser included, as one loop inside the graph: parameters and optimiser
 * state travel as flat vectors. For small models of one player, for which the cost of a call outweighs that
 * of the arithmetic; see {@link canRunTogether}.
 */
export async function chunkedStepper<P extends Parameters>(
  setup: PlayerSetup<P>,
  steps: number,
): Promise<Stepper> {
  const { memory, groups, clip, threads, batch } = setup;
  const [group] = groups;
  if (!group?.optimiser) throw new Error("steps run together over one group of parameters");
  const { layout, flat, optimiser } = group;
  const update = flatUpdate(optimiser, flat, clip);

  // A list keeps its order; the leaves of a record are sorted by name.
  type Carry = readonly [parameters: Tensor, state: readonly Tensor[], carried: State];
  const f = (p: Tensor, vectors: Tensor[], carried: State, key: SymbolicKey, slices: Slice) =>
    scan(
      ([p, vectors, carried]: Carry, { rates, knobs, x, context, action }: Slice): readonly [Carry, Told] => {
        const { loss, gradient, state, parts, seen } = updateGraph(setup, {
          parameters: cut(memory.parameters, layout, p),
          state: carried,
          ...{ key, context, action, x: x ?? noRows(), knobs: knobsOf(setup.knobs, knobs) },
          variant: setup.variant,
        });
        const raw = concat(layout.leaves.map(({ path }) => flatten(gradient.get(path) as Tensor)));
        const next = update(p, vectors, raw, rates);
        return [
          [next.param as Tensor, next.state as Tensor[], { ...carried, ...state }],
          { loss, parts, seen },
        ];
      },
      [p, vectors, carried] as Carry,
      slices,
    );
  const specs = inputSpecs(setup, [steps]);
  const vector = new Spec([layout.size]);
  const rateSpec = new Spec([steps, varying.length]);
  const traced = trace(f, [
    vector,
    flat.state.map(() => vector),
    stateSpecs(memory),
    KEY,
    { rates: rateSpec, ...specs },
  ]);
  const program = await Program.compile(traced, { threads });
  const wrap = (data: Float32Array): NDArray<DType> => ({ dtype: "f32", shape: [layout.size], data });
  const current = [flat.params, ...flat.state];
  const carried = Object.keys(memory.state)
    .sort()
    .map((name) => memory.state[name] as NDArray<DType>);
  const inputs = [...current.map(wrap), ...carried];
  // Results go to a second set of vectors: a loop may not read and write the same memory.
  const results = inputs.map(({ shape, dtype }) => ndarray(dtype, shape));
  const told = traced.outputs.slice(inputs.length).map(({ name }) => name.replace(/^result\.1\./, ""));

  return {
    steps,
    async run(input: UpdateInput) {
      const rates = new Float32Array(steps * varying.length);
      input.lr.forEach((lr, i) => {
        const c = optimiser.coefficients({ lr, t: input.t + i }, true);
        varying.forEach((name, j) => {
          rates[i * varying.length + j] = c[name];
        });
      });
      const { knobs, x, context, action } = inputArrays(specs, input);
      // The slices of a step come sorted by name.
      const given = [action, context, knobs, ndarray("f32", [steps, varying.length], rates), x].filter(
        (array) => array !== undefined,
      );
      const out = await program.run([...inputs, ...given], { keys: [input.key], batch, into: results });
      const values = (prefix: string) =>
        Object.fromEntries(
          told.flatMap((name, i) =>
            name.startsWith(prefix)
              ? [[name.slice(prefix.length), Float64Array.from(out[inputs.length + i]?.data as Float32Array)]]
              : [],
          ),
        );
      const losses = values("loss")[""] as Float64Array;
      // A step that is not finite spoils all of them: nothing is changed.
      if (losses.every(Number.isFinite))
        for (const [i, { data }] of inputs.entries())
          (data as Float32Array).set(results[i]?.data as Float32Array);
      return { losses, parts: values("parts."), seen: values("seen.") };
    },
    release: () => program.release(),
  };
}
