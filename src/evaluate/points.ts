import { type NDArray, sizeOf } from "../array.ts";
import { type Space, siteShape } from "../data/space.ts";
import { numbers } from "../data/values.ts";

/** Rows as points of one space; see {@link pointEncoder}. */
export interface Points {
  /** Number of points. */
  readonly count: number;
  /** Numbers per point; of bits, words of 32. */
  readonly width: number;
  /** `[count, width]`, row by row. */
  readonly values: Float64Array | Int32Array;
  /** Euclidean distances of numbers, or the square root of how many labels, or bits, differ. */
  readonly metric: "euclidean" | "labels" | "bits";
}

/**
 * Returns the map from rows `[rows, ...sites]`, as datasets store them, to points. Distances between points
 * have a meaning in every space:
 *
 * - bits, labels and the symbols of sequences: √(number of sites that differ). That is the Euclidean
 *   distance of one-hot vectors of length 1/√2, which are never written out, so that vocabularies may be
 *   large. Sequences are compared place by place, end markers included;
 * - angles: (cos, sin) of each, so that −π and π are one point;
 * - real numbers without bounds: each column in units of its standard deviation over the rows of
 *   `reference` (1 for a constant column), so that no column counts more because of its unit;
 * - real numbers with bounds, and grey levels: all columns in units of the length of the bounds, which they
 *   share. A pixel that is almost always dark would count too much in units of its own.
 *
 * `reference` is the data as a whole: samples would set the scale that judges them.
 */
export function pointEncoder(space: Space, reference: NDArray): (x: NDArray) => Points {
  const width = sizeOf(siteShape(space));
  if (space.kind === "circle") return (x) => onCircles(numbers(x), width);
  if (space.kind === "binary") return (x) => packed(numbers(x), width);
  if (space.kind !== "real")
    return (x) => ({ ...sized(numbers(x), width), values: Int32Array.from(numbers(x)), metric: "labels" });
  const units = space.bounds
    ? new Float64Array(width).fill(space.bounds[1] - space.bounds[0])
    : columnDeviations(numbers(reference), width);
  return (x) => {
    const values = Float64Array.from(numbers(x), (v, i) => v / (units[i % width] as number));
    return { ...sized(values, width), values, metric: "euclidean" };
  };
}

const sized = ({ length }: ArrayLike<number>, width: number) => ({ count: length / width, width });

function packed(bits: ArrayLike<number>, sites: number): Points {
  const count = bits.length / sites;
  const width = Math.ceil(sites / 32);
  const values = new Int32Array(count * width);
  for (let i = 0; i < bits.length; i++) {
    const site = i % sites;
    if (bits[i] === 1) values[((i - site) / sites) * width + (site >> 5)]! |= 1 << (site & 31);
  }
  return { count, width, values, metric: "bits" };
}

function onCircles(angles: ArrayLike<number>, width: number): Points {
  const values = new Float64Array(2 * angles.length);
  for (let i = 0; i < angles.length; i++) {
    values[2 * i] = Math.cos(angles[i] as number);
    values[2 * i + 1] = Math.sin(angles[i] as number);
  }
  return { ...sized(values, 2 * width), values, metric: "euclidean" };
}

/** The standard deviation of each column; 1 for a constant one. */
function columnDeviations(values: ArrayLike<number>, width: number): Float64Array {
  const rows = values.length / width;
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let i = 0; i < values.length; i++) means[i % width]! += (values[i] as number) / rows;
  for (let i = 0; i < values.length; i++)
    squares[i % width]! += ((values[i] as number) - (means[i % width] as number)) ** 2 / rows;
  // Rounding alone is no spread.
  return squares.map((square, c) => (square > (1e-12 * (means[c] as number)) ** 2 ? Math.sqrt(square) : 1));
}

/** The distance of point `i` of `a` from point `j` of `b`, both made by one encoder. */
export function distance(a: Points, i: number, b: Points, j: number): number {
  return Math.sqrt(squares[a.metric](a.values, b.values, i * a.width, j * a.width, a.width));
}

/** The square of the distance of the point at `at` in `a` from the one at `to` in `b`, both of `width` numbers. */
const squares = {
  euclidean(a: Points["values"], b: Points["values"], at: number, to: number, width: number): number {
    let square = 0;
    for (let k = 0; k < width; k++) {
      const step = (a[at + k] as number) - (b[to + k] as number);
      square += step * step;
    }
    return square;
  },
  labels(a: Points["values"], b: Points["values"], at: number, to: number, width: number): number {
    let square = 0;
    for (let k = 0; k < width; k++) {
      // The sign of x | −x says whether x is not 0, without a branch to mispredict.
      const step = (a[at + k] as number) ^ (b[to + k] as number);
      square += (step | -step) >>> 31;
    }
    return square;
  },
  bits(a: Points["values"], b: Points["values"], at: number, to: number, width: number): number {
    let square = 0;
    for (let k = 0; k < width; k++) {
      // Counts the ones of a word: Knuth, "The Art of Computer Programming" 4A (2011), 7.1.3, eq. 62.
      let word = (a[at + k] as number) ^ (b[to + k] as number);
      word -= (word >>> 1) & 0x55555555;
      word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
      square += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    return square;
  },
} as const;
