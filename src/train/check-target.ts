import { type NDArray, ndarray, sizeOf } from "../array.ts";
import { type Space, siteShape, sites, storageOf } from "../data/space.ts";
import { augment, type SymmetryName, symmetryGroup } from "../data/symmetry.ts";
import { numbers } from "../data/values.ts";
import { usageError } from "../error.ts";
import { inputType } from "../models/contract.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { uniform } from "../random/uniform.ts";
import { jit } from "../runtime/index.ts";
import type { Target } from "../systems/system.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Random configurations that an energy is tried on. */
const trials = 64;

/**
 * Largest allowed difference between the two forms of an energy, relative to the largest |E| of the trials:
 * tensors are of single precision.
 */
export const formsTolerance = 1e-4;

/** Largest allowed change of an energy under a symmetry, or with the order of rows, also relative. */
const rounding = 1e-9;

/**
 * Tests an energy on random configurations: each value depends on its own row alone, rows are left unchanged,
 * the tensor form agrees with the numeric form ({@link formsTolerance}), the named symmetries leave the
 * energy unchanged, and observables return one number per row.
 *
 * @throws AnsatzError (usage) naming the test that fails and by how much; and whatever the energy throws.
 */
export async function checkTarget(target: Target, key: Key = Key.fromSeed(0)): Promise<void> {
  const { name, space, energyTensor, symmetries = [] } = target;
  const x = randomRows(space, key);
  const before = x.data.slice();
  const energies = target.energy(x);
  for (const observable of Object.values(target.observables)) observable(x);
  if (before.some((value, i) => value !== x.data[i]))
    throw usageError(
      `${name}: the energy, or an observable, changes the rows it is given; change a copy of them`,
    );
  const scale = Math.max(1, ...energies.map(Math.abs));
  const compare = (others: ArrayLike<number>, slack: number, what: string) => {
    const row = energies.findIndex((e, i) => !(Math.abs(e - (others[i] as number)) <= slack * scale));
    if (row >= 0)
      throw usageError(
        `${name}: ${what}: ${energies[row]} and ${others[row]} for random configuration ${row} of ${trials}, more than ` +
          `${(slack * scale).toPrecision(2)} apart`,
      );
  };
  compare(
    reversed(target.energy(reversedRows(x))),
    rounding,
    "the energy of a row depends on the other rows",
  );
  for (const symmetry of symmetries)
    compare(
      target.energy(image(x, space, symmetry, key)),
      rounding,
      `the energy is not the same after ${symmetry}`,
    );
  if (!energyTensor) return;
  const own = await tensorEnergies(name, energyTensor, x, space);
  compare(own, formsTolerance, "energy and energyTensor do not agree");
}

async function tensorEnergies(
  name: string,
  energyTensor: (x: Tensor) => Tensor,
  x: NDArray,
  space: Space,
): Promise<ArrayLike<number>> {
  const compiled = jit((t: Tensor) => energyTensor(t), { batch: [0] });
  try {
    const dtype = inputType(space);
    const values = numbers(x);
    const input =
      dtype === "i32"
        ? ndarray("i32", x.shape, Int32Array.from(values))
        : ndarray("f32", x.shape, Float32Array.from(values));
    const { shape, data } = await compiled(input);
    if (shape.length !== 1 || shape[0] !== trials)
      throw usageError(
        `${name}: energyTensor returns the shape [${shape.join(", ")}] for a batch of ${trials}; it returns one number for each row, [batch]`,
      );
    return Array.from(data as Float32Array, Number);
  } finally {
    await compiled.release();
  }
}

/** Rows all over a space: of numbers without bounds small ones and large ones. */
function randomRows(space: Space, key: Key): NDArray {
  const shape = [trials, ...siteShape(space)];
  const n = sizeOf(shape);
  const size = sites(space);
  const u = uniform(key.fold(0), n, "f64");
  const data = ndarray(storageOf(space), shape);
  const z = space.kind === "real" && !space.bounds ? normal(key.fold(1), n, "f64") : u;
  for (let i = 0; i < n; i++)
    (data.data as Float32Array)[i] = randomValue(space, u[i]!, z[i]!, Math.floor(i / size));
  return data;
}

function randomValue(space: Space, u: number, z: number, row: number): number {
  switch (space.kind) {
    case "binary":
      return u < 0.5 ? 0 : 1;
    case "categorical":
    case "sequence":
      return Math.floor(u * space.states);
    case "circle":
      return (2 * u - 1) * Math.PI;
    case "real":
      if (!space.bounds) return z * [0.1, 1, 3][row % 3]!;
      return space.bounds[0] + u * (space.bounds[1] - space.bounds[0]);
  }
}

function image(x: NDArray, space: Space, symmetry: SymmetryName, key: Key): NDArray {
  const data = x.data.slice() as Float32Array;
  augment(data, trials, symmetryGroup(space, [symmetry]), key.fold(2));
  return { ...x, data } as NDArray;
}

function reversedRows(x: NDArray): NDArray {
  const size = x.data.length / trials;
  const out = ndarray(x.dtype, x.shape);
  const [from, to] = [x.data as Float32Array, out.data as Float32Array];
  for (let row = 0; row < trials; row++)
    to.set(from.subarray(row * size, (row + 1) * size), (trials - 1 - row) * size);
  return out;
}

const reversed = (values: Float64Array): Float64Array => values.slice().reverse();
