import { siteShape, sites } from "../../data/space.ts";
import { traceDecode, traceEncode } from "../../models/coding-graphs.ts";
import type { ModelBase, Parameters } from "../../models/contract.ts";
import type { AnyFitted } from "../../models/fitted/fitted.ts";
import { inputType } from "../../models/index.ts";
import type { RunRecord } from "../../runs/index.ts";
import { exampleStart } from "./export-start.ts";
import type { Exported } from "./exported.ts";

/** A model that has codes and does not sample: no graphs of its own, and a script with rows to encode. */
export function codesExport({ space, context }: RunRecord): Exported {
  const dtype = inputType(space) === "i32" ? "int32" : "float32";
  const given = context
    ? `context = np.zeros((batch, ${sites(context)}), np.float32)  # what each row is conditioned on\n`
    : "";
  const example = `"""Uses a model exported by Ansatz from Python; needs numpy and onnxruntime alone."""
${exampleStart}
batch = 10
x = np.zeros((batch, ${siteShape(space).join(", ")}), np.${dtype})  # your rows
${given}`;
  return { graphs: {}, example };
}

/** What is exported of a model, with its encoder and decoder where it has codes. */
export function withCodes(exported: Exported, { model, parameters }: AnyFitted): Exported {
  const { coding, space, context } = model as ModelBase;
  if (!coding) return exported;
  const own = { ...(model as ModelBase), coding };
  const decoder = traceDecode(own, parameters as Parameters);
  // Of a model without an encoder the sampler has all that its codes are drawn for.
  if (!coding.encode) return { ...exported, graphs: { ...exported.graphs, decoder } };
  const graphs = { encoder: traceEncode(own, parameters as Parameters), decoder };
  const given = context ? ', "context": context' : "";
  const [rows, codes] = [siteShape(space), siteShape(coding.codes)].map((shape) => shape.join(", "));
  const example = `
# encoder.onnx: x [batch, ${rows}] -> code [batch, ${codes}]; decoder.onnx: code -> x
encode = ort.InferenceSession(here / "encoder.onnx", providers=["CPUExecutionProvider"])
decode = ort.InferenceSession(here / "decoder.onnx", providers=["CPUExecutionProvider"])
(code,) = encode.run(["code"], {"x": x${given}})
(again,) = decode.run(["x"], {"code": code${given}})
print(f"codes of shape {code.shape[1:]}; decoded: mean absolute difference {abs(again - x).mean():.4f}")
`;
  return { graphs: { ...exported.graphs, ...graphs }, example: exported.example + example };
}
