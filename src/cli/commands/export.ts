import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { writeComplexNpy } from "../../data/formats/npy-complex.ts";
import { siteShape } from "../../data/space.ts";
import { inputError } from "../../error.ts";
import { codeOf, placed, writeFileAtomic } from "../../files/index.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import { byKind, type Fitted } from "../../models/fitted/fitted.ts";
import { traceVelocity } from "../../models/flow-time-graphs.ts";
import { traceBound, traceDraws, traceLogProb, traceSampler } from "../../models/graphs.ts";
import { offsetOf, type Run, type RunRecord } from "../../runs/index.ts";
import { type Traced, toOnnx } from "../../runtime/index.ts";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { requiredText } from "../options/flags.ts";
import type { CommandSpec } from "./command.ts";
import { codesExport, withCodes } from "./export-codes.ts";
import { energyExport } from "./export-energy.ts";
import { exampleScript } from "./export-example.ts";
import { samplerExport } from "./export-sampler.ts";
import { stateOfOutcomes } from "./export-state.ts";
import type { Exported } from "./exported.ts";
import { openFitted } from "./open-model.ts";

/** What exports of any kind write; a folder that holds anything else is somebody's. */
const own = [
  ...["logprob.onnx", "sampler.onnx", "logweight.onnx", "sweep.onnx", "bound.onnx", "rho.npy"],
  ...["encoder.onnx", "decoder.onnx", "velocity.onnx", "example.py"],
];

/** `ansatz export`. */
export const exportModel: CommandSpec = {
  define(command) {
    command
      .description(
        "Write a fitted model as ONNX graphs that need no JavaScript: logprob.onnx scores any number of " +
          "rows, sampler.onnx draws any number of configurations. For an energy model, logweight.onnx gives " +
          "log P + log Z, and sweep.onnx moves rows by one sweep of the chain. For a model with a bound, " +
          "bound.onnx draws the bound; of a flow in time velocity.onnx gives dz/dt in standardised units. For a density matrix, rho.npy holds it (complex128, rows and columns in the order of " +
          "outcomes, qubit 0 the most significant bit); for a model of the outcomes of up to 8 qubits, the state of greatest likelihood of its probabilities. For an implicit model there is only sampler.onnx. For a model " +
          "with codes, also encoder.onnx and decoder.onnx, which are all that there is of an autoencoder without a prior. example.py shows how to call them.",
      )
      .argument("<run>", "run folder")
      .option("--out <folder>", "folder to write");
  },
  examples: ["export runs/made --out exported"],
  async run([folder = ""], flags, session) {
    const out = requiredText(flags, "out", "name the folder to write, such as --out exported");
    const force = flags.force === true;
    await checkFolder(out, force);
    const { run, fitted } = await openFitted(folder);
    const { record } = run;
    const ofKind = byKind<Exported>(fitted, {
      exact: (own) => exactExport(record, own),
      energy: (own) => energyExport(record, own),
      bounded: ({ model, parameters }) =>
        samplerExport(record, {
          bound: traceBound(model, parameters),
          sampler: traceDraws(model, parameters),
          ...(model.flowTime && {
            velocity: traceVelocity({ ...model, flowTime: model.flowTime }, parameters),
          }),
        }),
      implicit: ({ model, parameters }) =>
        model.unsampled === undefined
          ? samplerExport(record, { sampler: traceDraws(model, parameters) })
          : codesExport(record),
    });
    const { graphs, example } = withCodes(ofKind, fitted);
    const what = `${record.family} fitted by: ${record.command}`;
    const files: Record<string, Uint8Array | string> = {
      ...Object.fromEntries(
        Object.entries(graphs).map(([name, graph]) => [`${name}.onnx`, toOnnx(graph, what)]),
      ),
      ...(await rhoOf(run, fitted, (line) => session.note(line))),
      "example.py": example + offsetLines(offsetOf(record)),
    };
    await mkdir(out, { recursive: true });
    for (const [name, content] of Object.entries(files))
      await writeFileAtomic(join(out, name), content, { force: true });
    const signatures = Object.fromEntries(
      Object.entries(graphs).map(([name, graph]) => [name, signature(graph)]),
    );
    return {
      document: { out, files: Object.keys(files), ...signatures },
      text: textFor(out, record, signatures),
    };
  },
};

