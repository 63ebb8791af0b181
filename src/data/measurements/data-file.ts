import { ndarray } from "../../array.ts";
import type { DataFile } from "../formats/format.ts";
import { type DatasetMeta, metaVersion } from "../meta.ts";
import { binary, categorical, real, type Space } from "../space.ts";
import type { Measurements } from "./measurements.ts";
import { isPauli, labelsOf } from "./setting.ts";

/**
 * The arrays from which `makeDataset` makes rows of bits with their setting as context: labels X 0, Y 1, Z 2 of each qubit
 * (`categorical:3` of shape [N]) where all axes are letters, else the axes (`real`, [N, 3]). The meta keeps settings and confusion.
 */
export function measurementFile(measurements: Measurements, meta: Partial<DatasetMeta> = {}): DataFile {
  const { qubits, bits, setting, settings, confusion } = measurements;
  const shots = setting.length;
  const arePauli = settings.every(isPauli);
  const context = arePauli
    ? ndarray("i32", [shots, qubits], rows(Int32Array, settings.map(labelsOf), setting))
    : ndarray(
        "f64",
        [shots, qubits, 3],
        rows(
          Float64Array,
          settings.map(({ axes }) => axes),
          setting,
        ),
      );
  return {
    arrays: { x: ndarray("u8", [shots, qubits], bits), context },
    meta: {
      ...meta,
      version: metaVersion,
      space: binary([qubits]),
      encoding: "01",
      context: arePauli ? categorical([qubits], 3) : contextOfAxes(qubits),
      measurements: {
        settings: settings.map((one) => (isPauli(one) ? one.name : [...one.axes])),
        ...(confusion && { confusion: [...confusion] }),
      },
    },
  };
}

const contextOfAxes = (qubits: number): Space => real([qubits, 3]);

/** The row of each shot's setting, one after the other. */
function rows<T extends Int32Array | Float64Array>(
  Type: new (length: number) => T,
  of: readonly ArrayLike<number>[],
  setting: Uint32Array,
): T {
  const width = of[0]?.length ?? 0;
  const out = new Type(setting.length * width);
  setting.forEach((s, shot) => {
    out.set(of[s]!, shot * width);
  });
  return out;
}
