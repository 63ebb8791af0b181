import type * as z from "zod";
import { bytesOf, sizeOf } from "../array.ts";
import { usageError } from "../error.ts";
import { mostLevels } from "./levels.ts";
import type { spaceSchema } from "./space-schema.ts";

/**
 * The space of a data point: spins or bits (`binary`), one of `states` values per site (`categorical`), real
 * fields (also grey levels as real numbers, see {@link levels}), angles in radians in [−π, π) (`circle`), or
 * sequences of up to `maxLength` symbols. Plain JSON.
 */
export type Space = z.infer<typeof spaceSchema>;

/** The space of one kind: `SpaceOf<"categorical">` has `states`. */
export type SpaceOf<K extends Space["kind"]> = Extract<Space, { kind: K }>;

/** Sites holding 0 or 1; for spins 0 is down (−1) and 1 is up (+1). */
export function binary(shape: readonly number[]): SpaceOf<"binary"> {
  return { kind: "binary", shape: checkShape(shape) };
}

/** Sites holding an integer from 0 to `states` − 1. */
export function categorical(shape: readonly number[], states: number): SpaceOf<"categorical"> {
  if (!Number.isInteger(states) || states < 2)
    throw usageError(`a categorical space needs 2 states or more, not ${states}`);
  return { kind: "categorical", shape: checkShape(shape), states };
}

/** Sites holding a real number, optionally inside the closed interval `bounds`. */
export function real(shape: readonly number[], bounds?: readonly [number, number]): SpaceOf<"real"> {
  if (bounds && !(bounds[0] < bounds[1]))
    throw usageError(`the bounds of a real space must increase, not [${bounds.join(", ")}]`);
  if (!bounds) return { kind: "real", shape: checkShape(shape) };
  // JSON has no negative zero; adding zero removes it.
  return { kind: "real", shape: checkShape(shape), bounds: [bounds[0] + 0, bounds[1] + 0] };
}

/**
 * Grey levels 0 to `count` − 1 as real numbers: level k is any number between k and k + 1 (dequantisation;
 * see `addLevelNoise`). This is a real space with bounds [0, count]; its files hold the integers.
 */
export function levels(shape: readonly number[], count: number): SpaceOf<"real"> {
  if (!Number.isInteger(count) || count < 2 || count > mostLevels)
    throw usageError(`there are 2 to ${mostLevels} grey levels, not ${count}`);
  return { ...real(shape, [0, count]), levels: true };
}

/** Sites holding an angle in radians in [−π, π). */
export function circle(shape: readonly number[]): SpaceOf<"circle"> {
  return { kind: "circle", shape: checkShape(shape) };
}

/**
 * Rows of up to `maxLength` symbols 0 to `states` − 1. A stored row has `maxLength` entries; from its end on
 * it holds the value `states` (see `packSequences`).
 */
export function sequence(states: number, maxLength: number): SpaceOf<"sequence"> {
  if (!Number.isInteger(states) || states < 1)
    throw usageError(`a sequence space needs 1 state or more, not ${states}`);
  return { kind: "sequence", states, maxLength: checkShape([maxLength])[0] as number };
}

function checkShape(shape: readonly number[]): readonly number[] {
  if (shape.length === 0 || !shape.every((n) => Number.isInteger(n) && n > 0))
    throw usageError(`a shape is one or more positive integers, not [${shape.join(", ")}]`);
  return [...shape];
}

/** The shape a user names: `8x8`, `28×28`, `64`; throws a usage error for any other text. */
export function parseShape(text: string): readonly number[] {
  if (!/^\d+([x×]\d+)*$/.test(text)) throw usageError(`"${text}" is not a shape; write it like 8x8`);
  return checkShape(text.split(/[x×]/).map(Number));
}

/** The shape of one data point: `[8, 8]` for an 8×8 lattice, `[maxLength]` for sequences. */
export function siteShape(space: Space): readonly number[] {
  return space.kind === "sequence" ? [space.maxLength] : space.shape;
}

