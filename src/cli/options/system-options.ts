import type { Command } from "commander";
import { usageError } from "../../error.ts";
import { systemKinds } from "../../systems/index.ts";
import type { Flags } from "../commands/command.ts";
import { collect, textOf } from "./flags.ts";
import { parseSettings } from "./values.ts";

/** Every system with its summary, one a line. */
export function systemList(): string {
  return Object.values(systemKinds)
    .map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`)
    .join("\n");
}

/** Adds the flags that give a system's parameters, `flag` being that of those without one of their own. */
export function addSystemOptions(command: Command, flag: "set" | "system"): void {
  command
    .option("--shape <shape>", "sides of the lattice, such as 8x8")
    .option("--beta <number>", "inverse temperature, or 'critical'")
    .option("--temperature <number>", "temperature, instead of --beta")
    .option("--mass2 <number>", "square of the mass of phi4, such as -4")
    .option("--lambda <number>", "coupling of phi4, such as 8")
    .option(`--${flag} <key=value>`, "another parameter of the system, such as J=-1 (repeatable)", collect);
}

/** The parameters that the flags of {@link addSystemOptions} give. */
export function systemParameters(flags: Flags, flag: "set" | "system"): Record<string, unknown> {
  const settings = parseSettings((flags[flag] as string[] | undefined) ?? [], `--${flag}`);
  for (const name of ["shape", "beta", "mass2", "lambda"]) {
    const value = textOf(flags, name);
    if (value !== undefined) settings[name] = value;
  }
  const temperature = textOf(flags, "temperature");
  if (temperature !== undefined) {
    if (settings.beta !== undefined)
      throw usageError("--temperature and --beta say the same; give one of them");
    settings.beta = 1 / positiveTemperature(temperature);
  }
  return settings;
}

function positiveTemperature(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  throw usageError(`--temperature: a temperature is above 0, not '${text}'`);
}
