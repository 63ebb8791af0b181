import { strToU8, zipSync } from "fflate";
import { ndarray } from "../../../array.ts";
import { writeNpy } from "../../formats/npy.ts";
import { writeNpyText } from "../../formats/npy-text.ts";
import { type DatasetMeta, formatMeta, metaVersion } from "../../meta.ts";
import { binary } from "../../space.ts";
import type { Measurements } from "../measurements.ts";
import { isPauli } from "../setting.ts";

/**
 * Returns the bytes of an `.npz` with `bits` u8 [shots, N], `setting` i32 [shots], `settings`, words
 * [settings] or axes f64 [settings, N, 3], `order` "first", `confusion` [N, 2, 2] if known, and a `meta.json`
 * with `meta`. The same input gives the same bytes.
 */
export function writeMeasurements(measurements: Measurements, meta: Partial<DatasetMeta> = {}): Uint8Array {
  const { qubits, bits, setting, settings, confusion } = measurements;
  const arePauli = settings.every(isPauli);
  const axes = () => {
    const all = new Float64Array(3 * qubits * settings.length);
    settings.forEach((one, s) => {
      all.set(one.axes, 3 * qubits * s);
    });
    return ndarray("f64", [settings.length, qubits, 3], all);
  };
  const { measurements: _, context: __, ...rest } = meta;
  const said: DatasetMeta = { ...rest, version: metaVersion, space: binary([qubits]), encoding: "01" };
  const entries = {
    "bits.npy": writeNpy(ndarray("u8", [setting.length, qubits], bits)),
    "setting.npy": writeNpy(ndarray("i32", [setting.length], Int32Array.from(setting))),
    "settings.npy": arePauli
      ? writeNpyText({ shape: [settings.length], words: settings.map(({ name }) => name) })
      : writeNpy(axes()),
    "order.npy": writeNpyText({ shape: [], words: ["first"] }),
    ...(confusion && { "confusion.npy": writeNpy(ndarray("f64", [qubits, 2, 2], confusion)) }),
    "meta.json": strToU8(formatMeta(said)),
  };
  return zipSync(entries, { level: 4, mtime: new Date(1980, 0, 1) });
}
