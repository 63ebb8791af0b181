import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { siteShape, stateCount } from "../data/space.ts";
import { writeFileAtomic } from "../files/index.ts";
import type { FittedApproximate } from "../models/fitted-approximate.ts";
import { traceLogWeight, traceSweep } from "../models/graphs.ts";
import type { Run, RunRecord } from "../runs/index.ts";
import { type Traced, toOnnx } from "../runtime/index.ts";
import { type Port, signature } from "./export.ts";
import type { Outcome } from "./session.ts";

/** Writes an energy model as two graphs, its log-weight and one sweep of its chain, into a folder. */
export async function exportEnergy(
  { record }: Run,
  { model, parameters }: FittedApproximate,
  out: string,
): Promise<Outcome> {
  const graphs = { logweight: traceLogWeight(model, parameters), sweep: traceSweep(model, parameters) };
  const what = `${record.family} fitted by: ${record.command}`;
  const files: Record<string, Uint8Array | string> = {
    "logweight.onnx": toOnnx(graphs.logweight, what),
    "sweep.onnx": toOnnx(graphs.sweep, what),
    "example.py": exampleScript(record, graphs.sweep),
  };
  await mkdir(out, { recursive: true });
  for (const [name, content] of Object.entries(files))
    await writeFileAtomic(join(out, name), content, { force: true });
  const document = {
    out,
    files: Object.keys(files),
    logweight: signature(graphs.logweight),
    sweep: signature(graphs.sweep),
  };
  const ports = (list: Port[]) =>
    list.map(({ name, shape, dtype }) => `${name} [${shape.join(", ")}] ${dtype}`).join(", ");
  const spins = record.encoding === "pm1" ? "; spins are 0 and 1 there, (s + 1) / 2 of the data's" : "";
  return {
    document,
    text: [
      `${out}: configurations of shape [${siteShape(record.space).join(", ")}]${spins}`,
      ...(["logweight", "sweep"] as const).map(
        (name) => `${name}.onnx: ${ports(document[name].inputs)} → ${ports(document[name].outputs)}`,
      ),
      `try it: python ${join(out, "example.py")} (with numpy and onnxruntime)`,
    ].join("\n"),
  };
}

/** A Python script that runs chains by the exported sweep and scores where they end. */
function exampleScript({ space }: RunRecord, sweep: Traced): string {
  const shape = siteShape(space).join(", ");
  const states = stateCount(space);
  const integer = space.kind === "categorical";
  const start =
    states === undefined
      ? `random.standard_normal((batch, ${shape}), dtype=np.float32)`
      : `random.integers(0, ${states}, (batch, ${shape})).astype(np.${integer ? "int32" : "float32"})`;
  const noise = sweep.noise.map(({ name, tensor, draw }) => {
    const size = tensor.shape.map((n) => (n === -1 ? "batch" : n < 0 ? `${-n} * batch` : String(n)));
    const call = draw.distribution === "uniform" ? "random.random" : "random.standard_normal";
    return `        "${name}": ${call}((${size.join(", ")},), dtype=np.float32),`;
  });
  return `"""Uses an energy model exported by Ansatz from Python; needs numpy and onnxruntime alone.

logweight.onnx: x [batch, ${shape}] -> logweight [batch], log P + log Z in nats
sweep.onnx: x and fresh noise -> next, one sweep of a Markov chain that has P for its stationary distribution
"""
from pathlib import Path

import numpy as np
import onnxruntime as ort

here = Path(__file__).parent
weigh = ort.InferenceSession(here / "logweight.onnx", providers=["CPUExecutionProvider"])
sweep = ort.InferenceSession(here / "sweep.onnx", providers=["CPUExecutionProvider"])

batch = 1000
random = np.random.default_rng(0)
x = ${start}
for _ in range(200):
    noise = {
${noise.join("\n")}
    }
    (x,) = sweep.run(["next"], {"x": x, **noise})
(logweight,) = weigh.run(["logweight"], {"x": x})
print(f"{batch} chains of 200 sweeps, shape {x.shape[1:]}, mean log-weight {logweight.mean():.4f} nats")
`;
}
