import { type QubitOrder, readCalibration } from "../../data/measurements/index.ts";
import { usageError } from "../../error.ts";
import { memoryLimits, readBytes } from "../../files/index.ts";
import type { Tally } from "../../tomography/index.ts";
import type { Flags } from "./command.ts";

/** The calibration circuits in a file, in the order of qubits that the shots were declared in. */
export async function calibrationOf(path: string, { qubits, confusion }: Tally, flags: Flags) {
  if (confusion)
    throw usageError(
      "--calibration: the readout confusion of these shots is given already; give one of them",
    );
  const order = flags.order as QubitOrder | undefined;
  if (order === undefined && qubits > 1)
    throw usageError(
      "--calibration: give --order, which says where qubit 0 stands in the calibration's bits",
    );
  return readCalibration(
    { name: path, bytes: await readBytes(path, memoryLimits()) },
    qubits,
    order ?? "first",
  );
}

/** The flips of every qubit in words. */
export function readoutText(confusion: Float64Array): string {
  const flips = Array.from({ length: confusion.length / 4 }, (_, q) =>
    [confusion[4 * q + 2]!, confusion[4 * q + 1]!].map((p) => p.toFixed(4)).join(" and "),
  );
  return `0 is read as 1 and 1 as 0 with probability ${flips.map((text, q) => `${text} (qubit ${q})`).join(", ")}`;
}
