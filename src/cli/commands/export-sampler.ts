import { siteShape } from "../../data/space.ts";
import type { FittedBounded } from "../../models/fitted/bounded.ts";
import { byKind } from "../../models/fitted/fitted.ts";
import type { FittedImplicit } from "../../models/fitted/implicit.ts";
import { traceBound, traceDraws } from "../../models/graphs.ts";
import type { RunRecord } from "../../runs/index.ts";
import type { Traced } from "../../runtime/index.ts";
import type { Exported } from "./exported.ts";

/** A model of independent samples as its sampler, with the bound of one that has one. */
export function samplerExport(record: RunRecord, fitted: FittedBounded | FittedImplicit): Exported {
  const graphs = byKind<Record<string, Traced>>(fitted, {
    bounded: ({ model, parameters }) => ({
      bound: traceBound(model, parameters),
      sampler: traceDraws(model, parameters),
    }),
    implicit: ({ model, parameters }) => ({ sampler: traceDraws(model, parameters) }),
    exact: () => ({}),
    energy: () => ({}),
  });
  return { graphs, example: exampleScript(record, graphs) };
}

const sizes = (shape: readonly number[]) =>
  shape.map((n) => (n === -1 ? "batch" : n < 0 ? `${-n} * batch` : String(n))).join(", ");

/** Lines of a Python dictionary of fresh noise for a graph. */
function noiseOf({ noise }: Traced): string {
  return noise
    .map(({ name, tensor, draw }) => {
      const call = draw.distribution === "uniform" ? "random.random" : "random.standard_normal";
      return `    "${name}": ${call}((${sizes(tensor.shape)},), dtype=np.float32),`;
    })
    .join("\n");
}

/** A Python script that draws configurations, and where there is a bound draws it for them. */
function exampleScript({ space, contextSize }: RunRecord, graphs: Record<string, Traced>): string {
  const { bound, sampler } = graphs as { readonly bound?: Traced; readonly sampler: Traced };
  const shape = siteShape(space).join(", ");
  const context = contextSize > 0 ? ', "context": context' : "";
  return `"""Uses a model exported by Ansatz from Python; needs numpy and onnxruntime alone.

sampler.onnx: fresh independent noise for every configuration -> x [batch, ${shape}]
${bound ? "bound.onnx: x and fresh noise -> bound [batch], one draw of a lower bound of log P in nats\n" : ""}"""
from pathlib import Path

import numpy as np
import onnxruntime as ort

here = Path(__file__).parent
draw = ort.InferenceSession(here / "sampler.onnx", providers=["CPUExecutionProvider"])

batch = 1000
random = np.random.default_rng(0)
${contextSize > 0 ? `context = np.zeros((batch, ${contextSize}), np.float32)  # what each row is conditioned on\n` : ""}noise = {
${noiseOf(sampler)}
}
(x,) = draw.run(["x"], {**noise${context}})
print(f"{batch} configurations of shape {x.shape[1:]}")
${
  bound
    ? `bounding = ort.InferenceSession(here / "bound.onnx", providers=["CPUExecutionProvider"])
noise = {
${noiseOf(bound)}
}
(bound,) = bounding.run(["bound"], {"x": x, **noise${context}})
print(f"mean bound of log P {bound.mean():.4f} nats, from below")
`
    : ""
}`;
}
