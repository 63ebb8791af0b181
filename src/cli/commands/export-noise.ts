import type { Traced } from "../../runtime/index.ts";

/** A shape as Python writes it, its batch by name: `batch, 3`, or `2 * batch` for two of them end to end. */
export const pythonSizes = (shape: readonly number[]) =>
  shape.map((n) => (n === -1 ? "batch" : n < 0 ? `${-n} * batch` : String(n))).join(", ");

/** Lines of a Python dictionary of fresh noise for a graph, each after an `indent`. */
export function noiseLines({ noise }: Traced, indent: string): string {
  return noise
    .map(({ name, tensor, draw }) => {
      const call = draw.distribution === "uniform" ? "random.random" : "random.standard_normal";
      return `${indent}"${name}": ${call}((${pythonSizes(tensor.shape)},), dtype=np.float32),`;
    })
    .join("\n");
}
