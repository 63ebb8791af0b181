import { create, toBinary } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { arrayFrom, bytesIn, type DType, type NDArray } from "../array.ts";
import { elements, type Shape } from "../tensor/shape.ts";
import type { Tensor, TensorType } from "../tensor/tensor.ts";

/** The operator set graphs are written in; known to onnxruntime-node, onnxruntime-web and Python's onnxruntime. */
export const OPSET = 21;

/** ONNX's numbers for element types. */
export const onnxTypes = { f32: 1, i32: 6, i64: 7, bool: 9, f64: 11, u32: 12 } as const satisfies Record<
  DType,
  number
>;

/** Values an ONNX node's attribute may take here. */
export type AttributeValue = number | bigint | string | readonly (number | bigint)[] | GraphProto;

const text = (value: string) => new Uint8Array(new TextEncoder().encode(value));

/** Integers are written as INT(S); real attributes of the operators used here are given by `{ real }`. */
function attribute(name: string, value: AttributeValue | { real: number }): AttributeProto {
  if (typeof value === "object" && "real" in value)
    return create(AttributeProtoSchema, { name, type: 1, f: value.real });
  if (typeof value === "number" || typeof value === "bigint")
    return create(AttributeProtoSchema, { name, type: 2, i: BigInt(value) });
  if (typeof value === "string") return create(AttributeProtoSchema, { name, type: 3, s: text(value) });
  if (Array.isArray(value)) return create(AttributeProtoSchema, { name, type: 7, ints: value.map(BigInt) });
  return create(AttributeProtoSchema, { name, type: 5, g: value as GraphProto });
}

/** An array as ONNX stores it. */
export function tensorProto(name: string, { data, shape, dtype }: NDArray<DType>): TensorProto {
  const rawData = new Uint8Array(data.byteLength);
  rawData.set(bytesIn(data));
  return create(TensorProtoSchema, { name, dataType: onnxTypes[dtype], dims: shape.map(BigInt), rawData });
}

/** A named value's type; a symbolic size appears as `batch`, a multiple of it as `batch_x3`. */
export function valueInfo(name: string, { shape, dtype }: TensorType): ValueInfoProto {
  const dim = shape.map((n) => ({
    value:
      n >= 0
        ? { case: "dimValue" as const, value: BigInt(n) }
        : { case: "dimParam" as const, value: n === -1 ? "batch" : `batch_x${-n}` },
  }));
  const type = create(TypeProtoSchema, {
    value: { case: "tensorType", value: { elemType: onnxTypes[dtype], shape: { dim } } },
  });
  return create(ValueInfoProtoSchema, { name, type });
}

/** Collects the nodes of one graph; loops' bodies are children that share names and known arrays with the root. */
export class GraphBuilder {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly names = new Map<Tensor, string>();
  readonly parent: GraphBuilder | undefined;
  private readonly root: GraphBuilder;
  private readonly cache = new Map<string, string>();
  private readonly arrays = new Map<object, string>();
  private counter = 0;
  /** A graph input from which the batch size is read: its size along `axis` is `multiple` batches. */
  batchSource: { name: string; axis: number; multiple: number } | undefined;

  constructor(parent?: GraphBuilder) {
    this.parent = parent;
    this.root = parent?.root ?? this;
  }

  fresh(hint: string): string {
    return `${hint}_${this.root.counter++}`;
  }

  /** The name of a tensor lowered in this graph or around it. */
  find(t: Tensor): string | undefined {
    return this.names.get(t) ?? this.parent?.find(t);
  }

  /** Adds one operator with one output and returns that output's name. */
  emit(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue | { real: number }>> = {},
  ): string {
    return this.emitAll(opType, inputs, attributes, 1)[0] as string;
  }

  /** Adds one operator with `outputs` outputs and returns their names. */
  emitAll(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue | { real: number }>>,
    outputs: number,
  ): string[] {
    const names = Array.from({ length: outputs }, () => this.fresh(opType.toLowerCase()));
    this.nodes.push(
      create(NodeProtoSchema, {
        opType,
        name: this.fresh("node"),
        input: [...inputs],
        output: names,
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      }),
    );
    return names;
  }

