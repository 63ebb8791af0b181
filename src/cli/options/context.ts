import { type NDArray, ndarray, sizeOf } from "../../array.ts";
import type { TextReading } from "../../data/formats/format.ts";
import { type Space, sites } from "../../data/space.ts";
import { inputError, usageError } from "../../error.ts";
import { floats } from "../../evaluate/index.ts";
import { loadContext } from "../../files/index.ts";

/**
 * Returns the contexts of samples, rows `[rows, n]` of the context space `space`, from `--context`: values
 * that all share, such as `0.5,1`, or a file with one row per sample (a text file is written as `reading`
 * describes). `samples` is the requested number, undefined if none was given. Throws usage and input errors
 * for a model without a context, and if numbers do not fit.
 */
export async function contextsOf(
  text: string,
  space: Space | undefined,
  samples: number | undefined,
  reading?: TextReading,
): Promise<NDArray<"f32">> {
  if (!space) throw usageError(`--context ${text}: the model was fitted without a context; leave it out`);
  const size = sites(space);
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (values.every(Number.isFinite)) {
    if (values.length !== size)
      throw usageError(
        `--context ${text}: gives ${counted(values.length)}; the model is conditioned on ${size}`,
      );
    const rows = samples ?? 1000;
    const data = Float32Array.from({ length: rows * size }, (_, i) => values[i % size] as number);
    return ndarray("f32", [rows, size], data);
  }
  const { data, shape } = floats(await loadContext(text, undefined, reading));
  const rows = shape[0] as number;
  const each = sizeOf(shape.slice(1));
  if (each !== size)
    throw inputError(`${text}: has ${counted(each)} a row; the model is conditioned on ${size}`);
  if (samples !== undefined && samples !== rows)
    throw usageError(`${text}: has ${rows} rows; --samples asks for ${samples}`);
  const bad = data.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) throw inputError(`${text}: row ${Math.floor(bad / each)} has the value ${data[bad]}`);
  return ndarray("f32", [rows, size], data);
}

const counted = (n: number) => (n === 1 ? "1 value" : `${n} values`);
