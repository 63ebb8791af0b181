import { type Command, Option } from "commander";
import type * as z from "zod";
import { usageError } from "../../error.ts";
import { issueOf } from "../../issue.ts";
import { settingsOf, type Values } from "../../setting.ts";
import type { Flags } from "../commands/command.ts";
import { parseValue } from "./values.ts";

/** Options of a training, all optional: one flag each follows from their schema. */
export type OptionSchema = z.ZodObject<
  Readonly<Record<string, z.ZodDefault<z.ZodType> | z.ZodOptional<z.ZodType>>>
>;

/** The name of an option as a flag and in a configuration file: `weight-decay`. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The name that the option of a flag has in a program: of `weight-decay` it is `weightDecay`. */
export function keyOfFlag(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Adds one flag for every option, with its description and default; an option without a default describes
 * what replaces it.
 */
export function addOptions(command: Command, schema: OptionSchema): void {
  for (const [key, { description, default: fallback, takes }] of settingsOf(schema)) {
    const shown = Array.isArray(fallback) ? fallback.join(",") || "none" : String(fallback);
    const otherwise = fallback === undefined ? "" : ` (default: ${shown})`;
    const choices = choicesOf(takes);
    const value = takes.kind === "list" ? "names" : choices ? "name" : "n";
    const text = `${description}${choices ? `: ${choices.join(", ")}` : ""}${otherwise}`;
    command.addOption(new Option(`--${flagName(key)} <${value}>`, text));
  }
}

function choicesOf(takes: Values): readonly string[] | undefined {
  if (takes.kind === "list") return choicesOf(takes.of);
  return takes.kind === "name" ? takes.choices : undefined;
}

/** The options that flags give, by their names in the schema. */
export function optionsFromFlags(flags: Flags, schema: OptionSchema): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const key of Object.keys(schema.shape)) {
    const text = flags[key];
    if (typeof text === "string") given[key] = parseValue(text, `--${flagName(key)}`);
  }
  return given;
}

/** Options checked, defaults filled in; throws a usage error that names the flag. */
export function checkOptions<S extends z.ZodObject>(
  given: Readonly<Record<string, unknown>>,
  schema: S,
): z.output<S> {
  const settings = settingsOf(schema);
  const listed = Object.entries(given).map(([key, value]) => {
    const list = settings.get(key)?.takes.kind === "list";
    return [key, list && !Array.isArray(value) ? (value === null ? [] : [value]) : value];
  });
  const options = Object.fromEntries(listed);
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const { key = "options", text } = issueOf(schema, options);
  throw usageError(`--${flagName(key)}: ${text}`);
}
