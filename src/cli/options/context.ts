import { type NDArray, ndarray, sizeOf } from "../../array.ts";
import type { TextReading } from "../../data/formats/format.ts";
import { inputError, usageError } from "../../error.ts";
import { floats } from "../../evaluate/index.ts";
import { loadContext } from "../../files/index.ts";

/**
 * What samples are conditioned on, `[rows, contextSize]`, as `--context` gives it: values that all share, such as `0.5,1`, or
 * a file with a row for each, a text one written as `reading` says. `samples` is how many are asked for, undefined where nothing says. Throws usage and input
 * errors for a model without a context, and where numbers do not fit.
 */
export async function contextsOf(
  text: string,
  contextSize: number,
  samples: number | undefined,
  reading?: TextReading,
): Promise<NDArray<"f32">> {
  if (contextSize === 0)
    throw usageError(`--context ${text}: the model was fitted without a context; leave it out`);
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (values.every(Number.isFinite)) {
    if (values.length !== contextSize)
      throw usageError(
        `--context ${text}: gives ${counted(values.length)}; the model is conditioned on ${contextSize}`,
      );
    const rows = samples ?? 1000;
    const data = Float32Array.from(
      { length: rows * contextSize },
      (_, i) => values[i % contextSize] as number,
    );
    return ndarray("f32", [rows, contextSize], data);
  }
  const { data, shape } = floats(await loadContext(text, undefined, reading));
  const rows = shape[0] as number;
  const each = sizeOf(shape.slice(1));
  if (each !== contextSize)
    throw inputError(`${text}: has ${counted(each)} a row; the model is conditioned on ${contextSize}`);
  if (samples !== undefined && samples !== rows)
    throw usageError(`${text}: has ${rows} rows; --samples asks for ${samples}`);
  const bad = data.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) throw inputError(`${text}: row ${Math.floor(bad / each)} has the value ${data[bad]}`);
  return ndarray("f32", [rows, contextSize], data);
}

const counted = (n: number) => (n === 1 ? "1 value" : `${n} values`);
