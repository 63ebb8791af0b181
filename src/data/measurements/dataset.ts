import { takeRows } from "../../array.ts";
import { inputError } from "../../error.ts";
import { type Dataset, makeDataset } from "../dataset.ts";
import type { DatasetMeta } from "../meta.ts";
import { isPlain } from "../space.ts";
import { numbers } from "../values.ts";
import { measurementFile } from "./data-file.ts";
import { makeMeasurements } from "./make.ts";
import type { Measurements } from "./measurements.ts";
import { letters } from "./setting.ts";

/** See {@link toDataset}. */
export interface MeasurementDatasetOptions {
  /** Seed of the splits (default 0). */
  readonly seed?: number;
  /** Further metadata, such as the system that the data was drawn from. */
  readonly meta?: Partial<DatasetMeta>;
}

/**
 * The shots as rows of bits, each with its setting as context, so that any family that takes a context learns from them: see
 * {@link measurementFile}. Rows are split 80/10/10 within each setting.
 */
export function toDataset(
  measurements: Measurements,
  { seed = 0, meta }: MeasurementDatasetOptions = {},
): Dataset {
  return makeDataset(measurementFile(measurements, meta), measurements.name, { seed });
}

/** Whether a dataset's file declares that its rows are shots of measured qubits. */
export const holdsMeasurements = ({ meta }: Pick<Dataset, "meta">): boolean =>
  meta?.measurements !== undefined;

/**
 * Returns the measurements that a dataset holds, the inverse of {@link toDataset}, or only the rows `which`
 * if given. Settings are those that the file names, including those without rows, else those of the contexts
 * in the order of their first row.
 *
 * @throws AnsatzError (input) for data without settings.
 */
export function fromDataset(dataset: Dataset, which?: Uint32Array): Measurements {
  const { name, space, contextSpace, meta } = dataset;
  if (!dataset.context || !contextSpace || space.kind !== "binary")
    throw inputError(`${name}: holds no measurements, which are rows of bits with a setting each`);
  const isOfLabels = contextSpace.kind === "categorical" && contextSpace.states === 3;
  const qubits = space.shape.reduce((product, n) => product * n, 1);
  const width = isOfLabels ? qubits : 3 * qubits;
  const context = numbers(which ? takeRows(dataset.context, which) : dataset.context);
  const shots = which ? which.length : (dataset.x.shape[0] as number);
  if (context.length !== shots * width || !(isOfLabels || isPlain(contextSpace)))
    throw inputError(
      `${name}: its context is no setting: labels 0 to 2 of each qubit (X, Y, Z), or an axis of 3 numbers each`,
    );
  const bits = numbers(which ? takeRows(dataset.x, which) : dataset.x);
  const said = (meta?.measurements?.settings ?? []).map((one) =>
    typeof one === "string" ? one : Float64Array.from(one),
  );
  // Contexts are single numbers in single precision: settings that the file names are found by these.
  const known = new Map(said.map((one, at) => [keyOf(one), at]));
  const settings: (string | Float64Array)[] = [...said];
  const setting = new Uint32Array(shots);
  for (let shot = 0; shot < shots; shot++) {
    const own = context.subarray(shot * width, (shot + 1) * width);
    const one = isOfLabels ? Array.from(own, (label) => letters[label]).join("") : unit(own);
    const key = isOfLabels ? (one as string) : keyOf(Float64Array.from(own));
    let at = known.get(key);
    if (at === undefined) {
      at = settings.push(one) - 1;
      known.set(key, at);
    }
    setting[shot] = at;
  }
  const confusion = meta?.measurements?.confusion;
  return makeMeasurements({ qubits, bits, setting, settings, confusion }, name);
}

const keyOf = (one: string | Float64Array) => (typeof one === "string" ? one : Float32Array.from(one).join());

/** Axes in single precision, made unit vectors of double precision. */
function unit(axes: ArrayLike<number>): Float64Array {
  const out = Float64Array.from(axes);
  for (let at = 0; at < out.length; at += 3) {
    const length = Math.hypot(out[at]!, out[at + 1]!, out[at + 2]!);
    for (let i = at; i < at + 3; i++) out[i]! /= length || 1;
  }
  return out;
}
