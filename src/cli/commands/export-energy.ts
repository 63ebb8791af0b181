import { siteShape, stateCount } from "../../data/space.ts";
import type { FittedEnergy } from "../../models/fitted/energy.ts";
import { traceLogWeight, traceSweep } from "../../models/graphs.ts";
import type { RunRecord } from "../../runs/index.ts";
import type { Traced } from "../../runtime/index.ts";
import { noiseLines } from "./export-noise.ts";
import { exampleStart } from "./export-start.ts";
import type { Exported } from "./exported.ts";

/** An energy model as its log-weight and one sweep of its chain. */
export function energyExport(record: RunRecord, { model, parameters }: FittedEnergy): Exported {
  const graphs = { logweight: traceLogWeight(model, parameters), sweep: traceSweep(model, parameters) };
  return { graphs, example: exampleScript(record, graphs.sweep) };
}

/** A Python script that runs chains by the exported sweep and scores their ends. */
function exampleScript({ space }: RunRecord, sweep: Traced): string {
  const shape = siteShape(space).join(", ");
  const states = stateCount(space);
  const integer = space.kind === "categorical";
  const start =
    states === undefined
      ? `random.standard_normal((batch, ${shape}), dtype=np.float32)`
      : `random.integers(0, ${states}, (batch, ${shape})).astype(np.${integer ? "int32" : "float32"})`;
  return `"""Uses an energy model exported by Ansatz from Python; needs numpy and onnxruntime alone.

logweight.onnx: x [batch, ${shape}] -> logweight [batch], log P + log Z in nats
sweep.onnx: x and fresh noise -> next, one sweep of a Markov chain that has P for its stationary distribution
"""
${exampleStart}
weigh = ort.InferenceSession(here / "logweight.onnx", providers=["CPUExecutionProvider"])
sweep = ort.InferenceSession(here / "sweep.onnx", providers=["CPUExecutionProvider"])

batch = 1000
random = np.random.default_rng(0)
x = ${start}
for _ in range(200):
    noise = {
${noiseLines(sweep, "        ")}
    }
    (x,) = sweep.run(["next"], {"x": x, **noise})
(logweight,) = weigh.run(["logweight"], {"x": x})
print(f"{batch} chains of 200 sweeps, shape {x.shape[1:]}, mean log-weight {logweight.mean():.4f} nats")
`;
}
