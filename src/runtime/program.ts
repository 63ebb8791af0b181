import { engine } from "#engine";
import type { DType, NDArray } from "../array.ts";
import { usageError } from "../error.ts";
import type { Key } from "../random/key.ts";
import { formatShape, isSymbolic, type Shape, sameShape } from "../tensor/shape.ts";
import type { EngineOptions, EngineSession } from "./engine.ts";
import { lowerInto } from "./lower/lower.ts";
import { drawNoise } from "./noise.ts";
import { GraphBuilder, modelBytes, valueInfo } from "./onnx.ts";
import type { Traced } from "./trace.ts";

/** The bytes of an ONNX model that computes a traced function; its inputs are the arguments, then the noise. */
export function toOnnx(traced: Traced, description = ""): Uint8Array {
  const graph = new GraphBuilder();
  const inputs = [...traced.inputs, ...traced.noise];
  for (const { name, tensor } of inputs) {
    graph.names.set(tensor, name);
    const axis = tensor.shape.findIndex((n) => n < 0);
    if (axis >= 0) graph.batchSource ??= { name, axis, multiple: -(tensor.shape[axis] as number) };
  }
  const taken = new Set(inputs.map((i) => i.name));
  const outputs = lowerInto(
    graph,
    traced.outputs.map((o) => o.tensor),
  );
  // Each output is a value of the graph of its own, under its own name.
  traced.outputs.forEach(({ name }, i) => {
    if (taken.has(name)) throw usageError(`two values of the graph are called '${name}'`);
    taken.add(name);
    const node = graph.emit("Identity", [outputs[i] as string]);
    const last = graph.nodes.at(-1);
    if (last?.output[0] === node) last.output[0] = name;
  });
  return modelBytes(
    graph.graph(
      "ansatz",
      inputs.map(({ name, tensor }) => valueInfo(name, tensor)),
      traced.outputs.map(({ name, tensor }) => valueInfo(name, tensor)),
    ),
    description,
  );
}

/** Options of a call of a {@link Program}. */
export interface Call {
  /** The keys that noise is drawn from, in the order of the arguments. */
  readonly keys?: readonly Key[];
  /** The batch size, if no argument shows it. */
  readonly batch?: number;
  /** Arrays that results are written into, by output position: no copies, no allocation. */
  readonly into?: readonly (NDArray<DType> | undefined)[];
}

/** A traced function on an engine: arrays in, arrays out, in the order of the trace. */
export class Program {
  /** The graph that was compiled, with its inputs and outputs. */
  readonly traced: Traced;
  private readonly session: EngineSession;

  private constructor(traced: Traced, session: EngineSession) {
    this.traced = traced;
    this.session = session;
  }

  /** Lowers and loads a traced function. */
  static async compile(traced: Traced, options: EngineOptions = {}): Promise<Program> {
    return new Program(traced, await engine.load(toOnnx(traced), options));
  }

  /** Runs the function. Throws when an argument does not have the traced shape or element type. */
  async run(args: readonly NDArray<DType>[], call: Call = {}): Promise<NDArray<DType>[]> {
    const { inputs, noise, outputs } = this.traced;
    const feeds: Record<string, NDArray<DType>> = {};
    let batch = call.batch;
    inputs.forEach(({ name, tensor }, i) => {
      const array = args[i];
      if (array === undefined) throw usageError(`${name} is missing`);
      if (array.dtype !== tensor.dtype)
        throw usageError(`${name} is ${array.dtype}; expected ${tensor.dtype}`);
      if (tensor.shape[0] !== undefined && tensor.shape[0] < 0)
        batch ??= (array.shape[0] as number) / -tensor.shape[0];
      if (!fits(array.shape, tensor.shape, batch))
        throw usageError(
          `${name} has shape ${formatShape(array.shape)}; expected ${formatShape(tensor.shape)}`,
        );
      feeds[name] = array;
    });
    for (const { name, tensor, draw } of noise)
      feeds[name] = drawNoise({ ...draw, shape: tensor.shape }, call.keys ?? [], batch);
    const into: Record<string, NDArray<DType>> = {};
    call.into?.forEach((array, i) => {
      if (array !== undefined) into[(outputs[i] as { name: string }).name] = array;
    });
    const results = await this.session.run(feeds, into);
    return outputs.map(({ name }) => results[name] as NDArray<DType>);
  }

  /** Frees the graph. */
  release(): Promise<void> {
    return this.session.release();
  }
}

function fits(actual: Shape, expected: Shape, batch: number | undefined): boolean {
  if (!isSymbolic(expected)) return sameShape(actual, expected);
  return (
    actual.length === expected.length &&
    expected.every((n, i) => actual[i] === (n < 0 ? -n * (batch ?? Number.NaN) : n))
  );
}
