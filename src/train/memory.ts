import type { NDArray } from "../array.ts";
import type { ModelBase, Parameters } from "../models/contract.ts";
import type { FlatParameters, Optimiser } from "../optim/index.ts";
import { allocateFlat, type Layout, layoutOf, unflatten } from "./flatten.ts";
import { allocateTables, type Tables, tableParameters } from "./tables.ts";

/** What training changes: dense parameters as flat vectors, row-sparse ones as tables, with their optimiser state. */
export interface TrainingMemory<P extends Parameters = Parameters> {
  readonly layout: Layout;
  readonly flat: FlatParameters;
  readonly tables: Tables;
  /** What an objective carries from step to step, by name. */
  readonly carried: Readonly<Record<string, NDArray<"f32">>>;
  /** The tree of parameters, as views of `flat` and `tables`. */
  readonly parameters: P;
}

/** A copy of the parameters alone. */
export interface ParameterCopy {
  readonly flat: Float32Array;
  readonly tables: ReadonlyMap<string, Float32Array>;
}

/** Allocates the memory of a fit and puts initial parameters there, which nothing refers to afterwards. */
export function allocateMemory<P extends Parameters>(
  model: ModelBase<P>,
  initial: P,
  optimiser: Optimiser,
  carried: TrainingMemory["carried"] = {},
): TrainingMemory<P> {
  const base = model as unknown as ModelBase;
  const layout = layoutOf(initial, model.sparse);
  const tables = allocateTables(base, initial, optimiser);
  const flat = allocateFlat(base, initial, layout, optimiser);
  const parameters = unflatten(initial, layout, flat.params, false, tableParameters(tables));
  return { layout, flat, tables, parameters, carried };
}

/** The parameters as they are now, as a tree of their own. */
export function copiedTree<P extends Parameters>(memory: TrainingMemory<P>): P {
  const copy = copyParameters(memory);
  return unflatten(memory.parameters, memory.layout, copy.flat, true, copy.tables);
}

/** Number of parameters. */
export function parametersIn({ layout, tables }: TrainingMemory): number {
  return layout.size + [...tables.values()].reduce((sum, { params }) => sum + params.length, 0);
}

/** Whether every parameter is a finite number. */
export function allFinite({ flat, tables }: TrainingMemory): boolean {
  return [flat, ...tables.values()].every(
    ({ kernel, params }) => kernel.countNonFinite(params.byteOffset, params.length) === 0,
  );
}

/** Copies the parameters out, to begin with. */
export function copyParameters({ flat, tables }: TrainingMemory): ParameterCopy {
  return {
    flat: flat.params.slice(),
    tables: new Map([...tables].map(([path, { params }]) => [path, params.slice()])),
  };
}

/** Copies the parameters over an earlier copy of them. */
export function updateCopy(copy: ParameterCopy, { flat, tables }: TrainingMemory): void {
  copy.flat.set(flat.params);
  for (const [path, { params }] of tables) copy.tables.get(path)?.set(params);
}
