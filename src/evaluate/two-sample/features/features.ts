import type { NDArray } from "../../../array.ts";
import type { Encoding } from "../../../data/encoding.ts";
import { type Space, stateCount } from "../../../data/space.ts";
import type { System } from "../../../systems/system.ts";
import type { Observable } from "../../observable.ts";
import { plainColumns } from "./columns.ts";
import type { FeatureGroup, FeatureTable } from "./feature.ts";
import { fieldChannels } from "./field-channels.ts";
import { fieldFeatures, type ScaledChannel, scaledChannels } from "./field-features.ts";
import { fixedMeans, rowObservables } from "./row-observables.ts";
import { sequenceFeatures } from "./sequence-features.ts";
import { tableFeatures } from "./table-features.ts";

/** The features by which rows of a space are compared; see {@link rowFeatures}. */
export interface RowFeatures {
  /** Groups of features; each makes one joint test. */
  readonly groups: readonly FeatureGroup[];
  /** Numbers with distributions that are compared one by one. */
  readonly observables: Readonly<Record<string, Observable>>;
  /** Features that suit the space but are omitted, with the reason, one line each for the reader. */
  readonly leftOut: readonly string[];
  /** Rows as columns of numbers, for tests on raw values; absent for sequences and very many labels. */
  readonly values?: (x: NDArray) => FeatureTable;
  /** Maps that a row holds; absent for tables and sequences. */
  readonly channels?: readonly ScaledChannel[];
}

/** See {@link rowFeatures}. */
export interface RowFeatureOptions {
  /** The system that the reference was drawn from, if known: its observables are features. */
  readonly system?: System | undefined;
  /** Encoding of binary values in the data. */
  readonly encoding?: Encoding | undefined;
}

/**
 * The features that suit a space: of maps power spectrum, distribution of pixels, Minkowski functionals, peaks and scattering
 * coefficients; of tables moments and products; of sequences n-grams; and always the observables of a known system. Units and
 * levels follow from rows of the `reference`, rounded coarsely (see `coarseScale`).
 */
export function rowFeatures(
  space: Space,
  reference: NDArray,
  { system, encoding }: RowFeatureOptions = {},
): RowFeatures {
  const fields = fieldChannels(space);
  const fixed = fields && !system ? fixedMeans(fields, reference) : [];
  const observables = rowObservables(space, fields, system, encoding, fixed);
  const values = plainColumns(space, reference, fields !== undefined);
  const channels = fields && scaledChannels(fields, reference);
  const known: FeatureGroup[] = system || fields ? [observableGroup(observables)] : [];
  const own = channels
    ? fieldFeatures(channels)
    : space.kind === "sequence"
      ? sequenceFeatures(space)
      : values
        ? tableFeatures(values, widthOf(values, reference), stateCount(space) !== undefined)
        : [];
  return {
    groups: [...known, ...own],
    observables,
    leftOut: fixed.map((name) => `mean${name}: 0 in every real map; left out`),
    ...(values && { values }),
    ...(channels && { channels }),
  };
}

const widthOf = (values: (x: NDArray) => FeatureTable, reference: NDArray) => values(reference).names.length;

function observableGroup(observables: Readonly<Record<string, Observable>>): FeatureGroup {
  return {
    name: "observables",
    of: (x) => {
      const columns = Object.values(observables).map((of) => of(x));
      const rows = x.shape[0] as number;
      const values = new Float64Array(rows * columns.length);
      columns.forEach((column, c) => {
        for (let row = 0; row < rows; row++) values[row * columns.length + c] = column[row] as number;
      });
      return { names: Object.keys(observables), rows, values };
    },
  };
}
