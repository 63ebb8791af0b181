import type { OptimiserKernel } from "../kernels/optimiser.ts";

/** Kernels by the memory that they work in. */
const kernels = new WeakMap<ArrayBufferLike, OptimiserKernel>();

/** Notes which kernel works in a memory, so that {@link averageInto} finds it. */
export function noteKernel(memory: WebAssembly.Memory, kernel: OptimiserKernel): OptimiserKernel {
  kernels.set(memory.buffer, kernel);
  return kernel;
}

/**
 * average ← (1 − rate)·average + rate·values, elementwise and in place: by a fused kernel if both lie in one
 * memory of `flatParameters`, else by a loop.
 */
export function averageInto(average: Float32Array, values: Float32Array, rate: number): void {
  const kernel = average.buffer === values.buffer ? kernels.get(average.buffer) : undefined;
  if (kernel) {
    kernel.averageOf(average.byteOffset, values.byteOffset, average.length, 1 - rate, rate);
    return;
  }
  for (let i = 0; i < average.length; i++)
    average[i] = (1 - rate) * (average[i] as number) + rate * (values[i] as number);
}
