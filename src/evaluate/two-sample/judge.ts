import { firstNonFinite, type NDArray, ndarray, takeRows } from "../../array.ts";
import type { Encoding } from "../../data/encoding.ts";
import { levelCount, type Space, siteShape } from "../../data/space.ts";
import { complaint, numbers } from "../../data/values.ts";
import { stopIfAborted, usageError } from "../../error.ts";
import { keyOf, type SeedOrKey } from "../../random/seed.ts";
import type { System } from "../../systems/system.ts";
import { bonferroni10 } from "./bonferroni10.ts";
import { distanceResults, realDistances } from "./distances.ts";
import { duplicates } from "./duplicates.ts";
import { rowFeatures } from "./features/features.ts";
import type { CandidateJudgement, Judgement } from "./judgement.ts";
import { type MeasuredRows, measurer, type RowSet, takeMeasured } from "./measured-rows.ts";
import { type NearRows, nearestNeighbours } from "./nearest.ts";
import { pValueTests } from "./p-value-tests.ts";
import { halfRows, someRows } from "./some-rows.ts";

/** Input of {@link judge}. */
export interface JudgeRequest {
  /** The space of a row. */
  readonly space: Space;
  /** Real rows that candidates are tested against; those that no model has seen, if there is a model. */
  readonly real: RowSet;
  /** Real rows that models were trained on. If they are given, memorised ones are looked for among them; else `real` is halved. */
  readonly train?: RowSet | undefined;
  /** Sets of rows to test. */
  readonly candidates: readonly RowSet[];
  /** The system that the real rows were drawn from, if known. */
  readonly system?: System | undefined;
  /** Encoding of binary values in the data. */
  readonly encoding?: Encoding | undefined;
}

