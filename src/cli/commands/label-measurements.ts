import { counted } from "../../counted.ts";
import { writeMeasurements } from "../../data/measurements/index.ts";
import { usageError } from "../../error.ts";
import { checkWritable, writeFileAtomic } from "../../files/index.ts";
import { requiredText } from "../options/flags.ts";
import { hasMeasurementFlags, measurementsFromFlags } from "../options/measurements.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import type { Flags } from "./command.ts";

/** Whether `ansatz label` is asked to write measurements of qubits. */
export const isOfMeasurements = (path: string, flags: Flags): boolean =>
  hasMeasurementFlags(flags) || /\.json$/i.test(path);

/** Flags for other kinds of rows, which measurements do not need. */
const foreign = ["system", "energy", "fields", "beta", "shape", "context", "rows", "chains", "replace"];

/** Writes measurements of any format to an `.npz` with their settings, with qubit 0 first. */
export async function labelMeasurements(path: string, flags: Flags, session: Session): Promise<Outcome> {
  const wrong = foreign.find((name) => flags[name] !== undefined);
  if (wrong !== undefined) throw usageError(`--${wrong}: is not for measurements of qubits; leave it out`);
  const out = requiredText(flags, "out", "name the file to write, such as --out shots.npz");
  if (!/\.npz$/i.test(out)) throw usageError(`--out names an .npz, which keeps the settings, not ${out}`);
  const force = flags.force === true;
  await checkWritable(out, { force });
  const { measurements, meta } = await measurementsFromFlags(path, flags);
  await writeFileAtomic(out, writeMeasurements(measurements, { command: session.command, ...meta }), {
    force,
  });
  const { qubits, settings, setting } = measurements;
  return {
    document: {
      out,
      kind: "measurements",
      qubits,
      shots: setting.length,
      settings: settings.length,
      order: "first",
    },
    text: `${out}: ${counted(setting.length, "shot")} of ${counted(qubits, "qubit")} in ${counted(settings.length, "setting")}, qubit 0 first`,
  };
}
