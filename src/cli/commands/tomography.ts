import { join, resolve } from "node:path";
import { formatOf } from "../../data/formats/index.ts";
import { writeComplexNpy } from "../../data/formats/npy-complex.ts";
import {
  joinMeasurements,
  type MeasurementData,
  type Measurements,
  type QubitOrder,
  readCalibration,
  requireContrast,
  writeMeasurements,
} from "../../data/measurements/index.ts";
import { usageError } from "../../error.ts";
import { datasetOf, memoryLimits, readBytes, writeFileAtomic } from "../../files/index.ts";
import { createModel, hyperparametersOf } from "../../models/registry.ts";
import { textTable } from "../../report/table.ts";
import { checkRunFolder, createRun, type FitRecord, runFiles } from "../../runs/index.ts";
import { writeStudy } from "../../runs/write-study.ts";
import { fitReadout, type Tally, tallyOf } from "../../tomography/index.ts";
import { domainOf } from "../options/data-options.ts";
import { checkFitOptions } from "../options/fit-options.ts";
import { collect, numberOf, requiredText, textOf, wholeFlag } from "../options/flags.ts";
import {
  addMeasurementOptions,
  addTarget,
  measurementsFromFlags,
  readState,
} from "../options/measurements.ts";
import type { Session } from "../terminal/session.ts";
import { StudyMeter } from "../terminal/study-meter.ts";
import type { CommandSpec, Flags } from "./command.ts";
import { checkTarget, densityMatrixOf, densityStudy } from "./density-study.ts";
import { recordOf } from "./new-run.ts";
import { runFit } from "./run-fit.ts";

/** `ansatz tomography`. */
export const tomography: CommandSpec = {
  define(command) {
    command
      .description(
        "Find the density matrix of up to 8 qubits from measured shots by maximum likelihood, and write a run folder with one page: " +
          "the matrix, fidelity to a target, purity, entropy and entanglement with errors, whether a single state explains the shots, " +
          "and which order of qubits they support. The folder also holds rho.npy (complex128) and shots.npz.",
      )
      .argument("<files...>", "files of shots: counts in .json, .npz, .npy, or text; several are joined")
      .option("--out <folder>", "run folder to create");
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
  ],
  async run([first, rest], flags, session) {
    const out = requiredText(flags, "out", "name the run folder to create, such as --out runs/ghz");
    const force = flags.force === true;
    const note = (line: string) => session.note(line);
    const paths = first as unknown as string[];
    if (rest !== undefined) throw usageError("give the files of shots first, then options");
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
    const { run, fitted, dataset } = outcome;
    const meter = new StudyMeter(session, "timed");
    try {
      const rho = densityMatrixOf(fitted)!;
      await writeFileAtomic(join(out, runFiles.rho), writeComplexNpy(rho), { force: true });
      const study = await densityStudy(run, rho, dataset, {
        seed: numberOf(flags, "seed", 0),
        ...meter.options,
      });
      meter.end();
      const files = await writeStudy(run, study);
      for (const line of study.warnings) session.note(`warning: ${line}`);
      return {
        document: {
          run: run.folder,
          report: files[0],
          rho: join(out, runFiles.rho),
          files,
          ...study.document,
        },
        text: `${study.summary}\n\n${textTable(study.numbers)}\n\n${files[0]}\n${join(out, runFiles.rho)}`,
      };
    } finally {
      meter.end();
      await fitted.release();
    }
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

/** The calibration circuits in a file, in the order of qubits that the shots were declared in. */
async function calibrationOf(path: string, { qubits, confusion }: Tally, flags: Flags) {
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
function readoutText(confusion: Float64Array): string {
  const flips = Array.from({ length: confusion.length / 4 }, (_, q) =>
    [confusion[4 * q + 2]!, confusion[4 * q + 1]!].map((p) => p.toFixed(4)).join(" and "),
  );
  return `0 is read as 1 and 1 as 0 with probability ${flips.map((text, q) => `${text} (qubit ${q})`).join(", ")}`;
}

interface DensityJob {
  readonly out: string;
  readonly force: boolean;
  readonly session: Session;
  readonly rank: number | undefined;
  readonly seed: number;
  readonly said: NonNullable<FitRecord["tomography"]>;
}

/** Fits a density matrix to all shots, which are kept in the run folder with qubit 0 first. */
async function fitDensity(
  measurements: Measurements,
  meta: MeasurementData["meta"],
  { out, force, session, rank, seed, said }: DensityJob,
) {
  const path = resolve(out, runFiles.shots);
  const bytes = writeMeasurements(measurements, { ...meta, command: meta?.command ?? session.command });
  const dataset = datasetOf(formatOf(path).read(bytes, path, memoryLimits()), path, { split: "none", seed });
  const hyperparameters = hyperparametersOf("density", rank === undefined ? {} : { rank });
  const model = createModel("density", domainOf(dataset), hyperparameters);
  const batch = dataset.splits.train.length;
  const settings = checkFitOptions({ seed, batch, epochs: 1, schedule: "cosine", augment: ["none"] });
  const { run, fitted } = await runFit({
    ...{ model, dataset, settings, session },
    open: async ({ parameters }) => {
      const record = recordOf({ model, dataset, settings, parameters, session, source: { path } });
      const opened = await createRun(
        out,
        { ...record, tomography: said },
        { force, note: (line) => session.note(line) },
      );
      await writeFileAtomic(path, bytes, { force: true });
      return opened;
    },
  });
  return { run, fitted, dataset };
}
