import type { Dataset } from "../../data/dataset.ts";
import { type Judgement, judge, type PartRows, partRows } from "../../evaluate/index.ts";
import { oneSystem } from "../../systems/index.ts";
import type { DrawnRows } from "../draw-rows.ts";
import type { LookOptions } from "../study.ts";
import { rowSetOf } from "./row-set.ts";

/** Rows of each set: enough to see what matters, few enough for some seconds. */
export const mostJudged = 500;
const pairRows = 250;
/** Fewer rows prove nothing. */
const leastRows = 200;

/** See {@link judgeSamples}. */
export interface JudgeSamplesRequest extends LookOptions {
  readonly dataset: Dataset;
  /** What the scored rows are called. */
  readonly rows: string;
  readonly scored: PartRows;
  /** Samples of each model, by its name. */
  readonly drawn: readonly (DrawnRows & { readonly name: string })[];
  readonly seed: number;
  /** Hears what a reader should know of the rows. */
  readonly note?: ((line: string) => void) | undefined;
}

/** Whether scored rows are enough for two-sample tests of samples: 200 rows or more, without contexts, and no sequences. */
export const canJudge = ({ space, context }: Dataset, { x }: PartRows): boolean =>
  !context && (x.shape[0] as number) >= leastRows && space.kind !== "sequence";

/**
 * The quicker two-sample tests of samples of models against rows that are scored: at most 500 rows of each, no network. Copies are
 * looked for among the training rows if the scored ones are held out.
 */
export function judgeSamples(request: JudgeSamplesRequest): Promise<Judgement> {
  const { dataset, rows, scored, drawn, seed, note = () => undefined, signal, onProgress } = request;
  const { space, encoding, splits, meta } = dataset;
  const system = meta?.system && oneSystem(meta.system);
  const count = scored.x.shape[0] as number;
  const isHeldOut = splits.test.length === count && splits.train.length >= leastRows;
  const train = isHeldOut
    ? rowSetOf("training rows", partRows(dataset, "train"), () => undefined)
    : undefined;
  return judge(
    {
      ...{ space, encoding, system, train },
      real: rowSetOf(rows, scored, note),
      candidates: drawn.map(({ name, ...own }) => rowSetOf(name, own, note)),
    },
    {
      ...{ seed, rows: mostJudged, pairRows, permutations: 199, network: false, signal },
      onProgress: (done, total) => onProgress?.("two-sample tests", done, total),
    },
  );
}
