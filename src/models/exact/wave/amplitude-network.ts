import { arrayFrom, concatArrays, type NDArray, sizeOf } from "../../../array.ts";
import { jit } from "../../../runtime/jit.ts";
import { add, grad, mul, sum, type Tensor } from "../../../tensor/index.ts";
import { leavesWithPaths, mapTree } from "../../../tensor/tree.ts";
import { isArray } from "../../arrays.ts";
import type { LogAmplitude, Parameters, Symbolic } from "../../contract.ts";

/** Amplitudes of fixed configurations as a function of a flat vector of parameters, in double precision. */
export interface AmplitudeNetwork {
  /** Number of parameters. */
  readonly size: number;
  /** Log-moduli and phases of all configurations. */
  amplitudes(x: Float64Array): Promise<{ readonly logModulus: Float64Array; readonly phase: Float64Array }>;
  /** The gradient of Σ (a · logModulus + b · phase) for weights a and b of each configuration. */
  pullBack(x: Float64Array, a: Float64Array, b: Float64Array): Promise<Float64Array>;
  /** Frees what was compiled. */
  release(): Promise<void>;
}

/** All numbers of a tree of parameters, one after the other. */
export function flattened(parameters: Parameters): Float64Array {
  const leaves = leavesWithPaths(parameters, isArray);
  return concatArrays(
    Float64Array,
    leaves.map(([, { data }]) => Float64Array.from(data as Float32Array)),
  );
}

/** Puts the numbers of {@link flattened} back, in single precision. */
export function restore(parameters: Parameters, x: Float64Array): void {
  let start = 0;
  for (const [, { data }] of leavesWithPaths(parameters, isArray)) {
    data.set(x.subarray(start, start + data.length));
    start += data.length;
  }
}

/**
 * Compiles the amplitudes of `configurations: [count, width]` and their derivatives. `masks` are those of the model's parameters:
 * what stays zero has the gradient zero.
 */
export function amplitudeNetwork<P extends Parameters>(
  like: P,
  amplitude: (p: Symbolic<P>, x: Tensor) => LogAmplitude,
  configurations: { readonly bits: Uint8Array; readonly count: number },
  masks: Readonly<Record<string, Float32Array>> = {},
): AmplitudeNetwork {
  const { bits, count } = configurations;
  const x = arrayFrom("f64", [count, bits.length / count], bits);
  const leaves = leavesWithPaths(like, isArray);
  const size = leaves.reduce((total, [, { shape }]) => total + sizeOf(shape), 0);
  const mask = new Float64Array(size).fill(1);
  let place = 0;
  for (const [path, { shape }] of leaves) {
    const own = masks[path];
    if (own) mask.set(own, place);
    place += sizeOf(shape);
  }
  const tree = (flat: Float64Array) => {
    let start = 0;
    return mapTree(like, isArray, ({ shape }) => {
      const end = start + sizeOf(shape);
      const leaf = { dtype: "f64", shape, data: flat.subarray(start, end) } as NDArray<"f64">;
      start = end;
      return leaf;
    });
  };
  const forward = jit((p: Symbolic<P>, rows: Tensor) => {
    const { logModulus, phase } = amplitude(p, rows);
    return phase ? { logModulus, phase } : { logModulus };
  });
  const backward = jit(
    grad((p: Symbolic<P>, rows: Tensor, a: Tensor, b: Tensor) => {
      const { logModulus, phase } = amplitude(p, rows);
      const first = sum(mul(logModulus, a));
      return phase ? add(first, sum(mul(phase, b))) : first;
    }),
  );
  const weights = (data: Float64Array): NDArray<"f64"> => ({ dtype: "f64", shape: [count], data });
  return {
    size,
    async amplitudes(flat) {
      const found = (await forward(tree(flat) as never, x as never)) as Record<string, NDArray<"f64">>;
      return {
        logModulus: found.logModulus!.data,
        phase: found.phase?.data ?? new Float64Array(count),
      };
    },
    async pullBack(flat, a, b) {
      const found = await backward(tree(flat) as never, x as never, weights(a) as never, weights(b) as never);
      const out = new Float64Array(size);
      let start = 0;
      for (const [, { data }] of leavesWithPaths(found, isArray)) {
        out.set(data, start);
        start += data.length;
      }
      for (let i = 0; i < size; i++) out[i]! *= mask[i]!;
      return out;
    },
    async release() {
      await forward.release();
      await backward.release();
    },
  };
}
