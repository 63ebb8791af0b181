import type { Command } from "commander";
import { type FitOptions, type FitSettings, fitOptionsSchema } from "../../train/options.ts";
import { completed } from "../../train/settings.ts";
import type { Flags } from "../commands/command.ts";
import { addOptions, checkOptions, flagName, optionsFromFlags } from "./option-flags.ts";

/** Names of all options of the fit, as flags. */
export const fitFlagNames = Object.keys(fitOptionsSchema.shape).map(flagName);

/** Adds one flag for every option of the fit, with its description and default, from their one schema. */
export function addFitOptions(command: Command): void {
  addOptions(command, fitOptionsSchema);
}

/** The options of the fit that flags give, by their names in the schema. */
export function fitOptionsFromFlags(flags: Flags): Record<string, unknown> {
  return optionsFromFlags(flags, fitOptionsSchema);
}

/**
 * Options checked, defaults filled in: where training ends by itself, those that suit the model. Throws a usage error that names the
 * flag.
 */
export function checkFitOptions(given: Readonly<Record<string, unknown>>, suited: FitOptions = {}): FitSettings {
  return checkOptions({ ...completed(given, suited) }, fitOptionsSchema);
}
