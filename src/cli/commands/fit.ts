import type { Command } from "commander";
import { inputError, usageError } from "../../error.ts";
import { families } from "../../models/registry.ts";
import { checkRunFolder, isRun } from "../../runs/index.ts";
import { settingsOf } from "../../setting.ts";
import { addDataOptions, sourceOf } from "../options/data-options.ts";
import { addFitOptions } from "../options/fit-options.ts";
import { readFitRequest } from "../options/fit-request.ts";
import { collect } from "../options/flags.ts";
import type { CommandSpec } from "./command.ts";
import { resumeFit } from "./resume.ts";
import { startFit } from "./start-fit.ts";

/** `ansatz fit`. */
export const fit: CommandSpec = {
  define(command: Command) {
    const list = [...families.values()].map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`);
    command
      .description(`Fit a model to data, into a run folder.\n\nFamilies:\n${list.join("\n")}`)
      .argument("[family]", "name of the model family")
      .argument("[data]", "data file: .npy, .npz, .csv, .data, .txt (or --train, --valid, --test)")
      .option("--out <folder>", "run folder to make")
      .option(
        "--set <key=value>",
        "a hyperparameter of the family, such as hidden=500,500 (repeatable)",
        collect,
      )
      .option("--config <file.yaml>", "options from a file, by the names of the flags; flags win")
      .option("--resume", "go on with a fit that was stopped; with --out alone, as it was begun");
    addDataOptions(command);
    addFitOptions(command);
    command.addHelpText("after", () => `\nHyperparameters:\n${hyperparameterHelp()}`);
  },
  examples: [
    "fit made ising.npz --out runs/made --set hidden=256 --epochs 20 --seed 1",
    "fit made --train nltcs.train.data --valid nltcs.valid.data --out runs/nltcs",
    'fit spline measured.csv --space real --delimiter ";" --decimal "," --columns x,y --out runs/spline',
    "fit --resume --out runs/made",
  ],
  async run([family, data], flags, session) {
    const request = await readFitRequest(family, data, flags);
    const { out } = request;
    if (!out) throw usageError("--out is missing; name the run folder, such as --out runs/made");
    if (flags.resume === true) {
      if (await isRun(out)) return resumeFit(out, request, session);
      await checkRunFolder(out, { force: true });
      if (request.family === undefined && !sourceOf(request.data))
        throw inputError(`no run in ${out} to resume`);
      session.note(`${out}: nothing to resume yet; starting`);
    }
    return startFit(out, request, flags.force === true, session);
  },
};

/** Every family's hyperparameters with their defaults, one a line. */
export function hyperparameterHelp(): string {
  return [...families.values()]
    .flatMap(({ name, schema }) =>
      [...settingsOf(schema)].map(([key, { description, default: value }]) => {
        const fallback = value === undefined ? "" : ` (default: ${String(value)})`;
        return `  ${name.padEnd(6)} ${key.padEnd(12)} ${description}${fallback}`;
      }),
    )
    .join("\n");
}