  /** The name of a known array, stored once for all graphs. */
  array(value: NDArray<DType>): string {
    const { root } = this;
    const seen = root.arrays.get(value);
    if (seen !== undefined) return seen;
    const name = root.fresh("constant");
    root.initializers.push(tensorProto(name, value));
    root.arrays.set(value, name);
    return name;
  }

  private cached(key: string, make: () => string): string {
    const name = this.root.cache.get(key) ?? make();
    this.root.cache.set(key, name);
    return name;
  }

  /** A known number. */
  number(value: number, dtype: DType): string {
    return this.cached(`${dtype} ${Object.is(value, -0) ? "-0" : value}`, () =>
      this.array(arrayFrom(dtype, [], [value])),
    );
  }

  /** Known ones of a shape. */
  ones(shape: readonly number[]): string {
    return this.cached(`ones ${shape}`, () =>
      this.array({ dtype: "f32", shape, data: new Float32Array(elements(shape)).fill(1) }),
    );
  }

  /** A known vector of 64-bit integers. */
  integers(values: readonly number[]): string {
    return this.cached(`ints ${values}`, () =>
      this.array({ dtype: "i64", shape: [values.length], data: BigInt64Array.from(values, BigInt) }),
    );
  }

  /** The batch size as a vector of one 64-bit integer, times `multiple`. */
  batch(multiple = 1): string {
    const { root } = this;
    return this.cached(`batch ${multiple}`, () => {
      const source = root.batchSource;
      if (source === undefined) throw new Error("a graph with a symbolic batch has no input that carries it");
      const size = root.emit("Shape", [source.name], { start: source.axis, end: source.axis + 1 });
      if (source.multiple === multiple) return size;
      const one = source.multiple === 1 ? size : root.emit("Div", [size, this.integers([source.multiple])]);
      return multiple === 1 ? one : root.emit("Mul", [one, this.integers([multiple])]);
    });
  }

  /** A shape as a vector of integers, computed from the batch size if it is symbolic. */
  shape(shape: Shape): string {
    if (shape.every((n) => n >= 0)) return this.integers(shape);
    const parts = shape.map((n) => (n >= 0 ? this.integers([n]) : this.batch(-n)));
    return parts.length === 1 ? (parts[0] as string) : this.root.emit("Concat", parts, { axis: 0 });
  }

  /** `x` reshaped; one symbolic size needs no computation. */
  reshape(x: string, shape: Shape): string {
    const symbolic = shape.some((n) => n < 0);
    const target =
      symbolic && elements(shape) !== 0
        ? this.integers(shape.map((n) => (n < 0 ? -1 : n)))
        : this.shape(shape);
    return this.emit("Reshape", [x, target], elements(shape) === 0 ? { allowzero: 1 } : {});
  }

  /** `x` with its axes permuted; itself where nothing moves. */
  transpose(x: string, permutation: readonly number[]): string {
    return permutation.every((p, i) => p === i) ? x : this.emit("Transpose", [x], { perm: permutation });
  }

  /**
   * `x` of the given rank with zeros before and after; negative numbers cut. Every axis is stated: if Pad
   * names only some axes, the engine's transposition optimiser (onnxruntime 1.30) takes its numbers for those
   * of all axes.
   */
  pad(
    x: string,
    { shape, dtype }: TensorType,
    axes: readonly { readonly axis: number; readonly before: number; readonly after: number }[],
  ): string {
    const before = shape.map((_, i) => axes.find((a) => a.axis === i)?.before ?? 0);
    const after = shape.map((_, i) => axes.find((a) => a.axis === i)?.after ?? 0);
    const amounts = [...before, ...after];
    if (amounts.every((n) => n === 0)) return x;
    return this.emit("Pad", [x, this.integers(amounts), this.number(0, dtype)]);
  }

  /** The finished graph. */
  graph(name: string, inputs: ValueInfoProto[], outputs: ValueInfoProto[]): GraphProto {
    return create(GraphProtoSchema, {
      name,
      node: this.nodes,
      initializer: this.initializers,
      input: inputs,
      output: outputs,
    });
  }
}

/** A model file's bytes around a graph. */
export function modelBytes(graph: GraphProto, description: string): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 10n,
      producerName: "ansatz",
      docString: description,
      opsetImport: [{ domain: "", version: BigInt(OPSET) }],
      graph,
    }),
  );
}
