import { join } from "node:path";
import { rowBytes } from "../../data/space.ts";
import type { ExactScore } from "../../evaluate/index.ts";
import { saveDataset } from "../../files/index.ts";
import { createModel } from "../../models/registry.ts";
import { textTable } from "../../report/table.ts";
import { checkRunFolder, createRun, runFile } from "../../runs/index.ts";
import { writeStudy } from "../../runs/write-study.ts";
import { createSystem } from "../../systems/index.ts";
import { mostRowBytes } from "../../systems/most-rows.ts";
import { fitSettings } from "../../train/index.ts";
import { absolute } from "../options/data-options.ts";
import { numberOf, requireRoom, textOf, wholeFlag } from "../options/flags.ts";
import { StudyMeter } from "../terminal/study-meter.ts";
import type { CommandSpec } from "./command.ts";
import { recordOf } from "./new-run.ts";
import { runFit } from "./run-fit.ts";
import { simulateDataset } from "./simulate-dataset.ts";
import { studyRun } from "./study-run.ts";

const home = "runs/demo";
const system = { shape: [8, 8], beta: "critical" };
const rows = 20_000;
const samples = 10_000;
const hyperparameters = { hidden: [256], z2: true };
const options = {
  // Shorter than a fit that ends by itself.
  schedule: "cosine",
  epochs: 40,
  batch: 100,
  lr: 2e-3,
  augment: ["translations", "reflections", "rotations"],
} as const;

/** `ansatz demo`. */
export const demo: CommandSpec = {
  define(command) {
    command
      .description(
        "Run all steps on data with a known answer: simulate the two-dimensional Ising model on 8×8 sites at its " +
          "critical point, fit a MADE, and compare likelihood, energy and magnetisation with the exact values. " +
          `Writes a run folder with a report page; the default folder, ${home}, is replaced by each run of the demo.`,
      )
      .option("--out <folder>", `run folder to create (default: ${home})`)
      .option("--rows <n>", `configurations to simulate (default: ${rows})`, wholeFlag("--rows"))
      .option("--epochs <n>", `number of epochs (default: ${options.epochs})`, wholeFlag("--epochs"));
  },
  examples: ["demo", "demo --seed 3 --out runs/demo3 --json"],
  async run(_, flags, session) {
    const began = performance.now();
    const out = textOf(flags, "out") ?? home;
    const force = flags.force === true || out === home;
    const seed = numberOf(flags, "seed", 0);
    const note = (line: string) => session.note(line);
    const count = numberOf(flags, "rows", rows);
    await checkRunFolder(out, { force, note });
    const ising = createSystem("ising", system);
    requireRoom(count, rowBytes(ising.space), "--rows", mostRowBytes);
    const path = join(out, "ising.npz");
    session.note("simulating the 8×8 Ising model at its critical point");
    const { dataset } = await simulateDataset([ising], {
      samples: count,
      seed,
      chains: 16,
      name: path,
      session,
    });
    const model = createModel("made", { space: dataset.space }, hyperparameters);
    const settings = fitSettings({
      ...options,
      augment: [...options.augment],
      epochs: numberOf(flags, "epochs", options.epochs),
      seed,
    });
    const { run, fitted, result } = await runFit({
      model,
      dataset,
      settings,
      session,
      open: async ({ parameters }) => {
        const source = absolute({ path });
        const made = await createRun(
          out,
          recordOf({ model, dataset, source, settings, parameters, session }),
          { force, note },
        );
        await saveDataset(path, dataset, { force });
        return made;
      },
    });
    const data = { dataset, own: "yes", part: "test" } as const;
    const meter = new StudyMeter(session);
    const study = await studyRun(run, fitted, data, { samples, seed, ...meter.options }).finally(() =>
      meter.end(),
    );
    await fitted.release();
    await writeStudy(run, study);
    const seconds = (performance.now() - began) / 1000;
    const page = runFile(out, "report");
    const { score, observables } = study.document;
    return {
      document: { run: out, report: page, score, observables, fit: result, seconds },
      text: [
        `${textTable(study.numbers)}\n`,
        `exact entropy per site ${(score as ExactScore).entropyPerSite?.toFixed(6)} nats; ` +
          `${seconds.toFixed(0)} s, of which ${result.seconds.toFixed(0)} s fitting`,
        `report: ${page}`,
      ].join("\n"),
    };
  },
};
