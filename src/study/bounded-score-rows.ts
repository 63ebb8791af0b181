import type { AnnealedScore, BoundedScore, EncoderScore, FlowTimeScore } from "../evaluate/index.ts";
import { countOf } from "../report/estimate-text.ts";
import type { NumberRow } from "../report/index.ts";
import type { Estimate } from "../stats/index.ts";

/** The exact entropy as the reference of an NLL, if known. */
export const against = (value: number | undefined): Pick<NumberRow, "reference"> =>
  value === undefined ? {} : { reference: { value, source: "exact entropy" } };

/** Returns how a bound was drawn, in words: `k = 1 draw a row`, `k = 16 importance weights a row`. */
export const drawsText = ({ draws, importance }: Pick<BoundedScore, "draws" | "importance">): string =>
  `k = ${draws} ${importance ? "importance weight" : "draw"}${draws === 1 ? "" : "s"} a row`;

/**
 * Returns the rows of a numbers table for a score by a bound. A bound is never called a likelihood: every row
 * is labelled as a bound.
 */
export function boundedScoreRows(score: BoundedScore): NumberRow[] {
  const { nll, nllPerSite, single, kl, klPerSite, entropy, entropyPerSite, count, draws, importance } = score;
  const rows: NumberRow[] = [
    {
      name: "NLL bound per site (nats)",
      estimate: nllPerSite,
      ...against(entropyPerSite),
      note: countOf(count, "row"),
    },
    {
      name: "NLL bound (nats)",
      estimate: nll,
      ...against(entropy),
      note: `NLL is at most this; ${drawsText(score)}`,
    },
  ];
  if (score.levels)
    rows.push({
      name: "bits per dimension, at most",
      estimate: score.levels.bitsPerDimension,
      note: "NLL bound per number / log 2",
    });
  if (importance && draws > 1)
    rows.push({
      name: "NLL bound of single draws, −ELBO (nats)",
      estimate: { value: 0 - single.value, error: single.error },
      note: "NLL is at most this too",
    });
  if (klPerSite)
    rows.push({
      name: "KL bound per site (nats)",
      estimate: klPerSite,
      note: "KL is at most this; paired, row by row",
    });
  if (kl) rows.push({ name: "KL bound (nats)", estimate: kl });
  if (score.flowTime) rows.push(...flowTimeRows(score.flowTime, score));
  if (score.annealed) rows.push(...annealedRows(score.annealed, score));
  if (score.encoder) rows.push(...encoderRows(score.encoder));
  return rows;
}

function flowTimeRows(
  { nll, nllPerSite, solverError, steps, divergence, count, kl }: FlowTimeScore,
  { entropy, entropyPerSite }: BoundedScore,
): NumberRow[] {
  const how = divergence === "full" ? "full divergence" : "divergence estimated, noise in the error";
  const rows: NumberRow[] = [
    {
      name: "−log P by the flow's equation, estimate, per site (nats)",
      estimate: nllPerSite,
      ...against(entropyPerSite),
      note: `${countOf(count, "row")}; ${how}`,
    },
    {
      name: "−log P by the flow's equation, estimate (nats)",
      estimate: nll,
      ...against(entropy),
      note: `${steps} steps; half as many differ by ${solverError.toPrecision(2)}`,
    },
  ];
  if (kl)
    rows.push({
      name: "KL by the flow's equation, estimate (nats)",
      estimate: kl,
      note: `paired; up to the error of the steps, below ${solverError.toPrecision(2)}`,
    });
  return rows;
}

function annealedRows(
  { data, own, chains, temperatures }: AnnealedScore,
  { draws, entropy }: BoundedScore,
): NumberRow[] {
  return [
    {
      name: "NLL bound by annealing (nats)",
      estimate: data.nll,
      ...against(entropy),
      note: `NLL is at most this; ${data.count} random rows, ${chains} chains of ${temperatures} temperatures`,
    },
    {
      name: `log P bound, annealing less k = ${draws} (nats)`,
      estimate: data.gain,
      note: "the same rows, paired; above 0 annealing is closer",
    },
    {
      name: "own samples: mean −log P, at least (nats)",
      estimate: own.lower,
      note: `entropy of the model; ${own.count} samples`,
    },
    { name: "own samples: mean −log P, at most (nats)", estimate: own.upper },
    { name: "own samples: gap (nats)", estimate: own.gap, note: "paired; 0 if annealing is exact" },
  ];
}

function encoderRows({ rate, distortion, activeUnits, units, reconstruction }: EncoderScore): NumberRow[] {
  const rows: NumberRow[] = [
    {
      name: "rate, KL of encoder from prior (nats)",
      estimate: rate,
      note: `${activeUnits} of ${units} latent variables active: variance of the mean code above 0.01`,
    },
    { name: "distortion, −log P(x | z) (nats)", estimate: distortion, note: "rate + distortion = −ELBO" },
  ];
  if (reconstruction) rows.push(reconstructionRow(reconstruction));
  return rows;
}

/** Returns the distance of rows from the rows that their codes decode to, as a row of the numbers table. */
export const reconstructionRow = (estimate: Estimate): NumberRow => ({
  name: "reconstruction error per site",
  estimate,
  note: "mean squared; of states the share that differ",
});
