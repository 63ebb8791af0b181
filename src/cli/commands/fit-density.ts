import { resolve } from "node:path";
import { formatOf } from "../../data/formats/index.ts";
import { type MeasurementData, type Measurements, writeMeasurements } from "../../data/measurements/index.ts";
import { datasetOf, memoryLimits, writeFileAtomic } from "../../files/index.ts";
import { createModel, hyperparametersOf } from "../../models/registry.ts";
import { createRun, type FitRecord, runFiles } from "../../runs/index.ts";
import { domainOf } from "../options/data-options.ts";
import { checkFitOptions } from "../options/fit-options.ts";
import type { Session } from "../terminal/session.ts";
import { recordOf } from "./new-run.ts";
import { runFit } from "./run-fit.ts";

/** See {@link fitDensity}. */
export interface DensityJob {
  readonly out: string;
  readonly force: boolean;
  readonly session: Session;
  readonly rank: number | undefined;
  readonly seed: number;
  readonly said: NonNullable<FitRecord["tomography"]>;
}

/** Fits a density matrix to all shots, which are kept in the run folder with qubit 0 first. */
export async function fitDensity(
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
