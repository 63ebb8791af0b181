import type { Space } from "../../data/space.ts";
import type { Key } from "../../random/key.ts";
import { type Points, pointEncoder } from "../points.ts";
import { convolutionalClassifierTest } from "./convolutional-classifier.ts";
import { deviateOf } from "./deviate.ts";
import { hotelling } from "./hotelling.ts";
import type { TestResult } from "./judgement.ts";
import { type KernelTest, kernelTests } from "./kernel-tests.ts";
import { kolmogorovSmirnov } from "./kolmogorov-smirnov.ts";
import { linearClassifierTest } from "./linear-classifier.ts";
import { type MeasuredRows, takeMeasured } from "./measured-rows.ts";
import type { PermutationTest } from "./permutations.ts";
import { pooledFeatures } from "./pooled-features.ts";
import type { Roc } from "./roc.ts";
import { slicedWasserstein } from "./sliced-wasserstein.ts";
import { someRows } from "./some-rows.ts";
import { type TestGroups, testGroups } from "./test-groups.ts";

/** See {@link pValueTests}. */
export interface PValueTestOptions {
  readonly space: Space;
  /** The names of the groups of features, in their order. */
  readonly groupNames: readonly string[];
  readonly key: Key;
  readonly permutations: number;
  /** Rows of each set that pairs of rows are taken of. */
  readonly pairRows: number;
  /** Whether a convolutional network is trained on maps. */
  readonly network: boolean;
  readonly threads?: number | undefined;
  /** Takes notes for the reader. */
  readonly note: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Wider raw values have no linear classifier: its covariance would not be known. */
const mostLinear = 300;

/** Every test with a p-value that applies to real rows `x` and candidates `y`. */
export async function pValueTests(
  x: MeasuredRows,
  y: MeasuredRows,
  options: PValueTestOptions,
): Promise<TestResult[]> {
  const groups = testGroups(x.parents, y.parents);
  const { key } = options;
  return [
    ...hotellingTests(x, y, groups, options),
    ...Object.entries(x.observables).map(([name, values]) => {
      const { statistic, log10P } = kolmogorovSmirnov(values, y.observables[name]!, groups, {
        ...options,
        key: key.fold(1),
      });
      return ofP("Kolmogorov–Smirnov", name, { value: statistic, error: Number.NaN }, log10P);
    }),
    ...(await distanceTests(x, y, options)),
    ofRoc("linear classifier", "features", linearClassifierTest(x.joint, y.joint, groups)),
    ...(x.values && y.values && !x.pictures && x.values.names.length <= mostLinear
      ? [ofRoc("linear classifier", "values", linearClassifierTest(x.values, y.values, groups))]
      : []),
    ...(options.network && x.pictures && y.pictures
      ? [
          ofRoc(
            "convolutional classifier",
            "values",
            await convolutionalClassifierTest(x.pictures, y.pictures, groups, {
              ...options,
              key: key.fold(2),
            }),
          ),
        ]
      : []),
  ];
}

function hotellingTests(
  x: MeasuredRows,
  y: MeasuredRows,
  groups: TestGroups,
  { groupNames, note }: PValueTestOptions,
): TestResult[] {
  const tables = groupNames.map((name, g) => ({ name, x: x.groups[g]!, y: y.groups[g]! }));
  const pooled = !x.pictures && x.values && y.values ? pooledFeatures(x.values, y.values) : [];
  return [...tables, ...pooled].flatMap(({ name, ...pair }) => {
    const { t2, log10P, components, constant } = hotelling(pair.x, pair.y, groups);
    const width = pair.x.names.length;
    if (components === 0) {
      note(`${name}: constant in all rows of ${x.set.name} and ${y.set.name}; left out`);
      return [];
    }
    if (components < width - constant)
      note(
        `${name}: ${width - constant} features are many for ${groups.x.length} and ${groups.y.length} independent groups of rows; the ${components} combinations of largest variance are tested`,
      );
    return [ofP("Hotelling T²", name, { value: t2, error: Number.NaN }, log10P)];
  });
}

/** Energy distance, MMD² and sliced Wasserstein distance, of values and of features, on some rows. */
async function distanceTests(
  x: MeasuredRows,
  y: MeasuredRows,
  options: PValueTestOptions,
): Promise<TestResult[]> {
  const { key, space, pairRows, signal, permutations } = options;
  const [a, b] = [x, y].map((rows, i) =>
    takeMeasured(rows, someRows(rows.parents, pairRows, key.fold(10 + i))),
  ) as [MeasuredRows, MeasuredRows];
  const groups = testGroups(a.parents, b.parents);
  const results: TestResult[] = [];
  const kernel = async (on: string, p: Points, q: Points, k: Key) => {
    const { energyDistance, mmd } = await kernelTests(p, q, groups, { key: k, permutations, signal });
    results.push(ofPermutations("energy distance", on, energyDistance), ofPermutations("MMD²", on, mmd));
  };
  const encode = pointEncoder(space, x.set.x);
  await kernel("values", encode(a.set.x), encode(b.set.x), key.fold(3));
  const points = ({ joint: { rows, values, names } }: MeasuredRows): Points => ({
    ...{ count: rows, width: names.length, values, metric: "euclidean" },
  });
  await kernel("features", points(a), points(b), key.fold(4));
  for (const on of ["values", "features"] as const) {
    const [p, q] = on === "values" ? [a.values, b.values] : [a.joint, b.joint];
    if (!p || !q) continue;
    // Features are in units of the real rows; those of values are rounded coarsely, and have no error.
    const ownUnits = on === "features";
    const sliced = slicedWasserstein(p, q, groups, { key: key.fold(5), permutations, ownUnits });
    results.push(ofPermutations("sliced Wasserstein", on, sliced));
  }
  return results;
}

function ofP(test: string, on: string, value: TestResult["value"], log10P: number): TestResult {
  return { test, on, value, log10P, sigmas: deviateOf(log10P) };
}

function ofPermutations(
  test: string,
  on: string,
  { value, error, pValue, mean, spread }: PermutationTest & Pick<KernelTest, "error">,
): TestResult {
  return {
    ...{
      test,
      on,
      value: { value, error },
      real: { value: mean, error: spread },
      log10P: Math.log10(pValue),
    },
    sigmas: spread > 0 ? (value - mean) / spread : 0,
  };
}

function ofRoc(test: string, on: string, { auc, log10P }: Roc): TestResult {
  return ofP(test, on, auc, log10P);
}