/** The density matrix of a model that is one, or that of a model of the outcomes of few qubits. */
async function rhoOf(
  run: Run,
  fitted: Fitted,
  note: (line: string) => void,
): Promise<Record<string, Uint8Array>> {
  const { model, parameters } = fitted;
  const own = model.densityMatrix?.(parameters as never);
  if (own) return { "rho.npy": writeComplexNpy(own) };
  const rho = await (run.record.task === "fit" &&
    byKind<Promise<ComplexMatrix | undefined> | undefined>(fitted, {
      exact: (exact) => stateOfOutcomes(run, exact, note),
      energy: () => undefined,
      bounded: () => undefined,
      implicit: () => undefined,
    }));
  return rho ? { "rho.npy": writeComplexNpy(rho) } : {};
}

/** A model with an exact likelihood as its log-probability and its sampler. */
function exactExport(record: RunRecord, { model, parameters }: FittedExact): Exported {
  const graphs = { logprob: traceLogProb(model, parameters), sampler: traceSampler(model, parameters) };
  return { graphs, example: exampleScript(record, graphs) };
}

/**
 * Lines of example.py that add the offset of each column back to what the model draws. The fit subtracted it because single
 * precision would have lost digits; empty if there is none.
 */
function offsetLines(offset: readonly number[]): string {
  if (offset.length === 0) return "";
  return `
# The graphs work on the data less this offset of each column; add it in double precision, and subtract it from rows to score.
offset = np.array([${offset.join(", ")}]).reshape(x.shape[1:])
rows = x.astype(np.float64) + offset
print(f"first row as the data has it: {rows[0].tolist()}")
`;
}

/** An input or output of a graph. */
interface Port {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly dtype: string;
}

type Signature = { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] };

/** The inputs and outputs of a graph, in order; a size of −1 is the batch. */
function signature({ inputs, noise, outputs }: Traced): Signature {
  const port = ({ name, tensor }: Traced["inputs"][number]): Port => ({
    name,
    shape: tensor.shape.map((n) => (n === -1 ? "batch" : n < 0 ? `${-n} batch` : n)),
    dtype: tensor.dtype,
  });
  return { inputs: [...inputs, ...noise].map(port), outputs: outputs.map(port) };
}

function textFor(out: string, record: RunRecord, graphs: Readonly<Record<string, Signature>>): string {
  const { encoding, space } = record;
  const offset = offsetOf(record);
  const ports = (list: readonly Port[]) =>
    list.map(({ name, shape, dtype }) => `${name} [${shape.join(", ")}] ${dtype}`).join(", ");
  const spins = encoding === "pm1" ? "; spins are 0 and 1 there, (s + 1) / 2 of the data's" : "";
  return [
    `${out}: configurations of shape [${siteShape(space).join(", ")}]${spins}`,
    ...(offset.length > 0
      ? [`x is less the offset of each column, ${offset.join(", ")}: see example.py`]
      : []),
    ...Object.entries(graphs).map(
      ([name, { inputs, outputs }]) => `${name}.onnx: ${ports(inputs)} → ${ports(outputs)}`,
    ),
    `try it: python ${join(out, "example.py")} (with numpy and onnxruntime)`,
  ].join("\n");
}

async function checkFolder(out: string, force: boolean): Promise<void> {
  const found = await readdir(out).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    if (codeOf(error) === "ENOTDIR") throw inputError(`${out} is a file; --out names a folder`);
    throw placed(error, out);
  });
  if (found.length > 0 && !force) throw inputError(`${out} exists; use --force to replace it`);
  const other = found.find((name) => !own.includes(name));
  if (other !== undefined)
    throw inputError(`${out} holds ${other}, which is not part of an export; name another folder (--out)`);
}
