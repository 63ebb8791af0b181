import { numbers } from "../data/values.ts";
import type { MeanStatistic } from "../systems/system.ts";

/** The variance of each of `n` columns over the rows, `variance0` and so on; an offset of a column does not change it. */
export function columnVariances(n: number): Readonly<Record<string, MeanStatistic>> {
  return Object.fromEntries(
    Array.from({ length: n }, (_, i): [string, MeanStatistic] => [
      `variance${i}`,
      {
        columns(x) {
          const values = numbers(x);
          const column = Float64Array.from(
            { length: x.shape[0] as number },
            (_, row) => values[row * n + i] as number,
          );
          return [column, column.map((v) => v * v)];
        },
        of: ([first = Number.NaN, second = Number.NaN]) => second - first * first,
      },
    ]),
  );
}
