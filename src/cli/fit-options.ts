import { type Command, Option } from "commander";
import { z } from "zod";
import { usageError } from "../error.ts";
import { type FitSettings, fitOptionsSchema } from "../train/options.ts";
import type { Flags } from "./command.ts";
import { parseValue } from "./values.ts";

type FitKey = keyof FitSettings;
const keys = Object.keys(fitOptionsSchema.shape) as FitKey[];

/** The name of an option of the fit as a flag and in a configuration file: `weight-decay`. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Names of all options of the fit, as flags. */
export const fitFlagNames = keys.map(flagName);

/** Adds one flag for every option of the fit, with its description and default, from their one schema. */
export function addFitOptions(command: Command): void {
  for (const key of keys) {
    const schema = fitOptionsSchema.shape[key];
    const fallback = schema.def.defaultValue;
    const shown = Array.isArray(fallback) ? fallback.join(",") || "none" : fallback;
    const inner = bare(schema.def.innerType);
    const choices = choicesOf(inner);
    const value = inner instanceof z.ZodArray ? "names" : choices ? "name" : "n";
    const text = `${schema.description ?? ""}${choices ? `: ${choices.join(", ")}` : ""} (default: ${shown})`;
    command.addOption(new Option(`--${flagName(key)} <${value}>`, text));
  }
}

/** A schema without the mark that its value is not written to. */
function bare(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodReadonly ? (schema.def.innerType as z.ZodType) : schema;
}

function choicesOf(schema: z.ZodType): readonly string[] | undefined {
  if (schema instanceof z.ZodEnum) return schema.options as string[];
  if (schema instanceof z.ZodArray) return choicesOf(schema.element as z.ZodType);
  return undefined;
}

/** The options of the fit that flags give, by their names in the schema. */
export function fitOptionsFromFlags(flags: Flags): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const key of keys) {
    const text = flags[key];
    if (typeof text === "string") given[key] = parseValue(text, `--${flagName(key)}`);
  }
  return given;
}

/** Options checked, defaults filled in; throws a usage error that names the flag. */
export function checkFitOptions(given: Readonly<Record<string, unknown>>): FitSettings {
  const listed = Object.entries(given).map(([key, value]) => {
    const schema = fitOptionsSchema.shape[key as FitKey];
    const list = schema !== undefined && bare(schema.def.innerType) instanceof z.ZodArray;
    return [key, list && !Array.isArray(value) ? (value === null ? [] : [value]) : value];
  });
  const parsed = fitOptionsSchema.safeParse(Object.fromEntries(listed));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const message = (issue?.message ?? "invalid").replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  throw usageError(`--${flagName(String(issue?.path[0] ?? "options"))}: ${message}`);
}
