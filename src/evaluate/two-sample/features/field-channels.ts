import type { NDArray } from "../../../array.ts";
import type { Space } from "../../../data/space.ts";
import { numbers } from "../../../data/values.ts";
import type { MapShape } from "./map.ts";

/** Shorter sides have no spectrum worth a test. */
const leastSide = 6;
/** Maximum number of colours, components or states that are treated as separate maps. */
const mostChannels = 4;

/** One map that a row holds: a colour of a picture, the spins of a lattice, the cosine of angles. */
export interface FieldChannel {
  /** Suffix of the names of its features; empty for the only one. */
  readonly name: string;
  readonly shape: MapShape;
  /** Returns the maps of rows `x`, one per row, in the units of the data. */
  maps(x: NDArray): Float64Array[];
}

/**
 * The maps that rows of a space hold, if its sites lie in a plane of at least 6 × 6: `[h, w]`, pictures `[h, w, channels]`, and
 * angles on links, `[links, h, w]`. Spins count as ±1, states as one map each, angles as cosine and sine. Undefined for other rows.
 */
export function fieldChannels(space: Space): FieldChannel[] | undefined {
  if (space.kind === "sequence") return undefined;
  const { shape } = space;
  const [a = 0, b = 0, c = 0] = shape;
  if (shape.length === 2 && Math.min(a, b) >= leastSide) return valued(space, [a, b], (at) => at, a * b, "");
  if (shape.length !== 3) return undefined;
  if (c <= mostChannels && Math.min(a, b) >= leastSide)
    return Array.from({ length: c }, (_, i) =>
      valued(space, [a, b], (at) => at * c + i, a * b * c, c > 1 ? ` of channel ${i}` : ""),
    ).flat();
  if (a <= mostChannels && Math.min(b, c) >= leastSide)
    return Array.from({ length: a }, (_, i) =>
      valued(space, [b, c], (at) => i * b * c + at, a * b * c, a > 1 ? ` of channel ${i}` : ""),
    ).flat();
  return undefined;
}

/** The numbers of a stored value, one channel each. */
function valued(
  space: Space,
  shape: MapShape,
  place: (at: number) => number,
  width: number,
  name: string,
): FieldChannel[] {
  const channel = (suffix: string, of: (value: number) => number): FieldChannel => ({
    name: `${name}${suffix}`,
    shape,
    maps(x) {
      const values = numbers(x);
      const size = shape[0] * shape[1];
      return Array.from({ length: values.length / width }, (_, row) => {
        const map = new Float64Array(size);
        for (let at = 0; at < size; at++) map[at] = of(values[row * width + place(at)] as number);
        return map;
      });
    },
  });
  if (space.kind === "binary") return [channel("", (v) => 2 * v - 1)];
  if (space.kind === "circle") return [channel(" (cos)", Math.cos), channel(" (sin)", Math.sin)];
  if (space.kind === "categorical")
    return Array.from({ length: Math.min(mostChannels, space.states) }, (_, state) =>
      channel(` (state ${state})`, (v) => (v === state ? 1 : 0)),
    );
  return [channel("", (v) => v)];
}
