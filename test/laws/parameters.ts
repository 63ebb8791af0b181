import { expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray } from "../../src/array.ts";
import { readSafetensors, writeSafetensors } from "../../src/data/formats/safetensors.ts";
import { isArray } from "../../src/models/arrays.ts";
import type { ModelBase, Parameters } from "../../src/models/contract.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { Program } from "../../src/runtime/program.ts";
import { KEY, Spec, trace } from "../../src/runtime/trace.ts";
import { sum } from "../../src/stats/index.ts";
import { valueAndGrad } from "../../src/tensor/grad.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { leavesWithPaths, mapTree } from "../../src/tensor/tree.ts";

type Init = Pick<ModelBase, "init" | "masks">;

/** Parameters far from their initial values, so that no law holds only because weights are small. */
export function disturbed(model: Init): Parameters {
  const key = Key.fromSeed(5);
  let i = 0;
  return mapTree(model.init(key.fold(0)), isArray, (array, path) => {
    const noise = normal(key.fold(++i), array.data.length, "f32");
    const mask = model.masks?.[path];
    const data = array.data.map((v, j) => v + 0.5 * (noise[j] as number) * (mask?.[j] ?? 1));
    return { ...array, data };
  }) as Parameters;
}

/** Parameters in double precision, in the order of the tree. */
export const asDouble = (parameters: Parameters) =>
  leavesWithPaths(parameters, isArray).map(([, a]) => arrayFrom("f64", a.shape, a.data));

/** What a graph in double precision takes for parameters. */
export const doubleSpecs = (parameters: Parameters) =>
  mapTree(parameters, isArray, ({ shape }) => new Spec(shape, "f64"));

/** Parameters as a file gives them back. */
function savedAndLoaded(parameters: Parameters): Parameters {
  const paths = leavesWithPaths(parameters, isArray);
  const { tensors } = readSafetensors(writeSafetensors(Object.fromEntries(paths)), "memory");
  return mapTree(parameters, isArray, (_, path) => tensors[path] as NDArray<"f32">) as Parameters;
}

/**
 * The laws of the parameters of every kind of model: a file gives them back, the family's `estimate` of their number is
 * close, and a seed fixes them. `fitted` makes the handle of a model, `numbers` asks it for what its parameters decide.
 */
export function parameterLaws<H extends { release(): Promise<void> }>(
  model: Init,
  parameters: Parameters,
  estimate: number,
  fitted: (parameters: Parameters) => H,
  numbers: (handle: H) => Promise<unknown>,
): void {
  test("saved and loaded, the same numbers", async () => {
    const [a, b] = [fitted(parameters), fitted(savedAndLoaded(parameters))];
    expect(await numbers(b)).toEqual(await numbers(a));
    await a.release();
    await b.release();
  });

  test("the family's estimate of the number of parameters is no less, and less than twice as many", () => {
    const count = sum(leavesWithPaths(parameters, isArray).map(([, { data }]) => data.length));
    expect(estimate).toBeGreaterThanOrEqual(count);
    expect(estimate).toBeLessThan(2 * count);
  });

  test("the same seed gives the same initial bits, another seed others", () => {
    const first = leavesWithPaths(model.init(Key.fromSeed(1)), isArray);
    expect(leavesWithPaths(model.init(Key.fromSeed(1)), isArray)).toEqual(first);
    expect(leavesWithPaths(model.init(Key.fromSeed(2)), isArray)).not.toEqual(first);
  });
}

/** A scalar of parameters, noise and arrays of double precision or whole numbers. */
export type Loss = (parameters: never, key: never, ...rest: never[]) => Tensor;

/**
 * Holds the gradient of a loss to central differences along a random direction of every parameter, in double precision and
 * with the same noise throughout; no free parameter may lack a gradient but
 * those that are `fixed`.
 */
export async function expectGradient(
  parameters: Parameters,
  masks: ModelBase["masks"],
  loss: Loss,
  rest: readonly NDArray<DType>[],
  fixed?: RegExp,
): Promise<void> {
  const specs = [doubleSpecs(parameters), KEY, ...rest.map(({ shape, dtype }) => new Spec(shape, dtype))];
  const program = await Program.compile(trace(loss as never, specs));
  const derivative = (...args: never[]) =>
    valueAndGrad(loss as never)(...(args as unknown as [never])).gradient;
  const gradients = await Program.compile(trace(derivative as never, specs));
  const keys = [Key.fromSeed(21)];
  const values = asDouble(parameters);
  const grads = (await gradients.run([...values, ...rest], { keys })) as NDArray<"f64">[];
  const key = Key.fromSeed(9);
  const names = leavesWithPaths(parameters, isArray).map(([path]) => path);
  for (const [i, name] of names.entries()) {
    if (fixed?.test(name)) continue;
    const array = values[i] as NDArray<"f64">;
    const direction = normal(key.fold(i), array.data.length, "f64") as Float64Array;
    const mask = masks?.[name];
    if (mask && !mask.some((m) => m === 1)) continue;
    if (mask) for (let j = 0; j < mask.length; j++) (direction[j] as number) *= mask[j] as number;
    const at = async (step: number) => {
      const data = array.data.map((v, j) => v + step * (direction[j] as number));
      const changed = [...values.slice(0, i), { ...array, data }, ...values.slice(i + 1)];
      const [out] = await program.run([...changed, ...rest], { keys });
      return Number((out as NDArray).data[0]);
    };
    const slope = async (h: number) => ((await at(h)) - (await at(-h))) / (2 * h);
    const g = grads[i] as NDArray<"f64">;
    const analytic = g.data.reduce((s, v, j) => s + v * (direction[j] as number), 0);
    const isClose = (numeric: number) => Math.abs(analytic - numeric) < 1e-6 * Math.max(1, Math.abs(numeric));
    // A shorter step where the first one crosses a knot of a spline or an edge of a limited number.
    const numeric = await slope(1e-5);
    expect(isClose(numeric) || isClose(await slope(1e-7)), `${name}: ${analytic}, ${numeric}`).toBe(true);
    expect(g.data.every(Number.isFinite)).toBe(true);
    expect(
      g.data.some((v) => v !== 0),
      `${name} has a gradient`,
    ).toBe(true);
  }
  await program.release();
  await gradients.release();
}
