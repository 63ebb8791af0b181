import { arrayFrom, type DType, type NDArray, ndarray } from "../../src/array.ts";
import { binary, categorical, real, type Space, siteShape, sites, stateCount } from "../../src/data/space.ts";
import { isArray } from "../../src/models/arrays.ts";
import type { EnergyModel, EnergyParameters } from "../../src/models/contract.ts";
import { createModel, familyNamed } from "../../src/models/registry.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { mapTree } from "../../src/tensor/tree.ts";

/** One approximate model the laws are held against. */
export interface Case {
  readonly name: string;
  readonly space: Space;
  readonly make: () => EnergyModel;
  /** The family's estimate of the number of parameters. */
  readonly parameterCount: () => number;
}

/** Families and the hyperparameters that change what they compute: a new family is its lines here. */
const families: readonly (readonly [
  family: string,
  hyperparameters: Record<string, unknown>,
  spaces: readonly Space[],
])[] = [
  ["rbm", { hidden: 4 }, [binary([6]), binary([2, 3]), categorical([4], 3), real([3])]],
  ["rbm", { hidden: 7 }, [binary([5]), real([1])]],
  ["energy", { hidden: [6, 5] }, [binary([5]), real([2])]],
  ["energy", { hidden: 4, activation: "silu", leapfrog: 3, stepSize: 0.4 }, [binary([2, 2]), real([1])]],
  ["boltzmann", {}, [binary([5]), binary([2, 3])]],
  ["potts", {}, [categorical([4], 3)]],
  ["crbm", { maps: 2 }, [binary([5]), categorical([3], 3), real([3])]],
  ["crbm", { maps: 1 }, [binary([3, 3])]],
  ["crbm", { maps: 1, kernel: 1 }, [binary([4])]],
];

/** Every family on each of its spaces. */
export const cases: readonly Case[] = families.flatMap(([family, hyperparameters, spaces]) =>
  spaces.map((space) => ({
    name: `${family} ${JSON.stringify(hyperparameters)} on ${space.kind} [${siteShape(space)}]`,
    space,
    make: () => createModel(family, { space }, hyperparameters) as EnergyModel,
    parameterCount: () => familyNamed(family).parameterCount({ space }, hyperparameters),
  })),
);

/** Parameters far from their initial values, so that no law holds only because weights are small. */
export function disturbed(model: EnergyModel): EnergyParameters {
  const key = Key.fromSeed(5);
  let i = 0;
  return mapTree(model.init(key.fold(0)), isArray, (array, path) => {
    const noise = normal(key.fold(++i), array.data.length, "f32");
    const mask = model.masks?.[path];
    return { ...array, data: array.data.map((v, j) => v + 0.6 * (noise[j] as number) * (mask?.[j] ?? 1)) };
  }) as EnergyParameters;
}

/** Every configuration of a small space of states, as datasets store it; the first site changes fastest. */
export function everyConfiguration(space: Space): NDArray {
  const [n, k] = [sites(space), stateCount(space) as number];
  const rows = k ** n;
  const data = Uint8Array.from(
    { length: rows * n },
    (_, i) => Math.floor(Math.floor(i / n) / k ** (i % n)) % k,
  );
  return { dtype: "u8", shape: [rows, ...siteShape(space)], data };
}

/** The place of each row among {@link everyConfiguration}. */
export function indices(space: Space, x: NDArray<DType>): Int32Array {
  const [n, k] = [sites(space), stateCount(space) as number];
  return Int32Array.from({ length: x.data.length / n }, (_, row) => {
    let index = 0;
    for (let i = n - 1; i >= 0; i--) index = index * k + Number(x.data[row * n + i]);
    return index;
  });
}

/** Rows of a real space, spread by `scale`. */
export function someReals(space: Space, rows: number, scale: number): NDArray<"f32"> {
  const shape = [rows, ...siteShape(space)];
  return ndarray(
    "f32",
    shape,
    normal(Key.fromSeed(8), rows * sites(space), "f32").map((v) => v * scale),
  );
}

/** Parameters in double precision, in the order of the tree. */
export const asDouble = (a: NDArray<"f32">) => arrayFrom("f64", a.shape, a.data);
