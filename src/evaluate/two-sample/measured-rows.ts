import { type NDArray, takeRows } from "../../array.ts";
import { type Pictures, picturesOf } from "./convolutional-classifier.ts";
import { columnMeans, columnUnits } from "./features/column-moments.ts";
import { type FeatureTable, joined, takeFeatures } from "./features/feature.ts";
import type { RowFeatures } from "./features/features.ts";
import type { Parents } from "./test-groups.ts";

/** Rows to be tested. */
export interface RowSet {
  /** Name of the rows in tables and messages. */
  readonly name: string;
  /** [rows, ...sites], as datasets store them. */
  readonly x: NDArray;
  /** The parent of each row, such as the map that it was cut from or a block of its chain; absent for independent rows. */
  readonly parent?: Int32Array | undefined;
}

/** Rows with all that tests look at. */
export interface MeasuredRows {
  readonly set: RowSet;
  readonly parents: Parents;
  /** The features of each group. */
  readonly groups: readonly FeatureTable[];
  /** All features, at most 150 columns, in units of the reference. */
  readonly joint: FeatureTable;
  readonly observables: Readonly<Record<string, Float64Array>>;
  readonly values?: FeatureTable;
  readonly pictures?: Pictures;
}

const mostJoint = 150;
/** Smaller maps have too few pixels for three layers of windows. */
const leastPictureSide = 8;

/** Returns a function that measures rows. All features together are in units from the `reference` rows. */
export function measurer(features: RowFeatures, reference: RowSet): (set: RowSet) => MeasuredRows {
  const own = features.groups.map((group) => group.of(reference.x));
  const chosen = chosenGroups(own);
  const all = joined(chosen.map((g) => own[g]!));
  const [mean, unit] = [columnMeans(all), columnUnits(all)];
  const standardised = (v: number, c: number) => (v - mean[c]!) / unit[c]!;
  return (set) => {
    const groups = set.x === reference.x ? own : features.groups.map((group) => group.of(set.x));
    const joint = joined(chosen.map((g) => groups[g]!));
    const [first] = features.channels ?? [];
    const sides = first?.channel.shape;
    const isPicture = sides && Math.min(...sides) >= leastPictureSide;
    return {
      set,
      parents: { name: set.name, rows: joint.rows, parent: set.parent },
      groups,
      joint: { ...joint, values: joint.values.map((v, i) => standardised(v, i % joint.names.length)) },
      observables: Object.fromEntries(
        Object.entries(features.observables).map(([name, of]) => [name, of(set.x)]),
      ),
      ...(features.values && { values: features.values(set.x) }),
      ...(isPicture && {
        pictures: picturesOf(
          (features.channels ?? []).map(({ scaled }) => scaled(set.x)),
          sides,
        ),
      }),
    };
  };
}

/** Some rows of measured ones. */
export function takeMeasured(rows: MeasuredRows, which: Uint32Array): MeasuredRows {
  const { set, groups, joint, observables, values, pictures } = rows;
  const parent = set.parent && Int32Array.from(which, (row) => set.parent![row]!);
  const own: RowSet = { name: set.name, x: takeRows(set.x, which), ...(parent && { parent }) };
  return {
    set: own,
    parents: { name: set.name, rows: which.length, parent },
    groups: groups.map((table) => takeFeatures(table, which)),
    joint: takeFeatures(joint, which),
    observables: Object.fromEntries(
      Object.entries(observables).map(([name, v]) => [name, Float64Array.from(which, (row) => v[row]!)]),
    ),
    ...(values && { values: takeFeatures(values, which) }),
    ...(pictures && { pictures: takePictures(pictures, which) }),
  };
}

function takePictures({ values, shape }: Pictures, which: Uint32Array): Pictures {
  const [, ...rest] = shape;
  const size = rest.reduce((product, n) => product * n, 1);
  const out = new Float32Array(which.length * size);
  which.forEach((row, i) => {
    out.set(values.subarray(row * size, (row + 1) * size), i * size);
  });
  return { values: out, shape: [which.length, ...rest] as Pictures["shape"] };
}

/** Groups in order, as long as there is room for their columns. */
function chosenGroups(groups: readonly FeatureTable[]): number[] {
  let width = 0;
  return groups.flatMap(({ names }, g) => {
    if (width > 0 && width + names.length > mostJoint) return [];
    width += names.length;
    return [g];
  });
}
