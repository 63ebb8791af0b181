import { usageError } from "../error.ts";

/** Nested plain objects and arrays with leaves of type `L`. */
export type Tree<L> = L | readonly Tree<L>[] | { readonly [key: string]: Tree<L> };

/** The same structure with every leaf of type `L` replaced by one of type `M`. */
export type MapLeaves<T, L, M> = T extends L
  ? M
  : T extends object
    ? { [K in keyof T]: MapLeaves<T[K], L, M> }
    : T;

function isBranch(value: unknown): value is Record<string, unknown> | unknown[] {
  if (Array.isArray(value)) return true;
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Leaves in order (keys of objects sorted by name), each with its path such as `layers.0.weight`. */
export function leavesWithPaths<L>(
  tree: unknown,
  isLeaf: (value: unknown) => value is L,
  path = "",
): [string, L][] {
  if (isLeaf(tree)) return [[path, tree]];
  if (tree === undefined || tree === null) return [];
  if (!isBranch(tree))
    throw usageError(`a tree holds an unexpected value at ${path || "its root"}: ${String(tree)}`);
  const join = (key: string) => (path === "" ? key : `${path}.${key}`);
  if (Array.isArray(tree)) return tree.flatMap((item, i) => leavesWithPaths(item, isLeaf, join(String(i))));
  return Object.keys(tree)
    .sort()
    .flatMap((key) => leavesWithPaths(tree[key], isLeaf, join(key)));
}

/** Leaves in order: array items by index, object entries by sorted key. */
export function leaves<L>(tree: unknown, isLeaf: (value: unknown) => value is L): L[] {
  return leavesWithPaths(tree, isLeaf).map(([, leaf]) => leaf);
}

/** The tree with each leaf replaced by `map(leaf, path)`, visited in the order of {@link leaves}. */
export function mapTree<L, M, T>(
  tree: T,
  isLeaf: (value: unknown) => value is L,
  map: (leaf: L, path: string) => M,
  path = "",
): MapLeaves<T, L, M> {
  const walk = (value: unknown, at: string): unknown => {
    if (isLeaf(value)) return map(value, at);
    if (value === undefined || value === null) return value;
    if (!isBranch(value))
      throw usageError(`a tree holds an unexpected value at ${at || "its root"}: ${String(value)}`);
    const join = (key: string) => (at === "" ? key : `${at}.${key}`);
    if (Array.isArray(value)) return value.map((item, i) => walk(item, join(String(i))));
    // Visit in sorted order, keep the object's own order of keys.
    const mapped = new Map(
      Object.keys(value)
        .sort()
        .map((key) => [key, walk(value[key], join(key))]),
    );
    return Object.fromEntries(Object.keys(value).map((key) => [key, mapped.get(key)]));
  };
  return walk(tree, path) as MapLeaves<T, L, M>;
}
