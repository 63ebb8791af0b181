import { arrayFrom, type NDArray } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";

/**
 * Links of a two-dimensional torus that one coupling moves, and the plaquettes they lie between. A link of
 * direction μ at a site bounds the plaquette of the site, called `active`, and the one before it across the
 * link, called `passive`: moving the link takes from one what it gives to the other. Moved links have
 * plaquettes that do not touch: every second one along and every second one across, so that half of all
 * plaquettes stay unchanged.
 */
export interface PlaquettePairs {
  /** Sides of the lattice, `[rows, columns]`. */
  readonly sides: readonly [number, number];
  /** Sites of the active plaquettes, with moved links of direction `direction`. */
  readonly active: readonly number[];
  readonly passive: readonly number[];
  /** Plaquettes that no moved link bounds. */
  readonly frozen: readonly number[];
  readonly direction: 0 | 1;
}

/** The pairs of pattern `k`: its direction, and where along and across the first moved link lies, alternate as k counts. */
export function plaquettePairs([rows, columns]: readonly [number, number], k: number): PlaquettePairs {
  const direction = (k % 2) as 0 | 1;
  const [across, along] = [Math.floor(k / 2) % 2, Math.floor(k / 4) % 2];
  const [active, passive, frozen]: [number[], number[], number[]] = [[], [], []];
  for (let x = 0; x < rows; x++)
    for (let y = 0; y < columns; y++) {
      // Along the link's own direction lie its neighbours, which do not touch it two steps away.
      const [line, place] = direction === 0 ? [x, y] : [y, x];
      if (line % 2 !== along) frozen.push(x * columns + y);
      else if (place % 2 === across) {
        active.push(x * columns + y);
        passive.push(
          direction === 0
            ? x * columns + ((y + columns - 1) % columns)
            : ((x + rows - 1) % rows) * columns + y,
        );
      }
    }
  return { sides: [rows, columns], active, passive, frozen, direction };
}

/** The sides of a lattice of links `[2, rows, columns]`. Throws AnsatzError (usage), naming the family, for others. */
export function sidesOf(family: string, shape: readonly number[]): readonly [number, number] {
  const [directions, rows = 0, columns = 0] = shape;
  if (shape.length !== 3 || directions !== 2)
    throw usageError(
      `${family} models the link angles of a two-dimensional lattice, [2, rows, columns], not ${shape.join("x")}`,
    );
  for (const side of [rows, columns])
    if (side % 2 === 1)
      throw usageError(
        `${family} pairs the plaquettes of a lattice: its sides must be even, not ${side} (${rows}x${columns})`,
      );
  return [rows, columns];
}

/**
 * The linear maps of a coupling, as matrices between links `[2 · rows · columns]` and plaquettes: `angles` takes links to the
 * angles of the active plaquettes, of each pair together, and of the frozen ones; `moves` takes what is added to the active
 * plaquettes' angles to what is added to links.
 */
export function pairMatrices(pairs: PlaquettePairs): {
  readonly angles: NDArray<"f32">;
  readonly moves: NDArray<"f32">;
} {
  const { sides, active, passive, frozen, direction } = pairs;
  const [rows, columns] = sides;
  const volume = rows * columns;
  const outputs = 2 * active.length + frozen.length;
  const angles = new Float32Array(2 * volume * outputs);
  const addTo = (plaquette: number, output: number) => {
    const [x, y] = [Math.floor(plaquette / columns), plaquette % columns];
    const link = (mu: number, atX: number, atY: number) =>
      mu * volume + (atX % rows) * columns + (atY % columns);
    // θ_p(x, y) = θ₀(x, y) + θ₁(x + 1, y) − θ₀(x, y + 1) − θ₁(x, y).
    for (const [at, sign] of [
      [link(0, x, y), 1],
      [link(1, x + 1, y), 1],
      [link(0, x, y + 1), -1],
      [link(1, x, y), -1],
    ] as const) {
      const entry = at * outputs + output;
      angles[entry] = (angles[entry] as number) + sign;
    }
  };
  for (const [i, plaquette] of active.entries()) {
    addTo(plaquette, i);
    addTo(plaquette, active.length + i);
    addTo(passive[i] as number, active.length + i);
  }
  for (const [i, plaquette] of frozen.entries()) addTo(plaquette, 2 * active.length + i);
  const moves = new Float32Array(active.length * 2 * volume);
  for (const [i, site] of active.entries())
    moves[i * 2 * volume + direction * volume + site] = direction === 0 ? 1 : -1;
  return {
    angles: arrayFrom("f32", [2 * volume, outputs], angles),
    moves: arrayFrom("f32", [active.length, 2 * volume], moves),
  };
}
