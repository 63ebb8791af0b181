import type { Operation, Tensor } from "../../tensor/tensor.ts";
import type { GraphBuilder } from "../onnx.ts";

/** Input of a lowering rule: one application, the names of its inputs, and the graph to emit into. */
export interface Application<A> {
  readonly graph: GraphBuilder;
  /** Names of the inputs in the graph. */
  readonly names: readonly string[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: A;
  /** Emits everything that outputs rest on into a graph, such as the body of a loop, and returns their names. */
  lowerInto(graph: GraphBuilder, outputs: readonly Tensor[]): string[];
}

/** Emits the operators of one application and returns the names of its outputs. */
export type Rule<A> = (application: Application<A>) => string | readonly string[];

/** The lowering table: how each operation runs. */
export type Table = Map<Operation, Rule<unknown>>;

/** One line of the table. */
export function rule<A>(operation: Operation<A>, lower: Rule<A>): [Operation, Rule<unknown>] {
  return [operation as Operation, lower as Rule<unknown>];
}

/** An operation that is one ONNX operator with the same inputs and no attributes. */
export function direct<A>(operation: Operation<A>, opType: string): [Operation, Rule<unknown>] {
  return rule(operation, ({ graph, names }) => graph.emit(opType, names));
}
