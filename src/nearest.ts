import { usageError } from "./error.ts";

/**
 * What stands after a name that is not known: the one of `names` that it seems to mean, where at most half its letters
 * differ, and all there are: `; did you mean hidden? (it has hidden, direct)`.
 */
export function alternatives(word: string, names: readonly string[], there = "there are"): string {
  // Programs without types may give anything for a name.
  const near = nearest(String(word), names);
  return `${near ? `; did you mean ${near}?` : ""} (${there} ${names.join(", ")})`;
}

/**
 * Throws a usage error for the first of `options` with a name that is not in `known`, suggesting the nearest
 * known name.
 */
export function refuseUnknown(what: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options ?? {}))
    if (!known.includes(key))
      throw usageError(`${what} has no option '${key}'${alternatives(key, known, "it has")}`);
}

/** The name that takes the fewest single-letter edits to reach (Levenshtein's distance), if it is not another word. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, edits: edits(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return best && best.edits <= word.length / 2 ? best.name : undefined;
}

function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[to.length]!;
}
