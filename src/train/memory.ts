import { type NDArray, ndarray, sizeOf } from "../array.ts";
import { usageError } from "../error.ts";
import { isArray } from "../models/arrays.ts";
import type { GradientPlayer, Objective, Parameters, Player, Stored } from "../models/contract.ts";
import type { FlatParameters, Optimiser } from "../optim/index.ts";
import { leavesWithPaths, mapTree } from "../tensor/tree.ts";
import type { Course } from "./course.ts";
import { allocateFlat, type Layout, layoutOf, viewsOf } from "./flatten.ts";
import { allocateTables, type Tables, tableParameters } from "./tables.ts";

/** Dense parameters of one player that one rule updates, as flat vectors. */
export interface Group {
  /** Prefix of the names of its vectors in a checkpoint; empty if there is one group. */
  readonly prefix: string;
  /** The player's place among the players; −1 for parameters that no gradient trains. */
  readonly player: number;
  readonly optimiser: Optimiser | undefined;
  readonly layout: Layout;
  readonly flat: FlatParameters;
}

/**
 * The data that training changes: parameters with their optimiser state, and what is not trained by
 * gradients.
 */
export interface TrainingMemory<P extends Parameters = Parameters> {
  readonly groups: readonly Group[];
  readonly tables: Tables;
  readonly state: Stored;
  /** The tree of parameters, as views of groups and tables. */
  readonly parameters: P;
}

/** A copy of the parameters alone: a vector for each group, and each table by its path. */
export interface ParameterCopy {
  readonly groups: readonly Float32Array[];
  readonly tables: ReadonlyMap<string, Float32Array>;
}

/** Whether a player is updated by a gradient. */
export const hasGradient = <P extends Parameters>(player: Player<P>): player is GradientPlayer<P> =>
  "loss" in player;

/** Updates of a player in each step. */
export const updatesOf = <P extends Parameters>({ updates = 1 }: GradientPlayer<P>): number => updates;

/** Updates of all players in each step that take a batch: those by a gradient. */
export const updatesIn = <P extends Parameters>({ players }: Objective<P>): number =>
  players.filter(hasGradient).reduce((sum, player) => sum + updatesOf(player), 0);

/** The rule that updates the parameter at a path. */
const ruleFor = ({ optimiser }: Pick<GradientPlayer, "optimiser">, path: string): Optimiser =>
  typeof optimiser === "function" ? optimiser(path) : optimiser;

/**
 * Allocates the memory of a course and copies the initial parameters and state into it; nothing refers to the
 * originals afterwards. Throws AnsatzError (usage) for a parameter shared by two players, for a player that
 * names parameters that do not exist, and as `allocateTables`.
 */
export function allocateMemory<P extends Parameters>({
  model,
  initial,
  objective,
}: Pick<Course<P>, "model" | "initial" | "objective">): TrainingMemory<P> {
  const sparse = model.sparse ?? [];
  const paths = leavesWithPaths(initial, isArray).map(([path]) => path);
  const owners = new Map(paths.map((path) => [path, ownerOf(objective, path)]));
  for (const [i, player] of objective.players.entries())
    if (hasGradient(player) && player.owns && paths.length > 0 && ![...owners.values()].includes(i))
      throw usageError(
        `${model.family}: player '${player.name}' owns none of the parameters, which are ${paths.join(", ")}`,
      );
  const rule = (path: string) => {
    const player = objective.players[owners.get(path) as number];
    return player && hasGradient(player) ? ruleFor(player, path) : undefined;
  };
  const tables = allocateTables(model, initial, (path) => {
    const optimiser = rule(path);
    if (!optimiser) throw usageError(`${model.family}: no player trains '${path}', which is kept by rows`);
    return optimiser;
  });
  if (tables.size > 0 && objective.after)
    throw usageError(
      `${model.family}: an average of weights is not kept of parameters that are updated by rows`,
    );
  // One group for each player and rule, in the order in which their first parameters come.
  const kinds: { player: number; optimiser: Optimiser | undefined; paths: Set<string> }[] = [];
  for (const path of paths) {
    if (sparse.includes(path)) continue;
    const [player, optimiser] = [owners.get(path) as number, rule(path)];
    const kind = kinds.find((k) => k.player === player && k.optimiser === optimiser);
    if (kind) kind.paths.add(path);
    else kinds.push({ player, optimiser, paths: new Set([path]) });
  }
  const beside = Object.values(objective.state ?? {}).filter(({ dtype }) => dtype === "f32");
  const sizes = beside.map(({ shape }) => sizeOf(shape));
  if (kinds.length === 0) kinds.push({ player: -1, optimiser: undefined, paths: new Set() });
  const groups = kinds.map(({ player, optimiser, paths: own }, i): Group => {
    const layout = layoutOf(initial, (path) => own.has(path));
    const flat = allocateFlat(model, initial, layout, optimiser?.stateVectors ?? [], i === 0 ? sizes : []);
    return { prefix: kinds.length === 1 ? "" : `group${i}.`, player, optimiser, layout, flat };
  });
  const views = new Map(groups.flatMap(({ layout, flat }) => [...viewsOf(layout, flat.params)]));
  const byTable = tableParameters(tables);
  const parameters = mapTree(
    initial,
    isArray,
    ({ shape }, path): NDArray<"f32"> => ({
      ...{ dtype: "f32", shape },
      data: byTable.get(path) ?? (views.get(path) as Float32Array),
    }),
  ) as P;
  return { groups, tables, parameters, state: allocateState(objective, groups[0] as Group) };
}

