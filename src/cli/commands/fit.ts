import type { Command, Option } from "commander";
import { inputError, usageError } from "../../error.ts";
import type { Family } from "../../models/contract.ts";
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
  define(command: Command, words) {
    const family = words.map((word) => families.get(word)).find((found) => found !== undefined);
    command
      .description(
        family
          ? `Fit ${family.name} to data and write a run folder.\n\n${family.name}: ${family.summary}.`
          : `Fit a model to data and write a run folder.\n\nFamilies (details: ansatz models):\n${familyList()}`,
      )
      .argument("[family]", "name of the model family")
      .argument(
        "[data]",
        "data file: .npy, .npz, .csv, .data, .txt, or a folder of pictures (or --train, --valid, --test)",
      )
      .option("--out <folder>", "run folder to create")
      .option(
        "--set <key=value>",
        "a hyperparameter of the family, such as hidden=500,500 (repeatable)",
        collect,
      )
      .option(
        "--prior <name>",
        `distribution over codes, of families that have one (${withPrior().join(", ")}); as --set prior=NAME`,
      )
      .option("--config <file.yaml>", "YAML file with options, named like the flags; flags override it")
      .option("--resume", "resume a stopped fit; only --out is needed");
    addDataOptions(command);
    addFitOptions(command);
    for (const option of command.options)
      if (family ? option.long === "--prior" && !("prior" in family.schema.shape) : !isCommon(option))
        option.hideHelp();
    command.addHelpText("after", () =>
      family
        ? `\nHyperparameters, by --set:\n${hyperparameterHelp(family)}`
        : "\n`ansatz fit FAMILY --help`, such as `ansatz fit made --help`, lists all options and the hyperparameters of the family.",
    );
  },
  examples: [
    "fit made ising.npz --out runs/made --set hidden=256 --epochs 20 --seed 1",
    "fit made --train nltcs.train.data --valid nltcs.valid.data --out runs/nltcs",
    "fit glow pictures/ --resize 32x32 --augment mirror --out runs/glow",
    'fit spline measured.csv --space real --delimiter ";" --decimal "," --columns x,y --out runs/spline',
    "fit autoencoder ising.npz --prior spline --out runs/autoencoder",
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

/** Options that the help shows before a family is named. */
const common = [
  ...["--out", "--set", "--config", "--resume", "--train", "--valid", "--test"],
  ...["--resize", "--context", "--space", "--shape", "--epochs", "--lr", "--schedule", "--augment", "--seed"],
];

const isCommon = ({ long }: Option): boolean => common.includes(long ?? "");

/** Families with a choice of distribution over codes. */
const withPrior = () =>
  [...families.values()].filter(({ schema }) => "prior" in schema.shape).map(({ name }) => name);

/** Every family, one a line. */
function familyList(): string {
  const all = [...families.values()];
  const width = Math.max(...all.map(({ name }) => name.length));
  return all.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join("\n");
}

/** The hyperparameters of a family with their defaults, one a line. */
export function hyperparameterHelp({ schema }: Family): string {
  const settings = [...settingsOf(schema)];
  const width = Math.max(...settings.map(([key]) => key.length));
  return settings
    .map(([key, { description, default: value }]) => {
      const shown = Array.isArray(value) ? value.join(",") || "none" : String(value);
      return `  ${key.padEnd(width)}  ${description}${value === undefined ? "" : ` (default: ${shown})`}`;
    })
    .join("\n");
}
