import type { Command } from "commander";
import { numbers } from "../../data/values.ts";
import { inputError, usageError } from "../../error.ts";
import { loadArray } from "../../files/index.ts";
import { bondsOf, type GivenSystem } from "../../systems/index.ts";
import type { Flags } from "../commands/command.ts";
import { textOf } from "./flags.ts";
import { isProgram, loadOwnEnergy, type OwnEnergy } from "./own-energy.ts";
import { addGivenSystem, betaOf, givenSystem } from "./system-options.ts";

/** A system that the command line names: of the registry, or the energy of a program file at an inverse temperature. */
export type SelectedSystem =
  | { readonly given: GivenSystem; readonly own?: undefined }
  | { readonly own: OwnEnergy; readonly beta: number | undefined; readonly given?: undefined };

/** Adds the flags of an energy of one's own. */
export function addEnergyOptions(command: Command): void {
  command
    .option(
      "--energy <file>",
      "an energy of your own: a matrix J (.npy, .csv) of E = −½ Σ_ij J_ij s_i s_j − Σ_i h_i s_i, or a program (.mjs), which is run",
    )
    .option("--fields <file>", "fields h_i of --energy, one for each site (default: 0)");
}

/** Adds the flags by which a system is named for rows or a run: `--system`, or an energy of one's own with its temperature. */
export function addSelectedSystem(command: Command): void {
  addGivenSystem(command);
  addEnergyOptions(command);
  command.option("--beta <number>", "inverse temperature of --energy");
}

/** The system that the flags of {@link addSelectedSystem} name. */
export async function selectedSystem(flags: Flags): Promise<SelectedSystem | undefined> {
  const given = givenSystem(flags);
  if (textOf(flags, "energy") === undefined) {
    for (const name of ["fields", "beta"])
      if (textOf(flags, name) !== undefined) throw usageError(`--${name} needs --energy, which is missing`);
    return given && { given };
  }
  if (given) throw usageError("--system and --energy both name the system; give one of them");
  return energyOf(flags);
}

/** The energy that `--energy` names, at the temperature of the flags. */
export async function energyOf(flags: Flags): Promise<SelectedSystem> {
  const path = textOf(flags, "energy") as string;
  const fieldsPath = textOf(flags, "fields");
  const beta = betaOf(flags);
  if (isProgram(path)) {
    if (fieldsPath !== undefined)
      throw usageError("--fields goes with a matrix of couplings; a program's energy is complete");
    return { own: await loadOwnEnergy(path), beta };
  }
  if (beta === undefined)
    throw usageError(`--beta is missing: the inverse temperature of the couplings in ${path}`);
  const matrix = await loadArray(path);
  const bonds = bondsOf(matrix, path);
  const fields = fieldsPath === undefined ? undefined : await loadArray(fieldsPath);
  if (fields && fields.data.length !== matrix.shape[0])
    throw usageError(
      `${fieldsPath}: has ${fields.data.length} fields for the ${matrix.shape[0]} sites of ${path}`,
    );
  const values = fields && Array.from(numbers(fields));
  const bad = values?.findIndex((value) => !Number.isFinite(value)) ?? -1;
  if (bad >= 0) throw inputError(`${fieldsPath}: h[${bad}] is ${values?.[bad]}, not a finite number`);
  return {
    given: {
      name: "couplings",
      sites: matrix.shape[0],
      parameters: { beta, bonds, ...(values && { fields: values }) },
    },
  };
}
