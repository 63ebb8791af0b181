import type { Command } from "commander";
import { usageError } from "../../error.ts";
import { alternatives } from "../../nearest.ts";
import { type GivenSystem, systemKind, systemKinds } from "../../systems/index.ts";
import type { Flags } from "../commands/command.ts";
import { collect, textOf } from "./flags.ts";
import { parseSettings, requireKnown } from "./values.ts";

/** Every system with its summary, one a line. */
export function systemList(): string {
  return Object.values(systemKinds)
    .map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`)
    .join("\n");
}

/** Adds the flags for a system's parameters; `flag` takes those without a flag of their own. */
export function addSystemOptions(command: Command, flag: "set" | "system"): void {
  command
    .option("--shape <shape>", "sides of the lattice, such as 8x8")
    .option("--beta <number>", "inverse temperature, or 'critical'")
    .option("--temperature <number>", "temperature, instead of --beta")
    .option("--mass2 <number>", "square of the mass of phi4, such as -4")
    .option("--lambda <number>", "coupling of phi4, such as 8")
    .option(`--${flag} <key=value>`, "another parameter of the system, such as J=-1 (repeatable)", collect);
}

/** The inverse temperature that `--beta` or `--temperature` gives as a number, if one does. */
export function betaOf(flags: Flags): number | undefined {
  const [beta, temperature] = [textOf(flags, "beta"), textOf(flags, "temperature")];
  if (temperature !== undefined) {
    if (beta !== undefined)
      throw usageError("--temperature and --beta both give the temperature; give one of them");
    return 1 / positiveTemperature(temperature);
  }
  if (beta === undefined) return undefined;
  const value = Number(beta);
  if (beta.trim() !== "" && Number.isFinite(value)) return value;
  throw usageError(`--beta: an inverse temperature is a number, not '${beta}'`);
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
      throw usageError("--temperature and --beta both give the temperature; give one of them");
    settings.beta = 1 / positiveTemperature(temperature);
  }
  return settings;
}

/** Adds the flag that names the system of rows that do not name it themselves. */
export function addGivenSystem(command: Command): void {
  command.option(
    "--system <name:key=value,...>",
    "system that the rows were drawn from, if the file does not say, such as ising:beta=0.4 (its shape: from the rows)",
  );
}

/** The parameters without a default that a system may have. */
const required = ["beta", "mass2", "lambda", "patterns"];

/** The system that the text of {@link addGivenSystem}'s flag names; throws a usage error if it does not read as one. */
export function parseGivenSystem(text: string): GivenSystem {
  const [, name = "", settings = ""] = /^([^:=]+)(?::(.*))?$/s.exec(text.trim()) ?? [];
  if (name === "")
    throw usageError(`--system takes name:key=value,..., such as ising:beta=0.4, not '${text}'`);
  const { parameterNames } = systemKind(name);
  // A comma inside brackets is part of a list.
  const parts = settings.split(/,(?![^[]*\])/).filter((part) => part.trim() !== "");
  const keys = parts.map((part) => part.split("=")[0]?.trim() ?? "");
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) throw usageError(`--system ${text}: ${twice} is given twice; give it once`);
  const { temperature, ...parameters } = parseSettings(parts, "--system");
  if (temperature !== undefined) {
    if (parameters.beta !== undefined)
      throw usageError("--system: temperature and beta both give the temperature; give one of them");
    parameters.beta = 1 / positiveTemperature(String(temperature), "--system");
  }
  // A misspelt name comes before the parameter that it leaves missing.
  const unknown = Object.keys(parameters).find((key) => !parameterNames.includes(key));
  if (unknown !== undefined && parameterNames.length > 0)
    throw usageError(
      `--system ${text}: system ${name} has no parameter '${unknown}'${alternatives(unknown, parameterNames, "it has")}`,
    );
  const missing = required.find((key) => parameterNames.includes(key) && parameters[key] === undefined);
  if (missing !== undefined) {
    for (const key of Object.keys(parameters))
      requireKnown(key, parameterNames, `--system ${text}: the parameter`);
    throw usageError(
      `--system ${text}: ${missing} is missing, such as ${name}:${missing}=${examples[missing]}`,
    );
  }
  return { name, parameters };
}

const examples: Readonly<Record<string, string>> = { beta: "0.4", mass2: "-4", lambda: "8", patterns: "3" };

/** The system that the flag of {@link addGivenSystem} names, if it was given. */
export function givenSystem(flags: Flags): GivenSystem | undefined {
  const text = textOf(flags, "system");
  return text === undefined ? undefined : parseGivenSystem(text);
}

function positiveTemperature(text: string, flag = "--temperature"): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  throw usageError(`${flag}: a temperature is above 0, not '${text}'`);
}
