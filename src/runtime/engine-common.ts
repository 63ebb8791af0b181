import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from "onnxruntime-node";
import { type DType, type NDArray, sizeOf } from "../array.ts";
import { AnsatzError } from "../error.ts";
import type { Engine, EngineOptions, EngineSession } from "./engine.ts";

const toOrt = {
  f32: "float32",
  f64: "float64",
  i32: "int32",
  i64: "int64",
  u32: "uint32",
  bool: "bool",
} as const;
const fromOrt = Object.fromEntries(Object.entries(toOrt).map(([ours, theirs]) => [theirs, ours as DType]));

/** The parts of ONNX Runtime's JavaScript interface that its Node and browser packages share. */
export interface OrtModule {
  readonly Tensor: TensorConstructor;
  readonly InferenceSession: {
    create(model: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
}

/** What an adapter provides to {@link ortEngine} about its package. */
export interface OrtAdapter {
  /** Name and version of the package. */
  readonly version: string;
  /** Whether a run writes into the output tensors it is given; if not, results are copied into them. */
  readonly fillsOutputs: boolean;
  sessionOptions(options: EngineOptions): InferenceSession.SessionOptions;
}

/** An engine over one of ONNX Runtime's packages. */
export function ortEngine(ort: OrtModule, { version, fillsOutputs, sessionOptions }: OrtAdapter): Engine {
  // An array that is fed again and again (parameters, optimiser state) keeps its wrapper.
  const wrappers = new WeakMap<NDArray<DType>, OrtTensor>();
  const wrap = (array: NDArray<DType>): OrtTensor => {
    let tensor = wrappers.get(array);
    if (tensor === undefined) {
      tensor = new ort.Tensor(toOrt[array.dtype], array.data as never, array.shape) as OrtTensor;
      wrappers.set(array, tensor);
    }
    return tensor;
  };
  const wrapAll = (arrays: Readonly<Record<string, NDArray<DType>>>) => {
    const wrapped: Record<string, OrtTensor> = {};
    for (const name in arrays) wrapped[name] = wrap(arrays[name] as NDArray<DType>);
    return wrapped;
  };
  const unwrap = (tensor: OrtTensor): NDArray<DType> => {
    const dtype = fromOrt[tensor.type] as DType;
    const shape = tensor.dims as readonly number[];
    const { data } = tensor as { data: NDArray<DType>["data"] };
    if (data.length !== sizeOf(shape))
      throw new AnsatzError("failure", "the engine returned a malformed tensor");
    return { data, shape, dtype };
  };

  return {
    version,
    async load(model, options = {}): Promise<EngineSession> {
      const session = await ort.InferenceSession.create(model, sessionOptions(options)).catch(
        explain("load"),
      );
      const names = session.outputNames;
      return {
        async run(feeds, into) {
          const fetches: Record<string, OrtTensor | null> = {};
          for (const name of names)
            fetches[name] = fillsOutputs && into?.[name] !== undefined ? wrap(into[name]) : null;
          const results = await session.run(wrapAll(feeds), fetches).catch(explain("run"));
          const arrays: Record<string, NDArray<DType>> = {};
          for (const name of names) {
            const target = into?.[name];
            if (target !== undefined && !fillsOutputs) copy(unwrap(results[name] as OrtTensor), target);
            arrays[name] = target ?? unwrap(results[name] as OrtTensor);
          }
          return arrays;
        },
        release: () => session.release(),
      };
    },
  };
}

/** The engine's own error as ours: its first line, and itself as the cause. */
function explain(what: "load" | "run") {
  return (error: unknown): never => {
    const [line] = String((error as Error)?.message ?? error).split("\n");
    throw new AnsatzError("failure", `the engine could not ${what} a graph: ${line}`, { cause: error });
  };
}

function copy(from: NDArray<DType>, to: NDArray<DType>): void {
  if (from.dtype !== to.dtype || from.data.length !== to.data.length)
    throw new AnsatzError(
      "failure",
      `a result of ${from.data.length} ${from.dtype} does not fit into ${to.data.length} ${to.dtype}`,
    );
  (to.data as Float64Array).set(from.data as Float64Array);
}
