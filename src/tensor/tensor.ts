import type { DType, NDArray } from "../array.ts";
import { AnsatzError } from "../error.ts";
import { formatShape, type Shape } from "./shape.ts";

/** Shape and element type of a tensor. */
export interface TensorType {
  /** The size of each axis, outermost first. */
  readonly shape: Shape;
  /** The type of each element. */
  readonly dtype: DType;
}

/**
 * An operation of the tensor language: its name, its shape rule and its derivative. The derivative is written in
 * the same operations, so that it can be differentiated again. How it runs is not its concern: that is one line
 * of the lowering table.
 */
export interface Operation<A = unknown> {
  readonly name: string;
  /** Types of the outputs; throws where shapes or element types do not fit, naming the operation. */
  infer(inputs: readonly Tensor[], attributes: A): TensorType[];
  /**
   * Returns the cotangents of the inputs from those of the outputs (`undefined` is zero), one entry per
   * input. An operation without this member and without a line in derivatives/table.ts stops a gradient with
   * an error.
   */
  derivative?(step: Step<A>): (Tensor | undefined)[];
}

/** Input of a derivative: one application of its operation and the cotangents that reached it. */
export interface Step<A> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: A;
  readonly cotangents: readonly (Tensor | undefined)[];
}

/** One application of an operation; tensors are its outputs. */
export class Node {
  readonly operation: Operation;
  readonly inputs: readonly Tensor[];
  readonly attributes: unknown;
  readonly outputs: readonly Tensor[];

  constructor(operation: Operation, inputs: readonly Tensor[], attributes: unknown) {
    this.operation = operation;
    this.inputs = inputs;
    this.attributes = attributes;
    this.outputs = operation.infer(inputs, attributes).map((type, i) => new Tensor(this, i, type));
  }
}

/**
 * A symbolic, immutable value inside a traced function: an output of an operation, with a shape and an element
 * type and no data. Concrete numbers are {@link NDArray}s.
 */
export class Tensor implements TensorType {
  /** The application of an operation that this is an output of. */
  readonly node: Node;
  /** Which of the node's outputs it is, from 0. */
  readonly index: number;
  readonly shape: Shape;
  readonly dtype: DType;

  constructor(node: Node, index: number, type: TensorType) {
    this.node = node;
    this.index = index;
    this.shape = type.shape;
    this.dtype = type.dtype;
  }
}

/** True for a tensor: the leaves of a traced function's trees. */
export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

/** A tensor, or a number that takes the element type of the tensor it meets. */
export type TensorLike = Tensor | number;

/** Applies an operation with several outputs. */
export function applyAll<A>(operation: Operation<A>, inputs: readonly Tensor[], attributes: A): Tensor[] {
  return [...new Node(operation as Operation, inputs, attributes).outputs];
}

/** Applies an operation with one output. */
export function apply<A>(operation: Operation<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  return new Node(operation as Operation, inputs, attributes).outputs[0] as Tensor;
}

/** True for element types that carry derivatives. */
export function isFloat(dtype: DType): dtype is "f32" | "f64" {
  return dtype === "f32" || dtype === "f64";
}

/** A free variable: an argument of a traced function or of a loop's body. */
export const inputOperation: Operation<TensorType & { name?: string }> = {
  name: "input",
  infer: (_, type) => [{ shape: type.shape, dtype: type.dtype }],
};

/** A fresh free variable of the given type. */
export function input(type: TensorType, name?: string): Tensor {
  return apply(inputOperation, [], { ...type, ...(name === undefined ? {} : { name }) });
}

/** A known array inside a graph. */
export const constantOperation: Operation<NDArray<DType>> = {
  name: "constant",
  infer: (_, value) => [{ shape: value.shape, dtype: value.dtype }],
};

/** The element-type error of `operation`, naming what it got. */
export function dtypeError(operation: string, problem: string, ...tensors: TensorType[]): AnsatzError {
  return new AnsatzError(
    "usage",
    `${operation}: ${problem}: ${tensors.map((t) => `${t.dtype} ${formatShape(t.shape)}`).join(" and ")}`,
  );
}