/** See {@link judge}. */
export interface JudgeOptions extends SeedOrKey {
  /** Rows of each set that are tested at most (default 2000). */
  readonly rows?: number | undefined;
  /** Rows of each set that pairs of rows are taken of: for energy distance, MMD, and all distances (default 1000). */
  readonly pairRows?: number | undefined;
  /** Permutations of a permutation test (default 399). */
  readonly permutations?: number | undefined;
  /** Whether to train a small convolutional network to classify maps (default true). */
  readonly network?: boolean | undefined;
  /** Threads of the engine (default: its own choice). */
  readonly threads?: number | undefined;
  /** Is called with the sets of rows done, and all of them. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Minimum number of real rows, so that they can be halved and compared with themselves. */
const leastRows = 16;

/**
 * Runs two-sample tests of sets of rows against real ones, with real rows against real rows for comparison.
 * Tests with a p-value use all rows, up to `rows`; distances, which depend on the number of rows, compare
 * equally many rows of every set, so that the distances of real rows are their floor. Rows of one parent stay
 * together in every permutation, half and error.
 *
 * Throws AnsatzError: usage for fewer than 16 rows, or rows of fewer than 4 parents; input for a value that
 * is not finite; interrupted once `signal` is aborted.
 */
export async function judge(
  { space, real, train, candidates, system, encoding }: JudgeRequest,
  options: JudgeOptions = {},
): Promise<Judgement> {
  const { rows = 2000, pairRows = 1000, permutations = 399, network = true, signal, onProgress } = options;
  const key = keyOf(options);
  const sets = [real, ...(train ? [train] : []), ...candidates].map((set, i) => {
    checkSet(space, set);
    return limited(plain(space, set), rows, key.fold(100 + i));
  });
  const [reference, ...others] = sets as [RowSet, ...RowSet[]];
  const own = train ? others.slice(1) : others;
  const notes = new Set<string>();
  const note = (line: string) => notes.add(line);
  const total = 1 + own.length;
  const features = rowFeatures(space, reference.x, { system, encoding });
  features.leftOut.forEach(note);
  const measure = measurer(features, reference);
  const measured = measure(reference);
  const [first, second] = train ? [measure(others[0] as RowSet), measured] : halves(measured, key.fold(0));
  const measuredOwn = own.map(measure);
  const n = Math.min(pairRows, ...[first, second, ...measuredOwn].map((m) => m.parents.rows));
  const equal = (m: MeasuredRows, i: number) => takeMeasured(m, someRows(m.parents, n, key.fold(200 + i)));
  const [a, b] = [equal(first, 0), equal(second, 1)];
  const floor = realDistances(a, b, key.fold(1));
  const settings = { space, permutations, pairRows, network, note, signal, threads: options.threads };
  const groupNames = features.groups.map(({ name }) => name);
  const ofOne = async (
    name: string,
    rowsOf: MeasuredRows,
    tested: readonly [MeasuredRows, MeasuredRows],
    i: number,
  ) => {
    stopIfAborted(signal, "the tests were interrupted");
    const some = i === 0 ? rowsOf : equal(rowsOf, i + 1);
    const tests = [
      ...(await pValueTests(tested[0], tested[1], { ...settings, groupNames, key: key.fold(300 + i) })),
      // Real rows against real ones: the second set, as the candidates, against the first.
      ...distanceResults(i === 0 ? a : b, i === 0 ? b : some, floor),
    ];
    const judged: CandidateJudgement = {
      ...{ name, rows: tested[1].parents.rows, tests },
      nearest: nearestNeighbours(near(a), near(b), near(some)),
      duplicates: duplicates(rowsOf.set.x, train ? first.set.x : i === 0 ? first.set.x : reference.x),
      log10P: bonferroni10(tests.flatMap(({ log10P }) => (log10P === undefined ? [] : [log10P]))),
    };
    onProgress?.(i + 1, total);
    return judged;
  };
  const judged: CandidateJudgement[] = [await ofOne("real", b, [first, second], 0)];
  for (const [i, rowsOf] of measuredOwn.entries())
    judged.push(await ofOne(rowsOf.set.name, rowsOf, [measured, rowsOf], i + 1));
  constantSites(measured, note);
  return {
    reference: real.name,
    rows: measured.parents.rows,
    distanceRows: n,
    candidates: judged,
    notes: [...notes],
  };
}

/** Copies show in values; if rows have no values, in features too. */
const near = ({ values, joint, parents, pictures }: MeasuredRows): NearRows => ({
  values: values ?? joint,
  features: pictures ? joint : (values ?? joint),
  parents,
});

function halves(rows: MeasuredRows, key: Parameters<typeof halfRows>[1]): [MeasuredRows, MeasuredRows] {
  const [a, b] = halfRows(rows.parents, key);
  return [takeMeasured(rows, a), takeMeasured(rows, b)];
}

function checkSet(space: Space, { name, x }: RowSet): void {
  const values = numbers(x);
  const at = firstNonFinite(values);
  if (at >= 0) throw complaint(values, at, siteShape(space), "", name);
  const rows = x.shape[0] as number;
  if (rows < leastRows)
    throw usageError(`${name}: ${rows} rows are too few to test; give ${leastRows} or more`);
}

/** Grey levels without the noise between them. */
function plain(space: Space, set: RowSet): RowSet {
  if (levelCount(space) === undefined) return set;
  return { ...set, x: ndarray("f32", set.x.shape, Float32Array.from(numbers(set.x), Math.floor)) };
}

function limited(set: RowSet, most: number, key: Parameters<typeof someRows>[2]): RowSet {
  const rows = set.x.shape[0] as number;
  if (rows <= most) return set;
  const which = someRows({ name: set.name, rows, parent: set.parent }, most, key);
  const parent = set.parent && Int32Array.from(which, (row) => set.parent![row]!);
  return { name: set.name, x: takeRows(set.x as NDArray, which), ...(parent && { parent }) };
}

/** Says how many sites never change; throws for rows that are all equal. */
function constantSites({ set, values }: MeasuredRows, note: (line: string) => void): void {
  if (!values) return;
  const width = values.names.length;
  const varies = new Uint8Array(width);
  values.values.forEach((v, i) => {
    if (v !== values.values[i % width]) varies[i % width] = 1;
  });
  const constant = width - varies.reduce((sum, v) => sum + v, 0);
  if (constant > 0)
    note(`${set.name}: ${constant} of ${width} columns of values are constant in all its rows`);
}
