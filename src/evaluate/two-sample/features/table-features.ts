import type { NDArray } from "../../../array.ts";
import type { FeatureGroup, FeatureTable } from "./feature.ts";

/** Values are cut here, in units of the reference, so that one wild value does not rule the higher moments. */
const cut = 6;
/** Of more columns only products of near neighbours are taken. */
const allPairs = 20;
/** More columns than this have no moments beyond the second: too many features of too little power. */
const mostHigher = 64;

/**
 * Moments of tables: columns, their squares, third and fourth powers, and products of pairs (all pairs of up to 20 columns,
 * first and second neighbours of more). `binary` columns have no powers.
 */
export function tableFeatures(
  columns: (x: NDArray) => FeatureTable,
  width: number,
  binary: boolean,
): FeatureGroup[] {
  const pairs: (readonly [number, number])[] = [];
  for (let a = 0; a < width; a++)
    for (let b = a + 1; b < width; b++) if (width <= allPairs || b - a <= 2) pairs.push([a, b]);
  const power = (name: string, p: number): FeatureGroup => ({
    name,
    of: (x) => {
      const table = columns(x);
      return {
        ...table,
        names: table.names.map((n) => (p === 1 ? n : `${n}^${p}`)),
        values: table.values.map((v) => Math.max(-cut, Math.min(cut, v)) ** p),
      };
    },
  });
  const products: FeatureGroup = {
    name: "correlations",
    of: (x) => {
      const { rows, values, names } = columns(x);
      const out = new Float64Array(rows * pairs.length);
      for (let row = 0; row < rows; row++)
        for (const [i, [a, b]] of pairs.entries()) {
          const [u, v] = [values[row * width + a]!, values[row * width + b]!];
          out[row * pairs.length + i] = Math.max(-cut, Math.min(cut, u)) * Math.max(-cut, Math.min(cut, v));
        }
      return { names: pairs.map(([a, b]) => `${names[a]} × ${names[b]}`), rows, values: out };
    },
  };
  return [
    power("means", 1),
    ...(binary ? [] : [power("variances", 2)]),
    ...(binary || width > mostHigher ? [] : [power("third moments", 3), power("fourth moments", 4)]),
    ...(pairs.length > 0 ? [products] : []),
  ];
}
