import { arrayFrom, type DType, type NDArray } from "../../src/array.ts";
import { Key, uniform } from "../../src/random/index.ts";
import { engine, jit, Program, Spec, trace } from "../../src/runtime/index.ts";
import {
  add,
  matmul,
  mean,
  mul,
  normal,
  type SymbolicKey,
  scan,
  sum,
  type Tensor,
  tanh,
  uniform as uniformTensor,
  valueAndGrad,
} from "../../src/tensor/index.ts";

import { simulations } from "./simulate.ts";

/** Numbers that Node and a page must agree on: `bits` exactly, `values` to rounding. */
export interface Findings {
  readonly engine: string;
  readonly bits: Record<string, number[]>;
  readonly values: Record<string, number[]>;
}

const numbers = (array: NDArray<DType>) => Array.from(array.data as Float64Array, Number);
const waves = (dtype: "f32" | "f64", shape: number[], phase: number) =>
  arrayFrom(
    dtype,
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(phase + 1.7 * i)),
  );

async function layer(threads: number | undefined): Promise<NDArray<DType>> {
  const f = jit((w: Tensor, x: Tensor, b: Tensor) => tanh(add(matmul(x, w), b)), {
    ...(threads === undefined ? {} : { threads }),
    batch: [1],
  });
  return f(waves("f32", [64, 48], 1), waves("f32", [96, 64], 2), waves("f32", [48], 3));
}

/** A recurrence h ← tanh(h·w + x), its final energy and the gradient of that. */
function recurrence() {
  const energy = ({ w, b }: { w: Tensor; b: Tensor }, xs: Tensor, h0: Tensor) => {
    const [h, ys] = scan(
      (h: Tensor, x: Tensor) => {
        const next = tanh(add(matmul(h, w), add(x, b)));
        return [next, mul(next, next)];
      },
      h0,
      xs,
    );
    return add(mean(h), sum(ys));
  };
  return jit(valueAndGrad(energy))(
    { w: waves("f64", [5, 5], 0.1), b: waves("f64", [5], 0.2) },
    waves("f64", [20, 3, 5], 0.3),
    waves("f64", [3, 5], 0.4),
  );
}

/** A graph whose result is written into an array the caller holds. */
async function inPlace(): Promise<NDArray<DType>> {
  const program = await Program.compile(trace((x: Tensor) => mul(x, 3), [new Spec([4])]));
  const target = arrayFrom("f32", [4], [-1, -1, -1, -1]);
  for (const x of [1, 2]) await program.run([arrayFrom("f32", [4], [x, 2, 3, 4])], { into: [target] });
  await program.release();
  return target;
}

/** What is computed both in Node and in the page. */
export async function check(threads?: number): Promise<Findings> {
  const hidden = await layer(threads);
  const { value, gradient } = await recurrence();
  const noise = await jit((key: SymbolicKey) => {
    const [first, second] = [key.fold(1), key.fold(2)];
    return { uniform: uniformTensor(first, [256]), normal: normal(second, [256]) };
  })(Key.fromSeed(7));
  return {
    engine: engine.version,
    bits: {
      uniforms: [...uniform(Key.fromSeed(3), 1000, "f64")],
      "uniforms of a graph": numbers(noise.uniform),
      "normals of a graph": numbers(noise.normal),
      "result written into an array": numbers(await inPlace()),
      ...(await simulations()),
    },
    values: {
      layer: numbers(hidden),
      "scan: value": numbers(value),
      "scan: gradient of the weights": numbers(gradient.w),
      "scan: gradient of the bias": numbers(gradient.b),
    },
  };
}
