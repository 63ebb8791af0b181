import * as z from "zod";
import { allocate, type NDArray, ndarray, sizeOf } from "../array.ts";
import { type AnsatzError, inputError } from "../error.ts";
import { Key } from "../random/key.ts";
import { admits, check, hintFor, rule } from "./check.ts";
import { addLevelNoise } from "./levels.ts";
import { describe, levelCount, type Space, siteShape, sites, storageOf } from "./space.ts";
import { complaint, numbers, spaceHint } from "./values.ts";

/** Schema of {@link Encoding}. */
export const encodingSchema = z.enum(["01", "pm1", "levels", "plain"]);

/**
 * How a file writes the values of its space: bits as 0 and 1 (`01`); spins as −1 and +1 (`pm1`; in memory 0
 * is down and 1 is up); grey levels as integers (`levels`; in memory real numbers); values of all other
 * spaces unchanged (`plain`).
 */
export type Encoding = z.infer<typeof encodingSchema>;

const unspoken = "without a space data must be 0s and 1s, or spins of -1 and +1";

/**
 * The binary encoding of raw data for which no space was given: `01`, `pm1`, or undefined where all values are 1.
 * Throws an input error that names the first other value, its row, and the `--space` to give.
 */
export function inferEncoding(raw: NDArray, name: string): "01" | "pm1" | undefined {
  const values = numbers(raw);
  let other: number | undefined; // 0 or -1, whichever came first
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (v === 1 || v === other) continue;
    const down = v === 0 || v === -1;
    if (other !== undefined && down) throw mixed(values, raw.shape.slice(1), name);
    if (other !== undefined || !down)
      throw complaint(values, i, raw.shape.slice(1), unspoken, name, spaceHint);
    other = v;
  }
  return other === undefined ? undefined : other === 0 ? "01" : "pm1";
}

/** The error about data with both 0s and −1s: at the first of those that are fewer, the likelier mistake. */
function mixed(values: ArrayLike<number>, shape: readonly number[], name: string): AnsatzError {
  let [zeros, minuses] = [0, 0];
  let [zero, minus] = [-1, -1];
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0 && zeros++ === 0) zero = i;
    if (values[i] === -1 && minuses++ === 0) minus = i;
  }
  const wrong = minuses > zeros ? zero : zeros > minuses ? minus : Math.max(zero, minus);
  const rest = wrong === zero ? "-1s" : "0s";
  return complaint(values, wrong, shape, `the other values are ${rest} and 1s`, name, spaceHint);
}

/**
 * Returns the encoding of raw binary data, from its first value that is 0 or -1; undefined if there is no
 * such value.
 */
export function findEncoding(raw: NDArray): "01" | "pm1" | undefined {
  const values = numbers(raw);
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) return "01";
    if (values[i] === -1) return "pm1";
  }
  return undefined;
}

/**
 * Returns raw data [rows, ...] in the form used in memory: shape [rows, ...sites of `space`], dtype
 * `storageOf(space)`, spins as 0 and 1, angles wrapped into [−π, π). The elements are shared if nothing had
 * to change. Throws an input error that names the file `name`, row and value of the first value outside
 * `space`, and suggests another space that would hold it, unless this one is `fixed`, as a model's is.
 */
export function encode(raw: NDArray, space: Space, encoding: Encoding, name: string, fixed = false): NDArray {
  const hint = hintFor(space, fixed);
  const rows = raw.shape[0] ?? 0;
  const shape = siteShape(space);
  if (rows * sites(space) !== sizeOf(raw.shape))
    throw inputError(
      `${name}: a row has ${sizeOf(raw.shape.slice(1))} values; ${describe(space)} needs ${sites(space)}`,
    );
  const dtype = storageOf(space);
  const bytes = raw.dtype === "bool" ? "u8" : raw.dtype;
  if (encoding !== "pm1" && encoding !== "levels" && space.kind !== "circle" && bytes === dtype) {
    const x = ndarray(dtype, [rows, ...shape], raw.data as Uint8Array & Int32Array & Float32Array);
    check(space, x, name, fixed);
    return x;
  }
  const values = numbers(raw);
  const data = allocate(dtype, values.length);
  if (space.kind === "binary" && encoding === "pm1") {
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      if (v !== 1 && v !== -1) throw complaint(values, i, shape, "spins are -1 or +1", name, hint);
      data[i] = v === 1 ? 1 : 0;
    }
  } else if (space.kind === "circle") {
    for (let i = 0; i < values.length; i++) {
      const v = values[i] as number;
      // One turn either way covers both usual conventions; more than that is degrees or a mistake.
      if (!(Math.abs(v) <= turn * (1 + 1e-6))) throw complaint(values, i, shape, rule(space), name, hint);
      data[i] = v >= Math.PI ? v - turn : v < -Math.PI ? v + turn : v;
    }
  } else {
    const good = encoding === "levels" ? isLevel(space) : admits(space);
    for (let i = 0; i < values.length; i++) {
      const v = values[i] as number;
      if (!good(v)) throw complaint(values, i, shape, rule(space), name, hint);
      data[i] = v;
    }
  }
  // The same noise whatever the seed of the splits: the same file is the same rows.
  if (encoding === "levels")
    addLevelNoise(data as Float32Array, levelCount(space) as number, Key.fromSeed(0));
  const x = ndarray(dtype, [rows, ...shape], data as Uint8Array & Int32Array & Float32Array);
  if (space.kind === "sequence") check(space, x, name, fixed);
  return x;
}

const turn = 2 * Math.PI;

/** The encoding of a space that is not binary. */
export const plainEncoding = (space: Space): "levels" | "plain" =>
  levelCount(space) === undefined ? "plain" : "levels";

function isLevel(space: Space): (value: number) => boolean {
  const count = levelCount(space) ?? 0;
  return (v) => v >= 0 && v < count && v === Math.floor(v);
}

/**
 * Stored data `x` [rows, ...sites] as a file of this `encoding` writes it: spins as `i32` −1 and +1, grey levels as `i32`,
 * anything else unchanged (and shared).
 */
export function decode(x: NDArray, encoding: Encoding): NDArray {
  if (encoding !== "levels" && encoding !== "pm1") return x;
  const values = numbers(x);
  const data = new Int32Array(values.length);
  if (encoding === "levels") {
    // A plain loop: Int32Array.from takes ten times the memory.
    for (let i = 0; i < data.length; i++) data[i] = Math.floor(values[i] as number);
    return ndarray("i32", x.shape, data);
  }
  for (let i = 0; i < data.length; i++) data[i] = 2 * (values[i] as number) - 1;
  return ndarray("i32", x.shape, data);
}
