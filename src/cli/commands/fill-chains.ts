import { ndarray } from "../../array.ts";
import { counted } from "../../counted.ts";
import type { Partial } from "../../data/partial.ts";
import type { FittedEnergy } from "../../models/index.ts";
import { Key } from "../../random/key.ts";
import type { RunRecord } from "../../runs/index.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import { saveCompletions } from "./fill-file.ts";

/** What {@link fillByChains} is asked for. */
export interface ClampedRequest {
  readonly out: string;
  readonly completions: number;
  readonly burnIn: number | undefined;
  readonly record: RunRecord;
  readonly seed: number;
  readonly force: boolean;
  readonly session: Session;
}

/** R̂ above which the chains of a row count as disagreeing: for few and short chains it is noisy. */
const AGREE = 1.1;

/** Writes completions of rows by chains that keep the known sites. */
export async function fillByChains(
  fitted: FittedEnergy,
  { values, known }: Partial,
  { out, completions, burnIn, record, seed, force, session }: ClampedRequest,
): Promise<Outcome> {
  const progress = session.progress(`fill by ${fitted.model.family}`);
  const filled = await fitted
    .complete(values, known, {
      ...{ key: Key.fromSeed(seed), completions, burnIn, signal: session.signal },
      onProgress: (done, total) => progress.count(done, total, "sweeps"),
    })
    .finally(() => progress.end());
  await fitted.release();
  const rows = filled.rHat.length;
  const rHat = ndarray("f64", [rows], filled.rHat);
  await saveCompletions(filled.x, { out, record, seed, force, session, beside: { rHat } });
  const moved = filled.rHat.filter((r) => !Number.isNaN(r));
  const worst = moved.reduce((a, b) => Math.max(a, b), 1);
  const apart = moved.filter((r) => r > AGREE).length;
  if (apart > 0)
    session.note(
      `warning: the chains of ${apart} of ${rows} rows do not agree (R̂ up to ${worst.toFixed(2)}); give a longer --burn-in`,
    );
  const unknownSites = known.data.reduce((sum, k) => sum + 1 - k, 0);
  return {
    document: {
      out,
      rows,
      completions,
      unknownSites,
      burnIn: filled.burnIn,
      rHat: { largest: worst, apart },
    },
    text: [
      `${out}: ${counted(completions, "completion")} of each of ${rows} rows, ${unknownSites} unknown sites in all`,
      `chains of ${filled.burnIn} sweeps that keep the known sites; largest R̂ of the log-weight ${worst.toFixed(3)}`,
    ].join("\n"),
  };
}
