import { formatBytes } from "../data/formats/format.ts";
import { usageError } from "../error.ts";
import { memoryLimits } from "../files/read.ts";
import type { Flags } from "./command.ts";

/** Reads the text of a flag that takes a whole number of at least `least`. */
export function wholeFlag(flag: string, least = 1): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(n) && n >= least) return n;
    throw usageError(`${flag} takes a whole number of at least ${least}, not '${text}'`);
  };
}

/** Reads the text of `--seed`. */
export const seedFlag = wholeFlag("--seed", 0);

/** Collects the values of a flag that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** A flag's text, or undefined where it was not given. */
export function textOf(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

/** A flag's text; throws a usage error where it was not given. */
export function requiredText(flags: Flags, name: string, hint: string): string {
  const value = textOf(flags, name);
  if (value === undefined || value === "") throw usageError(`--${name} is missing; ${hint}`);
  return value;
}

/** A flag's number, or the default where it was not given. */
export function numberOf(flags: Flags, name: string, otherwise: number): number {
  const value = flags[name];
  return typeof value === "number" ? value : otherwise;
}

/** Throws a usage error where so many configurations of so many bytes do not fit in memory. */
export function requireRoom(samples: number, bytes: number): void {
  const { maxBytes } = memoryLimits();
  if (samples * bytes > maxBytes)
    throw usageError(
      `--samples ${samples} takes ${formatBytes(samples * bytes)} of memory, more than the ${formatBytes(maxBytes)} ` +
        "allowed here; give fewer",
    );
}
