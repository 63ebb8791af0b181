import { availableParallelism } from "node:os";
import { type NDArray, ndarray, takeRows } from "../../array.ts";
import { counted } from "../../counted.ts";
import { encodePartial, type Partial } from "../../data/partial.ts";
import { siteShape, sites } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import { type FillOptions, fill } from "../../evaluate/index.ts";
import type { FittedExact } from "../../models/index.ts";
import { Key } from "../../random/key.ts";
import { estimateText } from "../../report/estimate-text.ts";
import { offsetOf, type Run, type RunRecord } from "../../runs/index.ts";
import { independentMean, perSite } from "../../stats/index.ts";
import type { Outcome } from "../terminal/session.ts";
import type { SampleRequest } from "./sample-request.ts";
import { saveSamples } from "./save-samples.ts";

/** Writes independent samples of a model with an exact likelihood, and reports their log-probabilities. */
export async function sampleExact(
  { folder, record }: Run,
  fitted: FittedExact,
  request: SampleRequest & { readonly temperature: number; readonly prefix: string | undefined },
): Promise<Outcome> {
  const { out, samples: n, seed, session, context, temperature, prefix } = request;
  const progress = session.progress(`sample ${record.family}`);
  const options = {
    key: Key.fromSeed(seed),
    signal: session.signal,
    onProgress: (done: number, total: number) => progress.count(done, total),
    temperature,
    threads: availableParallelism(),
    ...(context && { context }),
  };
  const { x, logProb } = await (prefix === undefined
    ? fitted.sample(n, options)
    : sampleAfter(fitted, prefixOf(record, fitted, prefix), n, options)
  ).finally(() => progress.end());
  await fitted.release();
  await saveSamples(record, { x, context: request.context }, request);
  const mean = independentMean(logProb);
  const share = perSite(mean, sites(record.space));
  const what = record.encoding === "levels" ? "log-density of the real numbers" : "log P";
  return {
    document: { out, count: n, logProb: mean, logProbPerSite: share },
    text:
      `${out}: ${counted(n, "configuration")} of ${folder}\n` +
      `${what} per configuration ${estimateText(mean)}, per site ${estimateText(share)} nats${n === 1 ? "; one row has no standard error" : ""}`,
  };
}

/** Draws configurations that begin with given sites, and their log-probabilities. */
async function sampleAfter(
  fitted: FittedExact,
  partial: Partial,
  n: number,
  options: Omit<FillOptions, "completions" | "particles">,
): Promise<{ x: NDArray; logProb: Float64Array }> {
  const rows = new Uint32Array(n);
  const repeated = { values: takeRows(partial.values, rows), known: takeRows(partial.known, rows) };
  const { x } = await fill(fitted, repeated, options);
  const shaped = { ...x, shape: [n, ...x.shape.slice(2)] } as NDArray;
  return { x: shaped, logProb: await fitted.logProb(shaped, options.context) };
}

/** The one row that `--prefix` gives: the first sites in the model's order are known. */
function prefixOf(record: RunRecord, { model }: FittedExact, text: string): Partial {
  const { space, encoding } = record;
  const order = model.autoregressive?.orders[0];
  if (!order) throw usageError(`${model.family} has no order of sites, so --prefix does not apply`);
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (values.some(Number.isNaN)) throw usageError(`--prefix takes values such as 1,1,0, not '${text}'`);
  if (values.length >= order.length)
    throw usageError(`--prefix gives ${values.length} values; a configuration has ${order.length} sites`);
  const row = new Float64Array(order.length).fill(Number.NaN);
  values.forEach((value, position) => {
    row[order[position] as number] = value;
  });
  const raw = ndarray("f64", [1, ...siteShape(space)], row);
  return encodePartial(raw, undefined, { space, encoding, name: "--prefix", offset: offsetOf(record) });
}
