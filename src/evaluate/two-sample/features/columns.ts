import type { NDArray } from "../../../array.ts";
import { type Space, sites } from "../../../data/space.ts";
import { numbers } from "../../../data/values.ts";
import type { FeatureTable } from "./feature.ts";
import { coarseScale } from "./scale.ts";

/** One-hot columns of labels are made up to this many. */
const mostOneHot = 4096;

/**
 * Returns a function for rows as plain columns of numbers: real columns in units of the reference, spins as ±1, angles as cosine
 * and sine, labels one-hot. `common` gives all columns one unit, as pixels of one field have. Undefined for sequences, and for
 * labels that would take more than 4096 columns.
 */
export function plainColumns(
  space: Space,
  reference: NDArray,
  common: boolean,
): ((x: NDArray) => FeatureTable) | undefined {
  const width = sites(space);
  if (space.kind === "sequence") return undefined;
  if (space.kind === "binary") return (x) => mapped(x, width, 1, (v) => [2 * v - 1]);
  if (space.kind === "circle") return (x) => mapped(x, width, 2, (v) => [Math.cos(v), Math.sin(v)]);
  if (space.kind === "categorical") {
    const { states } = space;
    if (width * states > mostOneHot) return undefined;
    return (x) =>
      mapped(x, width, states, (v) => Array.from({ length: states }, (_, state) => (v === state ? 1 : 0)));
  }
  const values = numbers(reference);
  const scales = common
    ? [coarseScale(values)]
    : Array.from({ length: width }, (_, c) =>
        coarseScale(
          Float64Array.from({ length: values.length / width }, (_, row) => values[row * width + c] as number),
        ),
      );
  return (x) =>
    mapped(x, width, 1, (v, c) => {
      const { centre, unit } = scales[c % scales.length]!;
      return [(v - centre) / unit];
    });
}

/** Columns of `per` numbers a site. */
function mapped(
  x: NDArray,
  width: number,
  per: number,
  of: (value: number, column: number) => readonly number[],
): FeatureTable {
  const values = numbers(x);
  const out = new Float64Array(values.length * per);
  for (let i = 0; i < values.length; i++) out.set(of(values[i] as number, i % width), i * per);
  const names = Array.from({ length: width * per }, (_, i) =>
    per === 1 ? `column ${i}` : `column ${Math.floor(i / per)}, part ${i % per}`,
  );
  return { names, rows: values.length / width, values: out };
}
