import { type NDArray, rowsBetween } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { sites, stateCount } from "../data/space.ts";
import { floats, type PartRows, siteObservables } from "../evaluate/index.ts";
import type { AnyFitted } from "../models/fitted/fitted.ts";
import type { System } from "../systems/index.ts";
import type { LookOptions } from "./study.ts";

/** Maximum number of rows with codes in figures. */
const MOST = 1500;

/** The codes of the first scored rows, with those rows. */
export interface CodesOfRows {
  /** The rows, as datasets store them. */
  readonly x: NDArray;
  /** `[rows, ...sites of codes]`. */
  readonly codes: NDArray;
  /** What the codes decode to. */
  readonly decoded: NDArray;
  /** What the rows are conditioned on, if anything. */
  readonly context: NDArray<"f32"> | undefined;
  /**
   * A number of each row that distinguishes rows, and its name in tables: its label, or an observable;
   * undefined if there is none.
   */
  readonly told?:
    | { readonly name: string; readonly values: Float64Array; readonly labels?: number }
    | undefined;
}

/** Encodes and decodes the first rows of a part; undefined for a model that cannot encode. */
export async function codesOfRows(
  fitted: AnyFitted,
  part: PartRows,
  dataset: Dataset,
  system: System | undefined,
  { signal }: LookOptions,
): Promise<CodesOfRows | undefined> {
  if (!fitted.model.coding?.encode) return undefined;
  const count = Math.min(MOST, part.x.shape[0] as number);
  const x = rowsBetween(part.x, 0, count);
  const given = part.context && rowsBetween(part.context, 0, count);
  const context = given && floats(given);
  const { coder } = fitted;
  const options = { signal, ...(fitted.model.context && context && { context }) };
  const codes = await coder.encode(x, options);
  const decoded = await coder.decode(codes, options);
  return { ...{ x, codes, decoded, context }, told: toldOf(x, context, dataset, system) };
}

/** The label of each row, if it has one, else the first observable. */
function toldOf(
  x: NDArray,
  context: NDArray<"f32"> | undefined,
  { contextSpace, space, encoding, offset }: Dataset,
  system: System | undefined,
): CodesOfRows["told"] {
  const isOne = context && context.data.length === context.shape[0];
  if (context && isOne) {
    const values = Float64Array.from(context.data);
    const labels = contextSpace && sites(contextSpace) === 1 ? stateCount(contextSpace) : undefined;
    return { name: labels === undefined ? "context" : "label", values, ...(labels && { labels }) };
  }
  const all = system?.observables ?? siteObservables(space, encoding, offset);
  const name = ["magnetisation", "mean", "ones"].find((known) => known in all) ?? Object.keys(all)[0];
  const observe = name === undefined ? undefined : all[name];
  return observe && { name: name as string, values: observe(x) };
}
