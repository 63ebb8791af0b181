import type { NDArray } from "../array.ts";
import { inputError } from "../error.ts";
import { describe, type Space, type SpaceOf, siteShape, spaceName, stateCount } from "./space.ts";
import { complaint, numbers, spaceHint } from "./values.ts";

/** A test of one stored value against a space; NaN never passes. */
export function admits(space: Space): (value: number) => boolean {
  const states = stateCount(space);
  if (states !== undefined) return (v) => v >= 0 && v < states && v === Math.floor(v);
  // Single precision rounds π up, so that the interval of angles is closed at both of its rounded ends.
  const pi = Math.fround(Math.PI);
  const [low, high] =
    space.kind === "circle" ? [-pi, pi] : (space.kind === "real" && space.bounds) || [-largest, largest];
  return (v) => v >= low && v <= high;
}

/** Of thousands of larger numbers single precision cannot sum the squares, as units of columns need. */
const largest = 1e17;

/**
 * Checks stored data `x` [rows, ...sites] against `space`. Throws an input error that names the file, row and
 * value:
 * `ising.npy: row 17, column 1 has the value 2; a binary space holds 0 or 1 (use --space categorical:3)`. The
 * hint in brackets is absent if the space is `fixed`, as a model's is.
 */
export function check(space: Space, x: NDArray, name: string, fixed = false): void {
  const shape = siteShape(space);
  if (x.shape.length !== shape.length + 1 || shape.some((n, i) => x.shape[i + 1] !== n))
    throw inputError(
      `${name}: shape [${x.shape.join(", ")}] is not [rows, ${shape.join(", ")}], as ${describe(space)} has`,
    );
  const values = numbers(x);
  const good = admits(space);
  for (let i = 0; i < values.length; i++)
    if (!good(values[i] as number))
      throw complaint(values, i, shape, rule(space), name, hintFor(space, fixed));
  if (space.kind === "sequence") checkEnds(space, values, name);
}

/** A sequence that has ended stays ended. */
function checkEnds(space: SpaceOf<"sequence">, values: ArrayLike<number>, name: string): void {
  for (let i = 1; i < values.length; i++) {
    if (i % space.maxLength !== 0 && values[i - 1] === space.states && values[i] !== space.states)
      throw inputError(
        `${name}: row ${Math.floor(i / space.maxLength)} continues with ${values[i]} after its end marker ${space.states}`,
      );
  }
}

/**
 * Returns a hint for data that does not suit a space, for {@link complaint}; undefined if no other space
 * would help.
 */
export function hintFor(space: Space, fixed: boolean): ((values: ArrayLike<number>) => string) | undefined {
  if (fixed || (space.kind === "real" && !space.bounds)) return undefined;
  return (values) => spaceHint(values, space.kind === "real" && space.levels ? "levels" : "categorical");
}

/** Returns the values that a space holds, as the second half of an error: `a binary space holds 0 or 1`. */
export function rule(space: Space): string {
  switch (space.kind) {
    case "binary":
      return "a binary space holds 0 or 1";
    case "categorical":
      return `a ${spaceName(space)} space holds integers 0 to ${space.states - 1}`;
    case "sequence":
      return `a ${spaceName(space)} space holds symbols 0 to ${space.states - 1} and the end marker ${space.states}`;
    case "circle":
      return "angles are radians in [-pi, pi)";
    case "real":
      if (space.levels && space.bounds) return `grey levels are integers 0 to ${space.bounds[1] - 1}`;
      return space.bounds
        ? `this real space is bounded by [${space.bounds.join(", ")}]`
        : `a real space holds numbers up to 1e17 in size (give the column another unit, or leave out rows that mark what is missing)`;
  }
}
