import fc, { type GeneratorValue } from "fast-check";
import { expect } from "vitest";
import { arrayFrom, type DType, type NDArray, sizeOf } from "../../src/array.ts";
import { jit } from "../../src/runtime/index.ts";
import { add, constant, grad, mul, sum, type Tensor } from "../../src/tensor/index.ts";
import { isFloat } from "../../src/tensor/tensor.ts";
import type { Grid } from "./reference.ts";

/** One application of an operation to random arrays. The f64 arrays are the ones it is differentiated by. */
export interface Case {
  readonly inputs: readonly NDArray<DType>[];
  readonly apply: (...inputs: Tensor[]) => Tensor;
  /** The value by plain loops. */
  readonly expected: Grid;
}

/** Draws a case; fast-check shrinks what it draws. */
export type Draw = (g: GeneratorValue) => Case;

/** Reproducible numbers in (0, 1): the minimal standard generator. */
export function numbers(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

export const toGrid = ({ data, shape }: NDArray<DType>): Grid => ({ data: Array.from(data, Number), shape });

/**
 * Arrays of the given shapes. All their elements differ by 0.08 or more and keep 0.06 from every multiple of 0.2, so
 * that no step of a difference quotient crosses a kink or a tie.
 */
export function spread(g: GeneratorValue, ...shapes: (readonly number[])[]): NDArray<"f64">[] {
  const random = numbers(g(fc.integer, { min: 0, max: 1_000_000 }));
  const count = shapes.reduce((n, s) => n + sizeOf(s), 0);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  let next = 0;
  return shapes.map((shape) =>
    arrayFrom(
      "f64",
      shape,
      Array.from(
        { length: sizeOf(shape) },
        () => 0.2 * (order[next++]! - Math.floor(count / 2) + 0.3 + 0.4 * random()),
      ),
    ),
  );
}

/** A random shape of at most `rank` axes of 1 to 4. */
export function anyShape(g: GeneratorValue, least = 0, rank = 3): number[] {
  return g(fc.array, g_size, { minLength: least, maxLength: rank }) as number[];
}
const g_size = fc.integer({ min: 1, max: 4 });

export const pick = (g: GeneratorValue, min: number, max: number) => g(fc.integer, { min, max });

/** Shapes that broadcast together: parts of one shape with some axes 1 and some leading axes missing. */
export function broadcasting(g: GeneratorValue, count: number): number[][] {
  const whole = anyShape(g);
  return Array.from({ length: count }, () => {
    const ones = whole.map((n) => (g(fc.boolean) ? n : 1));
    return ones.slice(pick(g, 0, whole.length));
  });
}

const weights = (shape: readonly number[], seed: number) => {
  const random = numbers(seed);
  return constant(
    arrayFrom(
      "f64",
      shape,
      Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1),
    ),
  );
};

const project = (tensors: readonly Tensor[], seed: number) =>
  tensors.map((t, i) => sum(mul(t, weights(t.shape, seed + i)))).reduce(add);

export function expectClose(actual: Grid, expected: Grid, tolerance = 1e-12, what = "value"): void {
  expect(actual.shape, `shape of the ${what}`).toEqual(expected.shape);
  const scale = Math.max(1, ...expected.data.filter(Number.isFinite).map(Math.abs));
  expected.data.forEach((e, i) => {
    const a = actual.data[i]!;
    if (Object.is(a, e) || a === e) return;
    const error = Math.abs(a - e) / scale;
    if (!(error <= tolerance))
      expect.fail(`${what} ${i} is ${a}; expected ${e} (of shape [${actual.shape}])`);
  });
}

/**
 * Holds a case to its oracle, and the first derivative of a random projection of its value, and that of a random
 * projection of this gradient, to central differences of fourth order in double precision.
 */
export async function checkCase({ inputs, apply, expected }: Case, tolerance = 1e-6): Promise<void> {
  const variable = inputs.flatMap((x, i) => (x.dtype === "f64" ? [i] : []));
  const assemble = (parameters: readonly Tensor[], all: readonly Tensor[]) =>
    all.map((t, i) => (variable.includes(i) ? parameters[variable.indexOf(i)]! : t));
  const loss = (parameters: Tensor[], all: Tensor[]) => project([apply(...assemble(parameters, all))], 1);
  const slope = (parameters: Tensor[], all: Tensor[]) => project(grad(loss)(parameters, all), 2);
  const run = jit((all: Tensor[]) => {
    const value = apply(...all);
    if (variable.length === 0 || !isFloat(value.dtype)) return { value };
    const parameters = variable.map((i) => all[i]!);
    return {
      value,
      levels: [loss(parameters, all), slope(parameters, all)],
      gradients: [grad(loss)(parameters, all), grad(slope)(parameters, all)],
    };
  });
  try {
    const { value, gradients } = await run([...inputs]);
    expectClose(toGrid(value), expected);
    if (gradients === undefined) return;
    for (const [k, position] of variable.entries()) {
      const x = inputs[position]!;
      const quotients: [number[], number[]] = [[], []];
      for (let i = 0; i < x.data.length; i++) {
        const h = 1e-3;
        const sums = [0, 0];
        for (const [steps, weight] of [
          [1, 8],
          [-1, -8],
          [2, -1],
          [-2, 1],
        ] as const) {
          const moved = Float64Array.from(x.data as Float64Array);
          moved[i]! += steps * h;
          const shifted = { ...x, data: moved } as NDArray<DType>;
          const { levels } = await run(inputs.map((y, j) => (j === position ? shifted : y)));
          levels!.forEach((level, order) => {
            sums[order]! += (weight * Number(level.data[0])) / (12 * h);
          });
        }
        sums.forEach((s, order) => {
          quotients[order]!.push(s);
        });
      }
      for (const order of [0, 1] as const)
        expectRelative(
          Array.from(gradients[order]![k]!.data, Number),
          quotients[order],
          tolerance,
          `derivative ${order + 1} by input ${position} of shape [${x.shape}]`,
        );
    }
  } finally {
    await run.release();
  }
}

function expectRelative(actual: number[], expected: number[], tolerance: number, what: string): void {
  const scale = Math.max(...expected.map(Math.abs), 1e-4);
  expected.forEach((e, i) => {
    if (!(Math.abs(actual[i]! - e) <= tolerance * scale))
      expect.fail(`${what}: element ${i} is ${actual[i]}; central differences give ${e}`);
  });
}
