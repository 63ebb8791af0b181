import { type DType, type NDArray, ndarray } from "../array.ts";
import { isArray, specsOf } from "../models/arrays.ts";
import type { Parameters, Symbolic } from "../models/contract.ts";
import type { Arithmetic, Coefficients, FlatParameters } from "../optim/index.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, trace } from "../runtime/trace.ts";
import {
  add,
  concat,
  constant,
  div,
  flatten,
  leaves,
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
import { isTensor } from "../tensor/tensor.ts";
import type { Layout, Leaf } from "./flatten.ts";
import { type Carried, stepGradient } from "./objective.ts";
import { batchArrays, batchSpecs, type StepInput, type Stepper, type StepperSetup } from "./stepper.ts";

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
function cut<P extends Parameters>(tree: P, { leaves: places }: Layout, flat: Tensor): unknown {
  let i = 0;
  return mapTree(tree, isArray, () => {
    const { start, size, shape } = places[i++] as Leaf;
    return reshape(slice(flat, 0, start, start + size), shape);
  });
}

/**
 * Several steps a call, optimiser included, as one loop inside the graph: parameters and optimiser state travel as
 * flat vectors. For small models without row-sparse parameters, where the cost of a call outweighs that of the arithmetic.
 */
export async function chunkedStepper<P extends Parameters>(
  setup: StepperSetup<P>,
  steps: number,
): Promise<Stepper> {
  const { objective, parameters, layout, flat, optimiser, clip, threads } = setup;
  const decayed = decayMask(flat);
  const fixed = optimiser.coefficients(
    { lr: 1, t: 1 },
    flat.segments.some((s) => s.decays),
  );
  const masked = flat.mask && constant({ dtype: "f32", shape: [flat.size], data: flat.mask.slice() });

  const update = (p: Tensor, state: readonly Tensor[], raw: Tensor, rates: Tensor) => {
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

  // A list keeps its order; the leaves of a record are sorted by name.
  type Carry = readonly [parameters: Tensor, state: readonly Tensor[], carried: Carried];
  const f = (
    p: Tensor,
    state: Tensor[],
    carried: Carried,
    rates: Tensor,
    key: SymbolicKey,
    ...batches: Tensor[]
  ) =>
    scan(
      ([p, state, carried]: Carry, step: { rates: Tensor; batches: Tensor[] }): readonly [Carry, Tensor] => {
        const [x, context] = step.batches as [Tensor, Tensor | undefined];
        const { value, gradient, ...moved } = stepGradient(objective, {
          parameters: cut(parameters, layout, p) as Symbolic<P>,
          ...{ key, x, context, carried },
        });
        const raw = concat(leaves(gradient, isTensor).map(flatten));
        const next = update(p, state, raw, step.rates);
        return [[next.param as Tensor, next.state as Tensor[], moved.carried], value];
      },
      [p, state, carried] as Carry,
      { rates, batches },
    );
  const specs = batchSpecs(setup, [steps]);
  const vector = new Spec([layout.size]);
  const program = await Program.compile(
    trace(f as never, [
      vector,
      flat.state.map(() => vector),
      specsOf(setup.carried),
      new Spec([steps, varying.length]),
      KEY,
      ...specs,
    ]),
    { threads },
  );
  const wrap = (data: Float32Array): NDArray<DType> => ({ dtype: "f32", shape: [layout.size], data });
  const current = [flat.params, ...flat.state];
  const carriedArrays = Object.values(setup.carried);
  const inputs = [...current.map(wrap), ...carriedArrays];
  // Results go to a second set of vectors: a loop may not read and write the same memory.
  const results = inputs.map(({ shape }) => ndarray("f32", shape));

  return {
    steps,
    async run(input: StepInput) {
      const rates = new Float32Array(steps * varying.length);
      input.lr.forEach((lr, i) => {
        const c = optimiser.coefficients({ lr, t: input.t + i }, true);
        varying.forEach((name, j) => {
          rates[i * varying.length + j] = c[name];
        });
      });
      const rateArray: NDArray<DType> = { dtype: "f32", shape: [steps, varying.length], data: rates };
      const out = await program.run([...inputs, rateArray, ...batchArrays(specs, input)], {
        keys: [input.key],
        into: results,
      });
      const losses = Float64Array.from(out.at(-1)?.data as Float32Array);
      if (losses.every(Number.isFinite))
        for (const [i, { data }] of inputs.entries())
          (data as Float32Array).set(results[i]?.data as Float32Array);
      return losses;
    },
    release: () => program.release(),
  };
}
