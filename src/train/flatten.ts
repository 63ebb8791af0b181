import { type NDArray, sizeOf } from "../array.ts";
import { isArray } from "../models/arrays.ts";
import type { ModelBase, Parameters } from "../models/contract.ts";
import { type FlatParameters, flatParameters, type Optimiser, type Stretch } from "../optim/index.ts";
import { leavesWithPaths, mapTree } from "../tensor/tree.ts";

/** One parameter's place in the flat vector. */
export interface Leaf {
  readonly path: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly size: number;
}

/** A model's dense parameters laid end to end; row-sparse ones lie in tables of their own. */
export interface Layout {
  readonly leaves: readonly Leaf[];
  readonly size: number;
}

/** Where each parameter lies in the flat vector: in the order of the tree's leaves, without those at paths `sparse`. */
export function layoutOf(parameters: Parameters, sparse: readonly string[] = []): Layout {
  let size = 0;
  const dense = leavesWithPaths(parameters, isArray).filter(([path]) => !sparse.includes(path));
  const leaves = dense.map(([path, { shape }]) => {
    const leaf = { path, shape, start: size, size: sizeOf(shape) };
    size += leaf.size;
    return leaf;
  });
  return { leaves, size };
}

/** Allocates the vectors training works on and fills in the parameters and the mask of the gradient. */
export function allocateFlat(
  model: ModelBase,
  parameters: Parameters,
  layout: Layout,
  optimiser: Optimiser,
): FlatParameters {
  const decayed: Stretch[] = [];
  for (const { path, start, size } of layout.leaves)
    if (model.decays?.(path) ?? true) decayed.push({ start, end: start + size });
  const flat = flatParameters({
    size: layout.size,
    stateVectors: optimiser.stateVectors,
    masked: model.masks !== undefined,
    decayed,
  });
  const arrays = new Map(leavesWithPaths(parameters, isArray));
  for (const { path, start } of layout.leaves) {
    flat.params.set((arrays.get(path) as NDArray<"f32">).data, start);
    const mask = model.masks?.[path];
    if (mask) flat.mask?.set(mask, start);
  }
  return flat;
}

/** The tree of parameters over a flat vector (views, or copies if asked) and the arrays of its tables by path. */
export function unflatten<P extends Parameters>(
  tree: P,
  { leaves }: Layout,
  flat: Float32Array,
  copy: boolean,
  tables: ReadonlyMap<string, Float32Array> = new Map(),
): P {
  let i = 0;
  return mapTree(tree, isArray, ({ shape }, path) => {
    const table = tables.get(path);
    if (table) return { dtype: "f32", shape, data: table };
    const { start, size } = leaves[i++] as Leaf;
    const data = flat.subarray(start, start + size);
    return { dtype: "f32", shape, data: copy ? data.slice() : data };
  }) as P;
}
