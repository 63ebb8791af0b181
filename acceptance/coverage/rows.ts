import { type Dataset, type Key, makeDataset, type NDArray } from "ansatz";
import { metaVersion } from "ansatz/data";
import { uniform } from "ansatz/random";
import { allConfigurations, type System } from "ansatz/systems";

/** All configurations of a system of few bits, with their probabilities. */
export function configurations(system: System): { x: NDArray; probability: Float64Array } {
  const x = allConfigurations(system.shape);
  const logProb = system.logProb?.(x);
  if (!logProb) throw new Error(`${system.name} has no exact probabilities`);
  return { x, probability: logProb.map(Math.exp) };
}

/** Independent rows of a system of few bits, drawn from its exact probabilities. */
export function drawRows(system: System): (n: number, key: Key) => NDArray {
  const { x, probability } = configurations(system);
  const width = system.sites;
  const upTo = new Float64Array(probability.length);
  probability.reduce((sum, p, i) => {
    upTo[i] = sum + p;
    return sum + p;
  }, 0);
  return (n, key) => {
    const data = new Uint8Array(n * width);
    uniform(key, n, "f64").forEach((u, row) => {
      const found = upTo.findIndex((bound) => u < bound);
      const state = found < 0 ? upTo.length - 1 : found;
      for (let i = 0; i < width; i++) data[row * width + i] = Number(x.data[state * width + i]);
    });
    return { dtype: "u8", shape: [n, ...system.shape], data } as NDArray;
  };
}

/** Rows of a system as a dataset, of the chains that they come from. */
export function datasetOf(system: System, x: NDArray, chain?: NDArray<"i32">): Dataset {
  const { name, parameters, space } = system;
  const json = parameters as Record<string, never>;
  const meta = { version: metaVersion, space, encoding: "01", system: { name, parameters: json } } as const;
  const arrays = { x, ...(chain && { chain }) };
  return makeDataset({ arrays, meta }, name, chain ? {} : { rows: "independent" });
}

/** Σ p value over configurations. */
export function expectation(probability: Float64Array, value: (i: number) => number): number {
  return probability.reduce((sum, p, i) => sum + p * value(i), 0);
}
