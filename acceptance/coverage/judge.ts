import { ndarray, real } from "ansatz";
import { judge, type RowSet } from "ansatz/evaluate";
import { Key, normal } from "ansatz/random";
import { type Acceptance, timed } from "../acceptance.ts";
import { gaussianTestMaps, lognormalTestMaps } from "../maps.ts";
import { type CoverageRow, coverageRows, type Found, rowText } from "./table.ts";

const repetitions = 200;
/** The fraction within one error that 200 repetitions of an error that covers may have at least: 0.683 − 2.5 of its own errors. */
const least = 0.6;

/** Pairs of sets of rows of known distributions: real rows, and candidates. */
interface Pair {
  readonly name: string;
  draw(key: Key): readonly [RowSet["x"], RowSet["x"]];
}

/** Rows of three numbers: normal ones of unit variance, the second correlated with the first, then scaled and shifted. */
function table(key: Key, rows: number, scale = 1, shift = 0): RowSet["x"] {
  const z = normal(key, 3 * rows, "f32");
  for (let row = 0; row < rows; row++) z[3 * row + 1] = 0.6 * z[3 * row]! + 0.8 * z[3 * row + 1]!;
  return ndarray(
    "f32",
    [rows, 3],
    z.map((v) => shift + scale * v),
  );
}

const seedOf = (key: Key): number => Math.abs(normal(key, 1, "f64")[0]! * 1e8) | 0;

const pairs: readonly Pair[] = [
  { name: "equal tables", draw: (key) => [table(key.fold(0), 200), table(key.fold(1), 200)] },
  {
    name: "shifted and scaled tables",
    draw: (key) => [table(key.fold(0), 200), table(key.fold(1), 200, 1.2, 0.3)],
  },
  {
    name: "tables of 200 and 500 rows",
    draw: (key) => [table(key.fold(0), 500), table(key.fold(1), 200, 1.2, 0.3)],
  },
  {
    name: "Gaussian and lognormal maps",
    draw: (key) => [
      gaussianTestMaps(seedOf(key.fold(0)), 100, 12),
      lognormalTestMaps(seedOf(key.fold(1)), 100, 12),
    ],
  },
];

/** The distances of one repetition: their errors are to cover their mean over repetitions, with as many rows. */
async function distancesOf({ draw }: Pair, key: Key): Promise<Record<string, Found[string]["estimate"]>> {
  const [x, y] = draw(key);
  const { candidates } = await judge(
    { space: real(x.shape.slice(1)), real: { name: "real", x }, candidates: [{ name: "other", x: y }] },
    { network: false, permutations: 19, key: key.fold(2) },
  );
  return Object.fromEntries(
    candidates[1]!.tests.flatMap(({ test, on, value, real: floor, log10P }) => {
      if (Number.isNaN(value.error)) return [];
      // Of a distance without a p-value what counts is its excess over real rows.
      const excess = log10P === undefined && floor !== undefined;
      const estimate = excess
        ? { value: value.value - floor.value, error: Math.hypot(value.error, floor.error) }
        : value;
      return [[`${test}${excess ? " over real" : ""}, ${on}`, estimate]];
    }),
  );
}

/** The coverage of the errors of two-sample tests. */
export async function judgeCoverage(pair: Pair, seed: number, count: number): Promise<CoverageRow[]> {
  const all: Awaited<ReturnType<typeof distancesOf>>[] = [];
  for (let n = 0; n < count; n++) all.push(await distancesOf(pair, Key.fromSeed(seed).fold(n)));
  const mean = (name: string) => all.reduce((sum, one) => sum + one[name]!.value, 0) / count;
  const names = Object.keys(all[0] as object);
  const exact = Object.fromEntries(names.map((name) => [name, mean(name)]));
  return coverageRows(
    all.map((one) =>
      Object.fromEntries(names.map((name) => [name, { estimate: one[name]!, exact: exact[name]! }])),
    ),
  );
}

/** Errors of distances and classifiers of `judge`. */
export const coverageJudge: Acceptance = {
  name: "coverage-judge",
  summary: "Coverage of the errors of two-sample tests: the least fraction of repetitions within one error",
  settings: { repetitions },
  seeds: [1],
  async measure(seed, { print }) {
    const { value: rows, cost } = await timed(async () => {
      const found: (CoverageRow & { readonly of: string })[] = [];
      for (const pair of pairs)
        for (const row of await judgeCoverage(pair, seed, repetitions)) {
          print(`${pair.name}: ${rowText(row)}`);
          found.push({ ...row, of: pair.name });
        }
      return found;
    });
    const worst = rows.reduce((a, b) => (b.within[0] < a.within[0] ? b : a));
    return {
      seed,
      result: { value: worst.within[0], error: Number.NaN },
      notes: `${worst.name} of ${worst.of}`,
      checks: rows.map(({ of, name, within: [one] }) => [
        `${of}, ${name}: ${one.toFixed(3)} of at least ${least}`,
        one >= least,
      ]),
      cost,
    };
  },
};
