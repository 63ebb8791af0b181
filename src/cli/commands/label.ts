import { type NDArray, ndarray } from "../../array.ts";
import type { Dataset } from "../../data/dataset.ts";
import { decode, encode } from "../../data/encoding.ts";
import { type DataFile, type DataKey, formatOf, isTextName, textFlags } from "../../data/formats/index.ts";
import { metaVersion } from "../../data/meta.ts";
import { parseShape, siteShape } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import {
  checkWritable,
  datasetOf,
  loadContext,
  readDataFile,
  requireText,
  writeFileAtomic,
} from "../../files/index.ts";
import { trueMinus } from "../../report/figures/format.ts";
import { formatComparison, formatEstimate } from "../../stats/index.ts";
import { energyOfRows, energyWarning } from "../../study/energy-of-rows.ts";
import { systemText } from "../../study/system-text.ts";
import type { KnownSystem } from "../../systems/index.ts";
import { noteOrder, rowsOf } from "../options/data-options.ts";
import { requiredText, textOf } from "../options/flags.ts";
import { addMeasurementOptions } from "../options/measurements.ts";
import { addSelectedSystem, selectedSystem } from "../options/selected-system.ts";
import { addTextOptions, textFlagsOf } from "../options/text-flags.ts";
import type { CommandSpec } from "./command.ts";
import { isOfMeasurements, labelMeasurements } from "./label-measurements.ts";

/** `ansatz label`. */
export const label: CommandSpec = {
  define(command) {
    command
      .description(
        "Write data of your own to an .npz that names the system it was drawn from. Every command then knows the exact values, " +
          "observables and symmetries, as for simulated data. The rows are checked against the system. Measurements of qubits in any format " +
          "are written with their settings, qubit 0 first.",
      )
      .argument("<data>", "data file: .npy, .npz, .csv, .data, .txt; .json of counts");
    addSelectedSystem(command);
    command
      .option("--shape <shape>", "shape of a row, such as 8x8, if the file holds flat rows")
      .option(
        "--context <file>",
        "context of each row, row by row; with beta=context its inverse temperature",
      )
      .option("--rows <kind>", "independent or chain, as for fit (default: from the order of the rows)")
      .option(
        "--chains <n>",
        "number of Markov chains side by side: row r belongs to chain r mod n; the .npz keeps them",
      )
      .option("--replace", "replace the system that the file already names")
      .option("--out <file.npz>", "file to write");
    addTextOptions(command);
    addMeasurementOptions(command);
  },
  examples: [
    "label mine.npy --system ising:beta=0.4 --out mine.npz",
    "label flat.csv --system ising:beta=critical,shape=8x8,J=-1 --out mine.npz",
    "label mine.npy --energy J.npy --fields h.npy --beta 0.5 --out mine.npz",
    "label mine.npy --context betas.npy --system ising:beta=context --out mine.npz",
    "label counts.json --order last --out shots.npz",
  ],
  async run([path = ""], flags, session) {
    if (isOfMeasurements(path, flags)) return labelMeasurements(path, flags, session);
    const { given, own } = (await selectedSystem(flags)) ?? {};
    if (own)
      throw usageError(
        "--energy: a file keeps couplings, but no program; name the program when you score or explain",
      );
    if (!given)
      throw usageError(
        "--system is missing; name the system of the rows, such as --system ising:beta=0.4, or for measurements of qubits give --order first or --order last",
      );
    const out = requiredText(flags, "out", "name the file to write, such as --out mine.npz");
    if (!out.endsWith(".npz")) throw usageError(`--out names an .npz, which keeps the system, not ${out}`);
    const force = flags.force === true;
    await checkWritable(out, { force });
    const note = (line: string) => session.note(line);
    const text = { ...textFlagsOf(flags), note: (line: string) => note(`note: ${line}`) };
    const contextPath = textOf(flags, "context");
    requireText([path, contextPath], textFlags(text) === "" ? {} : text);
    const read = await readDataFile(path, undefined, isTextName(path) ? text : undefined);
    const context = contextPath === undefined ? undefined : await loadContext(contextPath, undefined, text);
    const file = withoutSystem(read, flags.replace === true, context);
    const shape = textOf(flags, "shape");
    const chains = textOf(flags, "chains");
    const rows = rowsOf({ rows: textOf(flags, "rows"), chains });
    const dataset = datasetOf(file, path, {
      ...{ system: given, rows },
      ...(shape !== undefined && { shape: parseShape(shape) }),
    });
    noteOrder(dataset, note);
    const labelled = fileOf(file, dataset, { command: session.command, keepsChains: chains !== undefined });
    await writeFileAtomic(out, formatOf(out).write(labelled), { force });
    const warning = energyWarning(dataset);
    if (warning !== undefined) note(`warning: ${warning}`);
    return outcome(out, dataset);
  },
};

/** Reads a file without the system that it names, if that is replaced and a context is given. */
function withoutSystem(
  { arrays, meta, ...file }: DataFile,
  replace: boolean,
  context: NDArray | undefined,
): DataFile {
  const { system, ...others } = meta ?? {};
  const kept = replace ? (others as DataFile["meta"]) : meta;
  return { ...file, arrays: { ...arrays, ...(context && { context }) }, ...(meta && kept && { meta: kept }) };
}

/** The file with its arrays as they were, spins and states as compactly as they can be, and all that is known of them. */
function fileOf(
  { arrays, meta: before, ...file }: DataFile,
  dataset: Dataset,
  { command, keepsChains }: { readonly command: string; readonly keepsChains: boolean },
): DataFile {
  const { space, encoding, name, chain } = dataset;
  const written: { [K in DataKey]?: NDArray } = { ...arrays };
  for (const key of ["x", "train", "valid", "test"] as const) {
    const raw = written[key];
    if (!raw || before?.completions !== undefined) continue;
    const isReal = space.kind === "real" || space.kind === "circle";
    const shape = [raw.shape[0] as number, ...siteShape(space)];
    written[key] = isReal ? { ...raw, shape } : decode(encode(raw, space, encoding, name, true), encoding);
  }
  if (keepsChains && chain) written.chain = ndarray("i32", [chain.length], chain);
  return {
    ...file,
    arrays: written,
    meta: { command, ...before, ...dataset.meta, version: metaVersion, space, encoding },
  };
}

function outcome(out: string, dataset: Dataset) {
  const known = dataset.meta?.system as KnownSystem;
  const { betas, ...system } = known;
  const rows = dataset.x.shape[0] as number;
  const found = energyOfRows(dataset);
  const at = betas ? ` at ${betas.length} inverse temperatures, ${betas[0]} to ${betas.at(-1)}` : "";
  const energy =
    found &&
    (found.exact === undefined ? formatEstimate(found.energy) : formatComparison(found.energy, found.exact));
  return {
    document: {
      out,
      rows,
      system: known,
      ...(found && { energyPerSite: found.energy, exactEnergyPerSite: found.exact ?? null }),
    },
    text: [
      `${out}: ${rows} rows of ${systemText(system)}${at}`,
      ...(energy === undefined ? [] : [`energy per site ${trueMinus(energy)}`]),
    ].join("\n"),
  };
}
