import { type DType, type NDArray, takeRows } from "../../array.ts";
import { planSheet } from "../../data/pictures/sheet.ts";
import { siteShape, sites } from "../../data/space.ts";
import { numbers } from "../../data/values.ts";
import { usageError } from "../../error.ts";
import { isPictureName } from "../../files/index.ts";
import { storedRows } from "../../models/arrays.ts";
import type { Coding } from "../../models/contract.ts";
import type { AnyFitted } from "../../models/fitted/fitted.ts";
import { inputType } from "../../models/index.ts";
import { straightWalk } from "../../models/walks.ts";
import type { Run } from "../../runs/index.ts";
import type { Outcome } from "../terminal/session.ts";
import { codedOf } from "./open-coded.ts";
import type { SampleRequest } from "./sample-request.ts";
import { saveSamples } from "./save-samples.ts";

/** What interpolating between samples is asked for. */
export interface WalkRequest extends SampleRequest {
  /** Rows of each walk, both ends among them. */
  readonly steps: number;
}

/**
 * Writes rows on the way between pairs of samples: codes are drawn as for samples, walked from one to the other, and decoded. Of a
 * picture each walk is a line.
 */
export async function sampleWalks(
  { folder, record }: Run,
  fitted: AnyFitted,
  request: WalkRequest,
): Promise<Outcome> {
  const { out, samples, steps, seed, session, context } = request;
  const { coder, coding } = codedOf(folder, fitted);
  if (samples % steps !== 0)
    throw usageError(
      `--samples ${samples} is no multiple of --interpolate ${steps}; each walk takes ${steps} of them`,
    );
  const walks = samples / steps;
  if (isPictureName(out)) planSheet(samples, record.space, steps);
  const ends = await coder.draw(2 * walks, {
    ...{ seed, signal: session.signal },
    ...(context && { context: takeRows(context, endsOf(walks, steps)) }),
  });
  const progress = session.progress(`walk ${record.family}`);
  const x = await coder
    .decode(walked(coding, ends, steps), {
      ...{ context, signal: session.signal },
      onProgress: (done, total) => progress.count(done, total, "rows"),
    })
    .finally(() => progress.end());
  await fitted.release();
  await saveSamples(record, { x, context }, { ...request, sheetColumns: steps });
  return {
    document: { out, count: samples, walks, steps },
    text: `${out}: ${walks} ${walks === 1 ? "walk" : "walks"} of ${steps} rows between samples of ${folder}`,
  };
}

/** The rows of all that are the first and last of a walk. */
const endsOf = (walks: number, steps: number) =>
  Uint32Array.from({ length: 2 * walks }, (_, i) => Math.floor(i / 2) * steps + (i % 2) * (steps - 1));

/** The codes of all walks, one walk after the other; walk k goes from end 2k to end 2k + 1. */
function walked({ codes, walk = straightWalk }: Coding, ends: NDArray, steps: number): NDArray {
  const width = sites(codes);
  const all = numbers(ends);
  const walks = (ends.shape[0] as number) / 2;
  const end = (i: number) => all.subarray(i * width, (i + 1) * width);
  const values = Array.from({ length: walks * steps }, (_, i) => {
    const [k, step] = [Math.floor(i / steps), i % steps];
    return walk(end(2 * k), end(2 * k + 1), step / (steps - 1));
  }).flat();
  const dtype = inputType(codes);
  const data = dtype === "i32" ? Int32Array.from(values) : Float32Array.from(values);
  const rows = { dtype, shape: [walks * steps, ...siteShape(codes)], data } as NDArray<DType>;
  return storedRows(codes, [rows]);
}
