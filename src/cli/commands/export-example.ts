import type { DType } from "../../array.ts";
import { describe, siteShape, sites, stateCount } from "../../data/space.ts";
import type { RunRecord } from "../../runs/index.ts";
import type { Traced } from "../../runtime/index.ts";
import { pythonSizes } from "./export-noise.ts";
import { exampleStart } from "./export-start.ts";

const numpy: Record<DType, string> = {
  f32: "np.float32",
  f64: "np.float64",
  i32: "np.int32",
  i64: "np.int64",
  u32: "np.uint32",
  bool: "np.bool_",
};

/** A Python script that draws configurations with the exported sampler and scores them; it documents every input. */
export function exampleScript(record: RunRecord, graphs: { logprob: Traced; sampler: Traced }): string {
  const shape = siteShape(record.space);
  const states = stateCount(record.space);
  const values = states === undefined ? describe(record.space).replace(/ on .*/, "") : `0 to ${states - 1}`;
  const x = graphs.logprob.inputs[0] as Traced["inputs"][number];
  const isContext = ({ name }: { name: string }) => name === "context";
  const context = graphs.logprob.inputs.some(isContext);
  const noise = graphs.sampler.noise.map(({ name, tensor, draw }) => {
    const type = numpy[tensor.dtype];
    const values =
      draw.distribution === "uniform"
        ? `random.random((${pythonSizes(tensor.shape)},), dtype=${type})  # uniform in [0, 1)`
        : `random.standard_normal((${pythonSizes(tensor.shape)},), dtype=${type})  # standard normal`;
    return `    "${name}": ${values.replace(/ {2}#/, ",  #")}`;
  });
  const spins =
    record.encoding === "pm1"
      ? "; the data's spins s are 2 * x - 1"
      : record.encoding === "levels"
        ? "; level k is any number from k to k + 1"
        : "";
  return `"""Uses a model exported by Ansatz from Python; needs numpy and onnxruntime alone.

logprob.onnx: x [batch, ${shape.join(", ")}] of ${values} as ${numpy[x.tensor.dtype]} -> logprob [batch], nats${spins}
sampler.onnx: fresh independent noise for every configuration -> x and its logprob
"""
${exampleStart}
score = ort.InferenceSession(here / "logprob.onnx", providers=["CPUExecutionProvider"])
draw = ort.InferenceSession(here / "sampler.onnx", providers=["CPUExecutionProvider"])

batch = 1000
random = np.random.default_rng(0)
${record.context ? `context = np.zeros((batch, ${sites(record.context)}), np.float32)  # what each row is conditioned on\n` : ""}noise = {
${noise.join("\n")}
}
x, logprob = draw.run(["x", "logprob"], {**noise${context ? ', "context": context' : ""}})
(again,) = score.run(["logprob"], {"x": x${context ? ', "context": context' : ""}})
print(f"{batch} configurations of shape {x.shape[1:]}, mean log P {logprob.mean():.4f} nats")
print(f"scored again: largest difference {abs(again - logprob).max():.1e}")
`;
}