/** Number of sites of one data point. */
export function sites(space: Space): number {
  return sizeOf(siteShape(space));
}

/** Number of values a site can take in memory, end marker of sequences included; undefined where continuous. */
export function stateCount(space: Space): number | undefined {
  if (space.kind === "binary") return 2;
  if (space.kind === "categorical") return space.states;
  if (space.kind === "sequence") return space.states + 1;
  return undefined;
}

/**
 * Returns the number of grey levels that the real numbers of a space represent; undefined for other spaces.
 */
export function levelCount(space: Space): number | undefined {
  return space.kind === "real" && space.levels ? space.bounds?.[1] : undefined;
}

/** Element type in memory: `u8` for at most 256 states, `i32` for more, `f32` for real numbers and angles. */
export function storageOf(space: Space): "u8" | "i32" | "f32" {
  const states = stateCount(space);
  return states === undefined ? "f32" : states <= 256 ? "u8" : "i32";
}

/**
 * Returns the space that a user names, over sites of `shape`: `binary`, `categorical:3`, `real`, `real:0..1`,
 * `levels:256`, `circle`, or `sequence:27` (its longest row is the size of `shape`). Throws a usage error for
 * any other text.
 */
export function parseSpace(text: string, shape: readonly number[]): Space {
  const [, kind, argument] = /^([a-z]+)(?::(.+))?$/.exec(text.trim()) ?? [];
  if (kind === "categorical" && /^\d+$/.test(argument ?? "")) return categorical(shape, Number(argument));
  if (kind === "levels" && /^\d+$/.test(argument ?? "")) return levels(shape, Number(argument));
  if (kind === "sequence" && /^\d+$/.test(argument ?? "")) return sequence(Number(argument), sizeOf(shape));
  const interval = /^([^.].*?)\.\.(.+)$/.exec(argument ?? "");
  if (kind === "real" && interval) return real(shape, [Number(interval[1]), Number(interval[2])]);
  if (argument === undefined) {
    if (kind === "binary") return binary(shape);
    if (kind === "real") return real(shape);
    if (kind === "circle") return circle(shape);
  }
  throw usageError(
    `unknown space "${text}"; give binary, categorical:K, real, real:LOW..HIGH, levels:K, circle or sequence:K`,
  );
}

/** The text {@link parseSpace} reads back, without the shape: `categorical:3`. */
export function spaceName(space: Space): string {
  if (space.kind === "categorical" || space.kind === "sequence") return `${space.kind}:${space.states}`;
  if (space.kind === "real" && space.bounds && space.levels) return `levels:${space.bounds[1]}`;
  if (space.kind === "real" && space.bounds) return `real:${space.bounds.join("..")}`;
  return space.kind;
}

/** One phrase for people: `binary on 8×8 sites`. */
export function describe(space: Space): string {
  if (space.kind === "sequence")
    return `sequences of up to ${space.maxLength} symbols out of ${space.states}`;
  const where = `on ${space.shape.join("×")} sites`;
  if (space.kind === "categorical") return `categorical with ${space.states} states ${where}`;
  if (space.kind === "real" && space.bounds && space.levels)
    return `grey levels 0 to ${space.bounds[1] - 1} ${where}`;
  if (space.kind === "real" && space.bounds)
    return `real in [${space.bounds[0]}, ${space.bounds[1]}] ${where}`;
  return `${space.kind} ${where}`;
}

/** Whether two spaces are the same, shapes and parameters included. */
export function sameSpace(a: Space, b: Space): boolean {
  return spaceName(a) === spaceName(b) && siteShape(a).join() === siteShape(b).join();
}

/** Bytes of one stored row. */
export const rowBytes = (space: Space): number => sites(space) * bytesOf(storageOf(space));

/** Whether a space is the default for contexts: real numbers without bounds. */
export const isPlain = (space: Space): boolean => space.kind === "real" && !space.bounds;
