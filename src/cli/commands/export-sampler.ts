import { siteShape, sites } from "../../data/space.ts";
import type { RunRecord } from "../../runs/index.ts";
import type { Traced } from "../../runtime/index.ts";
import { noiseLines } from "./export-noise.ts";
import { exampleStart } from "./export-start.ts";
import type { Exported } from "./exported.ts";

/** The graphs of a model of independent samples. */
interface SamplerGraphs {
  readonly sampler: Traced;
  readonly bound?: Traced;
  /** The velocity of a flow in time. */
  readonly velocity?: Traced;
}

/** A model of independent samples as its sampler, with the bound of one that has one. */
export function samplerExport(record: RunRecord, graphs: SamplerGraphs): Exported {
  return { graphs: { ...graphs }, example: exampleScript(record, graphs) };
}

/** A Python script that draws configurations, and where there is a bound draws it for them. */
function exampleScript(
  { space, context: given }: RunRecord,
  { bound, sampler, velocity }: SamplerGraphs,
): string {
  const shape = siteShape(space).join(", ");
  const context = given ? ', "context": context' : "";
  return `"""Uses a model exported by Ansatz from Python; needs numpy and onnxruntime alone.

sampler.onnx: fresh independent noise for every configuration -> x [batch, ${shape}]
${bound ? "bound.onnx: x and fresh noise -> bound [batch], one draw of a lower bound of log P in nats\n" : ""}${
  velocity
    ? `velocity.onnx: z [batch, ${shape}] and time [batch], 0 data, 1 noise -> dz/dt in standardised units\n`
    : ""
}"""
${exampleStart}
draw = ort.InferenceSession(here / "sampler.onnx", providers=["CPUExecutionProvider"])

batch = 1000
random = np.random.default_rng(0)
${given ? `context = np.zeros((batch, ${sites(given)}), np.float32)  # what each row is conditioned on\n` : ""}noise = {
${noiseLines(sampler, "    ")}
}
(x,) = draw.run(["x"], {**noise${context}})
print(f"{batch} configurations of shape {x.shape[1:]}")
${
  bound
    ? `bounding = ort.InferenceSession(here / "bound.onnx", providers=["CPUExecutionProvider"])
noise = {
${noiseLines(bound, "    ")}
}
(bound,) = bounding.run(["bound"], {"x": x, **noise${context}})
print(f"mean bound of log P {bound.mean():.4f} nats, from below")
`
    : ""
}`;
}
