import { resolve } from "node:path";
import {
  flippedText,
  joinMeasurements,
  type MeasurementData,
  requireContrast,
} from "../../data/measurements/index.ts";
import { usageError } from "../../error.ts";
import { checkRunFolder } from "../../runs/index.ts";
import { fitReadout, tallyOf } from "../../tomography/index.ts";
import { collect, numberOf, requiredText, textOf, wholeFlag } from "../options/flags.ts";
import {
  addMeasurementOptions,
  addTarget,
  measurementsFromFlags,
  readState,
} from "../options/measurements.ts";
import { calibrationOf, readoutText } from "./calibrated-readout.ts";
import type { CommandSpec, Flags } from "./command.ts";
import { densityPage } from "./density-page.ts";
import { checkTarget } from "./density-study.ts";
import { fitDensity } from "./fit-density.ts";
import { resumeTomography } from "./resume-tomography.ts";

/** `ansatz tomography`. */
export const tomography: CommandSpec = {
  define(command) {
    command
      .description(
        "Find the density matrix of up to 8 qubits from measured shots by maximum likelihood, and write a run folder with one page: " +
          "the matrix, fidelity to a target, purity, entropy and entanglement with errors, whether a single state explains the shots, " +
          "and which order of qubits they support. The folder also holds rho.npy (complex128) and shots.npz.",
      )
      .argument("[files...]", "files of shots: counts in .json, .npz, .npy, or text; several are joined")
      .option("--out <folder>", "run folder to create")
      .option("--resume", "resume a stopped fit or bootstrap; only --out is needed");
    addMeasurementOptions(command);
    addTarget(command);
    command
      .option(
        "--calibration <file>",
        'counts of prepared basis states, {"01": {"01": 970, ...}, ...} in .json: the readout is fitted with the state',
      )
      .option("--compare <file.npy>", "another reconstruction of the same shots (repeatable)", collect)
      .option(
        "--rank <n>",
        "maximum number of eigenvalues that are not zero (default: all)",
        wholeFlag("--rank"),
      )
      .option(
        "--bootstrap <n>",
        "replicas of the parametric bootstrap, which errors and p-values rest on (default: 200 up to 4 qubits, 10 for 8)",
        wholeFlag("--bootstrap", 2, 10_000),
      );
  },
  examples: [
    "tomography counts.json --order last --target ghz --out runs/ghz",
    "tomography shots.npy --povm pauli6:ZXY --target ghz:phase=0.3 --compare ignis.npy --out runs/ghz3",
    "tomography samples.txt --bases bases.txt --target psi.txt --rank 2 --out runs/pair",
    "tomography --resume --out runs/ghz",
  ],
  async run([first, rest], flags, session) {
    const out = requiredText(flags, "out", "name the run folder to create, such as --out runs/ghz");
    const paths = first as unknown as string[];
    if (rest !== undefined) throw usageError("give the files of shots first, then options");
    if (flags.resume === true) return resumeTomography(out, paths, flags, session);
    if (paths.length === 0) throw usageError("name the files of shots, such as counts.json");
    const force = flags.force === true;
    const note = (line: string) => session.note(line);
    const { measurements: read, meta } = await readAll(paths, flags);
    const { qubits } = read;
    // Everything that can be wrong is found before the fit.
    const tally = tallyOf(read);
    const calibration = textOf(flags, "calibration");
    const circuits = calibration === undefined ? undefined : await calibrationOf(calibration, tally, flags);
    const target = textOf(flags, "target");
    await checkTarget(target, qubits);
    const compared = (flags.compare as string[] | undefined) ?? [];
    for (const path of compared) await readState(path, qubits);
    await checkRunFolder(out, { force, note });
    if (qubits >= slowQubits)
      note(
        `note: a fit of ${qubits} qubits takes ${qubits === slowQubits ? "some seconds" : "about a minute"}, and the bootstrap one for each replica`,
      );
    const confusion = circuits && fitReadout(tally, circuits).confusion;
    if (confusion) note(`readout: ${readoutText(confusion)}`);
    const flipped = read.confusion && flippedText(read.confusion);
    if (flipped !== undefined)
      note(`warning: by the readout confusion ${flipped}; are its rows the bit read?`);
    requireContrast(confusion, calibration ?? "");
    const measurements = { ...read, ...(confusion && { confusion }) };
    const outcome = await fitDensity(measurements, meta, {
      ...{ out, force, session, rank: flags.rank as number | undefined },
      seed: numberOf(flags, "seed", 0),
      said: {
        files: paths.map((path) => resolve(path)),
        ...(target !== undefined && { target: isFile(target) ? resolve(target) : target }),
        ...(calibration !== undefined && { calibration: resolve(calibration) }),
        ...(compared.length > 0 && { compared: compared.map((path) => resolve(path)) }),
        ...(typeof flags.bootstrap === "number" && { replicas: flags.bootstrap }),
      },
    });
    return densityPage(outcome, { seed: numberOf(flags, "seed", 0), session });
  },
};

/** Number of qubits from which a fit is slow enough for a note. */
const slowQubits = 7;

const isFile = (target: string) => /\.(txt|dat|npy)$/i.test(target);

async function readAll(paths: readonly string[], flags: Flags): Promise<MeasurementData> {
  const all: MeasurementData[] = [];
  for (const path of paths) all.push(await measurementsFromFlags(path, flags));
  const meta = all.length === 1 ? all[0]!.meta : undefined;
  return { measurements: joinMeasurements(all.map(({ measurements }) => measurements)), meta };
}
