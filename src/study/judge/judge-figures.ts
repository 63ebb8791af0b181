import { takeRows } from "../../array.ts";
import { siteShape, sites } from "../../data/space.ts";
import {
  type FeatureTable,
  isPlane,
  type Judgement,
  type RowSet,
  rowFeatures,
  rowsByParent,
  type TestResult,
} from "../../evaluate/index.ts";
import { configurations, curveDifferences, type TestBarsData, testBars } from "../../report/index.ts";
import { firstRows, siteOf } from "../panels/configurations.ts";
import type { Figure } from "../study.ts";
import type { JudgedRows } from "./judged-rows.ts";
import { nearestRows } from "./nearest-rows.ts";
import { testName } from "./test-name.ts";

/** Rows that curves are drawn of. */
const mostRows = 1000;
/** Rows with fewer sites are points, not pictures. */
const leastSites = 8;

/** Captions of the curves of a group of features. */
const curves: Readonly<Record<string, { readonly axis: string; readonly what: string }>> = {
  spectrum: { axis: "wave number k (cycles per pixel)", what: "ln P(k)" },
  PDF: { axis: "value (units of the real rows)", what: "fraction of pixels" },
  "Minkowski V0": { axis: "level ν (units of the real rows)", what: "V0(ν)" },
  "Minkowski V1": { axis: "level ν (units of the real rows)", what: "V1(ν)" },
  "Minkowski V2": { axis: "level ν (units of the real rows)", what: "V2(ν)" },
};

/** The figures of a judgement: all tests in units of the real spread, curves, sheets of rows, and nearest neighbours. */
export function judgeFigures(judged: JudgedRows): Figure[] {
  return [barFigure(judged), ...curveFigures(judged), ...sheetFigures(judged)];
}

/** Returns the data of the figure of all tests. */
export function testSeries({ candidates }: Judgement, columns?: readonly string[]): TestBarsData {
  const keyOf = (result: TestResult) => testName(result, columns);
  const tests = [...new Set(candidates.flatMap(({ tests }) => tests.map(keyOf)))];
  const series = candidates.map(({ name, tests: own }) => ({
    name,
    sigmas: tests.map((key) => own.find((t) => keyOf(t) === key)?.sigmas ?? Number.NaN),
  }));
  return { tests, series };
}

function barFigure({ judgement, columns }: JudgedRows): Figure {
  return {
    name: "tests",
    svg: testBars(testSeries(judgement, columns)),
    caption:
      "Every test in units of the spread of real rows against real rows: the normal deviate of its p-value, or the difference of the statistic from that of real rows over its error. " +
      "The band is ±2; rows far to the left are more like the real rows than chance allows.",
  };
}

function curveFigures({ space, real, candidates }: JudgedRows): Figure[] {
  const some = (set: RowSet): RowSet => {
    const rows = Math.min(mostRows, set.x.shape[0] as number);
    return {
      ...set,
      x: takeRows(
        set.x,
        Uint32Array.from({ length: rows }, (_, row) => row),
      ),
      parent: set.parent?.slice(0, rows),
    };
  };
  const [reference, ...others] = [real, ...candidates].map(some) as [RowSet, ...RowSet[]];
  const { groups } = rowFeatures(space, reference.x);
  return groups.flatMap((group) => {
    const about = curves[group.name];
    const own = about && group.of(reference.x);
    // One level is no curve: rows of two states have a single fraction.
    if (!about || !own?.at || own.at.length < 2) return [];
    const { at } = own;
    const base = columnMeans(own, reference);
    const series = others.map((set) => {
      const means = columnMeans(group.of(set.x), set);
      return {
        name: set.name,
        points: at.map((where, c) => ({
          at: where,
          value: means[c]!.value - base[c]!.value,
          error: Math.hypot(means[c]!.error, base[c]!.error),
        })),
      };
    });
    const band = at.map((where, c) => ({ at: where, half: 2 * Math.SQRT2 * base[c]!.error }));
    const svg = curveDifferences({ axis: about.axis, label: `${about.what} − real`, band, series });
    return [
      {
        name: `curve-${group.name.toLowerCase().replaceAll(" ", "-")}`,
        svg,
        caption: `Mean ${about.what} minus that of real rows, with one standard error; the band is where real rows differ from as many other real rows, ±2 errors.`,
      },
    ];
  });
}

/** The mean of each column with its error over independent groups of rows. */
function columnMeans({ names, values }: FeatureTable, set: RowSet) {
  const width = names.length;
  const groups = rowsByParent({ name: set.name, rows: set.x.shape[0] as number, parent: set.parent });
  return names.map((_, c) => {
    const means = groups.map(
      (rows) => rows.reduce((sum, row) => sum + values[row * width + c]!, 0) / rows.length,
    );
    const value = means.reduce((sum, v) => sum + v, 0) / means.length;
    const square = means.reduce((sum, v) => sum + (v - value) ** 2, 0);
    return { value, error: Math.sqrt(square / (means.length * Math.max(1, means.length - 1))) };
  });
}

function sheetFigures({ space, real, train, candidates }: JudgedRows): Figure[] {
  if (isPlane(space) || sites(space) < leastSites) return [];
  return candidates.flatMap(({ name, x }, i) => {
    const shape = siteShape(space);
    const sheet = configurations({
      site: siteOf(space),
      shape,
      data: firstRows(space, real.x),
      model: firstRows(space, x),
    });
    const near = configurations({
      ...{ site: siteOf(space), shape, model: firstRows(space, x) },
      data: firstRows(space, nearestRows(space, x, (train ?? real).x)),
    });
    return [
      { name: `rows-${i}`, svg: sheet, caption: `Real rows, and rows of ${name}, in one scale of colours.` },
      {
        name: `nearest-${i}`,
        svg: near,
        caption: `Rows of ${name}, and left of them, in the same places, the nearest ${train ? "training" : "real"} row of each.`,
      },
    ];
  });
}
