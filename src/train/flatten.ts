import { type NDArray, sizeOf } from "../array.ts";
import { isArray } from "../models/arrays.ts";
import type { ModelBase, Parameters } from "../models/contract.ts";
import { type FlatParameters, flatParameters, type Stretch } from "../optim/index.ts";
import { leavesWithPaths } from "../tensor/tree.ts";

/** One parameter's place in the flat vector. */
export interface Leaf {
  readonly path: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly size: number;
}

/** Dense parameters laid end to end. */
export interface Layout {
  readonly leaves: readonly Leaf[];
  readonly size: number;
}

/**
 * Returns the layout of the parameters with a `chosen` path in a flat vector, in the order of the tree's
 * leaves.
 */
export function layoutOf(parameters: Parameters, chosen: (path: string) => boolean = () => true): Layout {
  let size = 0;
  const own = leavesWithPaths(parameters, isArray).filter(([path]) => chosen(path));
  const leaves = own.map(([path, { shape }]) => {
    const leaf = { path, shape, start: size, size: sizeOf(shape) };
    size += leaf.size;
    return leaf;
  });
  return { leaves, size };
}

/**
 * Allocates the vectors that updates work on, with room for more vectors of the sizes in `beside`, and fills
 * in the parameters and the mask of the gradient.
 */
export function allocateFlat(
  { decays, masks }: Pick<ModelBase, "decays" | "masks">,
  parameters: Parameters,
  layout: Layout,
  stateVectors: readonly string[],
  beside: readonly number[] = [],
): FlatParameters {
  const decayed: Stretch[] = [];
  for (const { path, start, size } of layout.leaves)
    if (decays?.(path) ?? true) decayed.push({ start, end: start + size });
  const flat = flatParameters({
    size: layout.size,
    stateVectors,
    masked: masks !== undefined,
    decayed,
    beside,
  });
  const arrays = new Map(leavesWithPaths(parameters, isArray));
  for (const { path, start } of layout.leaves) {
    flat.params.set((arrays.get(path) as NDArray<"f32">).data, start);
    const mask = masks?.[path];
    if (mask) flat.mask?.set(mask, start);
  }
  return flat;
}

/** The parameters of a flat vector by path, as views. */
export function* viewsOf({ leaves }: Layout, flat: Float32Array): Iterable<[string, Float32Array]> {
  for (const { path, start, size } of leaves) yield [path, flat.subarray(start, start + size)];
}
