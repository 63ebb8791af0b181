import { createRequire } from "node:module";
import type * as yaml from "yaml";
import { usageError } from "../../error.ts";
import { alternatives } from "../../nearest.ts";

/** A value as people write it after `=`: a YAML scalar or flow list (`0.5`, `true`, `[1, 2]`), or `500,500`. */
export function parseValue(text: string, where: string): unknown {
  if (/^[^[{"'].*,/.test(text)) return text.split(",").map((part) => parseValue(part.trim(), where));
  const plain = plainValue(text);
  if (plain !== undefined) return plain;
  try {
    // Loaded where it is needed: it takes longer than most commands take to begin.
    const { parse } = createRequire(import.meta.url)("yaml") as typeof yaml;
    return parse(text, { logLevel: "error" }) as unknown;
  } catch {
    throw usageError(`${where}: cannot read the value '${text}'`);
  }
}

/** Numbers, words, true, false and null as YAML reads them; undefined for all that may be more than these. */
function plainValue(text: string): number | string | boolean | null | undefined {
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  if (/^[-+]?(\d{1,15}(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(text)) return Number(text);
  const isWord = /^[A-Za-z][\w-]*$/.test(text) && !/^(true|false|null)$/i.test(text);
  return isWord ? text : undefined;
}

/** The entries of repeated `--set key=value` flags, or of another such `flag`; a later one wins. */
export function parseSettings(texts: readonly string[], flag = "--set"): Record<string, unknown> {
  // Without a prototype `__proto__` is a key like any other: it is kept, and refused where it is not known.
  const settings = Object.create(null) as Record<string, unknown>;
  for (const text of texts) {
    const at = text.indexOf("=");
    if (at < 1) throw usageError(`${flag} takes key=value, not '${text}'`);
    const key = text.slice(0, at).trim();
    settings[key] = parseValue(text.slice(at + 1).trim(), `${flag} ${key}`);
  }
  return settings;
}

/** Throws a usage error for a key that is not known, with the nearest that is. */
export function requireKnown(key: string, known: readonly string[], where: string): void {
  if (known.includes(key)) return;
  throw usageError(`${where} '${key}' is not known${alternatives(key, known)}`);
}
