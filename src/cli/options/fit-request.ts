import { parseTextOptions, type TextOptions } from "../../data/formats/text-options.ts";
import { inputError, usageError } from "../../error.ts";
import { readBytes } from "../../files/index.ts";
import type { Flags } from "../commands/command.ts";
import { type DataRequest, dataFlagNames, dataFromFlags } from "./data-options.ts";
import { fitFlagNames, fitOptionsFromFlags } from "./fit-options.ts";
import { textOf } from "./flags.ts";
import { keyOfFlag } from "./option-flags.ts";
import { parseSettings, requireKnown } from "./values.ts";

/** The request of a fit, from flags and a configuration file; omitted values are absent. */
export interface FitRequest {
  readonly family?: string | undefined;
  readonly out?: string | undefined;
  readonly data: DataRequest;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Options of the fit that were given, by their names in its schema. */
  readonly options: Readonly<Record<string, unknown>>;
}

const textKeys = ["family", "data", "out", ...dataFlagNames] as const;
/** Options for the meaning of data, wherever it lies. */
const sayWhat: readonly (keyof DataRequest)[] = [
  "context-space",
  "space",
  "shape",
  "system",
  "resize",
  "colour",
];
const configKeys = [
  ...textKeys,
  ...fitFlagNames,
  "set",
  "prior",
  "delimiter",
  "decimal",
  "header",
  "columns",
];

/**
 * Reads a request: arguments and flags override the `--config` file, which has the flags' names as keys.
 * Throws errors that name an unknown key and suggest the nearest.
 */
export async function readFitRequest(
  family: string | undefined,
  data: string | undefined,
  flags: Flags,
): Promise<FitRequest> {
  const path = textOf(flags, "config");
  const config = path === undefined ? {} : await readConfig(path);
  const options: Record<string, unknown> = {};
  for (const name of fitFlagNames) if (config[name] !== undefined) options[keyOfFlag(name)] = config[name];
  Object.assign(options, fitOptionsFromFlags(flags));
  const text = (name: (typeof textKeys)[number]) => textOf(flags, name) ?? textFrom(config, name, path);
  const own = dataFromFlags(flags, data);
  // A file named on the command line replaces all files that the configuration names.
  const named = own.data !== undefined || own.train !== undefined;
  const from = (name: Exclude<keyof DataRequest, "text" | "given">) =>
    own[name] ?? (named && !sayWhat.includes(name) ? undefined : textFrom(config, name, path));
  const prior = textOf(flags, "prior") ?? textFrom(config, "prior", path);
  return {
    family: family ?? text("family"),
    out: text("out"),
    data: {
      ...Object.fromEntries((["data", ...dataFlagNames] as const).map((name) => [name, from(name)])),
      text: { ...(named ? {} : textFromConfig(config, path)), ...own.text },
    },
    hyperparameters: withPrior(
      { ...settingsFrom(config, path), ...parseSettings((flags.set as string[] | undefined) ?? []) },
      prior,
    ),
    options,
  };
}

/** Hyperparameters with the distribution over codes that `--prior` names, if it does. */
function withPrior(
  set: Readonly<Record<string, unknown>>,
  prior: string | undefined,
): Readonly<Record<string, unknown>> {
  if (prior === undefined) return set;
  if (set.prior !== undefined && set.prior !== prior)
    throw usageError(`--prior ${prior} and --set prior=${set.prior} contradict each other; give one`);
  return { ...set, prior };
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  const { parse } = await import("yaml");
  const text = new TextDecoder().decode(await readBytes(path));
  let config: unknown;
  try {
    config = parse(text, { logLevel: "error" });
  } catch (cause) {
    throw inputError(`${path}: ${(cause as Error).message.split("\n")[0]}`, cause);
  }
  if (typeof config !== "object" || config === null || Array.isArray(config))
    throw inputError(`${path}: must hold keys and values, such as epochs: 20`);
  for (const key of Object.keys(config)) requireKnown(key, configKeys, `${path}: the key`);
  return config as Record<string, unknown>;
}

function textFrom(config: Record<string, unknown>, name: string, path = ""): string | undefined {
  const value = config[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw usageError(`${path}: ${name} must be text, not ${JSON.stringify(value)}`);
}

/** How text is written, by a configuration file; its columns may be a list. */
function textFromConfig(config: Record<string, unknown>, path: string | undefined): TextOptions {
  const { header, columns } = config;
  if (header !== undefined && header !== null && typeof header !== "boolean")
    throw usageError(`${path}: header is true or false, not ${JSON.stringify(header)}`);
  const listed = Array.isArray(columns) ? { ...config, columns: columns.join(",") } : config;
  return parseTextOptions({
    delimiter: textFrom(config, "delimiter", path),
    decimal: textFrom(config, "decimal", path),
    columns: textFrom(listed, "columns", path),
    ...(typeof header === "boolean" && { header }),
  });
}

function settingsFrom({ set }: Record<string, unknown>, path = ""): Record<string, unknown> {
  if (set === undefined || set === null) return {};
  if (typeof set === "object" && !Array.isArray(set)) return set as Record<string, unknown>;
  throw usageError(`${path}: set must hold hyperparameters and their values, such as set: { hidden: 256 }`);
}