function ownerOf<P extends Parameters>({ players }: Objective<P>, path: string): number {
  const owners = [...players.keys()].filter((i) => {
    const player = players[i] as Player<P>;
    return hasGradient(player) && (player.owns?.(path) ?? true);
  });
  const [first = -1, second] = owners;
  if (second !== undefined)
    throw usageError(
      `two players own the parameter '${path}': ${players[first]?.name} and ${players[second]?.name}`,
    );
  return first;
}

/**
 * Copies of the initial state, in single precision next to the first group's vectors, so that kernels reach
 * it.
 */
function allocateState<P extends Parameters>({ state = {} }: Objective<P>, { flat }: Group): Stored {
  const room = flat.beside.values();
  return Object.fromEntries(
    Object.entries(state).map(([name, array]) => {
      if (array.dtype !== "f32") return [name, { ...array, data: array.data.slice() } as Stored[string]];
      const data = room.next().value as Float32Array;
      data.set(array.data as Float32Array);
      return [name, ndarray("f32", array.shape, data)];
    }),
  );
}

/** Returns a new tree with the parameters of a copy. */
export function treeOf<P extends Parameters>(memory: TrainingMemory<P>, copy: ParameterCopy): P {
  const views = new Map(
    memory.groups.flatMap(({ layout }, i) => [...viewsOf(layout, copy.groups[i] as Float32Array)]),
  );
  return mapTree(memory.parameters, isArray, ({ shape }, path) =>
    ndarray("f32", shape, copy.tables.get(path) ?? (views.get(path) as Float32Array).slice()),
  ) as P;
}

/** Number of parameters. */
export function parametersIn({ groups, tables }: TrainingMemory): number {
  const dense = groups.reduce((sum, { layout }) => sum + layout.size, 0);
  return [...tables.values()].reduce((sum, { params }) => sum + params.length, dense);
}

/** Whether every parameter is a finite number. */
export function allFinite({ groups, tables }: TrainingMemory): boolean {
  return [...groups.map(({ flat }) => flat), ...tables.values()].every(
    ({ kernel, params }) => kernel.countNonFinite(params.byteOffset, params.length) === 0,
  );
}

/** Copies the parameters `kept` out, a tree of the memory's own structure. */
export function copyParameters<P extends Parameters>(memory: TrainingMemory<P>, kept: P): ParameterCopy {
  const copy: ParameterCopy = {
    groups: memory.groups.map(({ layout }) => new Float32Array(layout.size)),
    tables: new Map([...memory.tables].map(([path, { params }]) => [path, new Float32Array(params.length)])),
  };
  updateCopy(copy, memory, kept);
  return copy;
}

/** Writes a copy of the parameters back in place; the memory of optimisers and state is unchanged. */
export function restoreCopy(memory: TrainingMemory, copy: ParameterCopy): void {
  for (const [i, { flat }] of memory.groups.entries()) flat.params.set(copy.groups[i] as Float32Array);
  for (const [path, table] of copy.tables) memory.tables.get(path)?.params.set(table);
}

/** Copies the parameters `kept` over an earlier copy. */
export function updateCopy<P extends Parameters>(
  copy: ParameterCopy,
  memory: TrainingMemory<P>,
  kept: P,
): void {
  const arrays = new Map(leavesWithPaths(kept, isArray));
  const data = (path: string) => (arrays.get(path) as NDArray<"f32">).data;
  memory.groups.forEach(({ layout }, i) => {
    for (const { path, start } of layout.leaves) copy.groups[i]?.set(data(path), start);
  });
  for (const [path, table] of copy.tables) table.set(data(path));
}
