import { formatBytes } from "../../data/formats/format.ts";
import { usageError } from "../../error.ts";
import { memoryLimits } from "../../files/read.ts";
import type { Flags } from "../commands/command.ts";

/** Reads the text of a flag that takes a whole number of at least `least`, and at most `most`. */
export function wholeFlag(flag: string, least = 1, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const limits = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const n = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(n) && n >= least && n <= most) return n;
    throw usageError(`${flag} takes a whole number ${limits}, not '${text}'`);
  };
}

/** Reads the text of a flag that takes a positive number. */
export function positiveFlag(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
    throw usageError(`${flag} takes a positive number, not '${text}'`);
  };
}

/** Reads the text of `--seed`. */
export const seedFlag = wholeFlag("--seed", 0);

/** Collects the values of a flag that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** Returns a flag's text, or undefined if it was not given. */
export function textOf(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

/** Returns a flag's text; throws a usage error if it was not given. */
export function requiredText(flags: Flags, name: string, hint: string): string {
  const value = textOf(flags, name);
  if (value === undefined || value === "") throw usageError(`--${name} is missing; ${hint}`);
  return value;
}

/** Returns a flag's number, or the default if it was not given. */
export function numberOf(flags: Flags, name: string, otherwise: number): number {
  const value = flags[name];
  return typeof value === "number" ? value : otherwise;
}

/**
 * Throws a usage error if the configurations that `flag` asks for, each of `bytes`, do not fit in memory, or in
 * `most` bytes if that is less.
 */
export function requireRoom(samples: number, bytes: number, flag = "--samples", most = Infinity): void {
  const maxBytes = Math.min(memoryLimits().maxBytes, most);
  if (samples * bytes > maxBytes)
    throw usageError(
      `${flag} ${samples} takes ${formatBytes(samples * bytes)} of memory, more than the ${formatBytes(maxBytes)} ` +
        `allowed here; give at most ${Math.floor(maxBytes / bytes)}`,
    );
}
