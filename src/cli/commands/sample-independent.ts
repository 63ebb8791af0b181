import type { FittedBounded, FittedImplicit } from "../../models/index.ts";
import type { Run } from "../../runs/index.ts";
import type { Outcome } from "../terminal/session.ts";
import type { SampleRequest } from "./sample-request.ts";
import { saveSamples } from "./save-samples.ts";

/** Writes independent samples of a model without their log-probability. */
export async function sampleIndependent(
  { folder, record }: Run,
  fitted: FittedBounded | FittedImplicit,
  request: SampleRequest,
): Promise<Outcome> {
  const { out, samples, seed, session, context } = request;
  const progress = session.progress(`sample ${record.family}`);
  const { x } = await fitted
    .sample(samples, {
      ...{ seed, context, signal: session.signal },
      onProgress: (done, total) => progress.count(done, total),
    })
    .finally(() => progress.end());
  await fitted.release();
  await saveSamples(record, { x, context: request.context }, request);
  return {
    document: { out, count: samples },
    text: `${out}: ${samples} independent configurations of ${folder}`,
  };
}
