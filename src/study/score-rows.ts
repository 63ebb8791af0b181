import { levelCount, type Space } from "../data/space.ts";
import type { EnergyScore, ExactScore, ImplicitScore, Score, ScoreOf } from "../evaluate/index.ts";
import { betweenText, countOf, estimateText } from "../report/estimate-text.ts";
import type { NumberRow } from "../report/index.ts";
import type { Range } from "../stats/index.ts";
import { against, boundedScoreRows, drawsText } from "./bounded-score-rows.ts";

/** Name of what a fit minimises and a score gives for an exact model of `space`: a bound for grey levels. */
export const nllName = (space: Space) => (levelCount(space) === undefined ? "NLL" : "NLL bound");

/** The rows of a numbers table that a score makes. */
export function scoreRows(score: Score): NumberRow[] {
  return (rowsByKind[score.kind] as (score: Score) => NumberRow[])(score);
}

const rowsByKind: { readonly [K in Score["kind"]]: (score: ScoreOf[K]) => NumberRow[] } = {
  exact: exactRows,
  bounded: boundedScoreRows,
  energy: energyRows,
  implicit: implicitRows,
};

function exactRows(score: ExactScore): NumberRow[] {
  const { nll, nllPerSite, levels, entropy, entropyPerSite, kl, klPerSite, count } = score;
  const of = levels ? " of levels, at most" : "";
  const rows: NumberRow[] = [
    {
      name: `NLL per site${of} (nats)`,
      estimate: nllPerSite,
      ...against(entropyPerSite),
      note: countOf(count, "row"),
    },
    { name: `NLL${of} (nats)`, estimate: nll, ...against(entropy) },
  ];
  if (levels)
    rows.push({
      name: "bits per dimension, at most",
      estimate: levels.bitsPerDimension,
      note: `a bound: ${levels.noise} noise between levels`,
    });
  if (klPerSite) rows.push({ name: "KL per site (nats)", estimate: klPerSite, note: "paired, row by row" });
  if (kl) rows.push({ name: "KL (nats)", estimate: kl });
  return rows;
}

/** A number that is bracketed as two rows, one that is not as one. */
function rangeRows(
  name: string,
  { lower, upper }: Range,
  exact: boolean,
  rest: Partial<NumberRow> = {},
): NumberRow[] {
  if (exact) return [{ name, estimate: lower, ...rest }];
  return [
    { name: `${name}, at least`, estimate: lower, ...rest },
    { name: `${name}, at most`, estimate: upper, ...rest, note: undefined },
  ];
}

function energyRows(score: EnergyScore): NumberRow[] {
  const { exact, nll, nllPerSite, entropy, entropyPerSite, kl, klPerSite, count, logZ } = score;
  const rows = [
    ...rangeRows("NLL per site (nats)", nllPerSite, exact, {
      ...against(entropyPerSite),
      note: countOf(count, "row"),
    }),
    ...rangeRows("NLL (nats)", nll, exact, against(entropy)),
    ...(klPerSite ? rangeRows("KL per site (nats)", klPerSite, exact, { note: "paired, row by row" }) : []),
    ...(kl ? rangeRows("KL (nats)", kl, exact) : []),
  ];
  if (logZ.method === "enumeration") {
    const note = `exact: the sum over ${logZ.terms} states`;
    return [...rows, { name: "log Z (nats)", estimate: { value: logZ.value, error: 0 }, note }];
  }
  const { lower, upper, gap, integration, raise, chains, temperatures, start, rHat } = logZ;
  const ess = (side: { ess: number }) => `ESS ${side.ess.toFixed(2)} of ${chains} chains`;
  const from = { exact: "from exact draws", given: "from rows given", chains: "from chains: approximate" }[
    start
  ];
  const agree = rHat === undefined ? "" : `, R̂ ${rHat.toFixed(3)}`;
  rows.push(
    { name: "log Z, lower side", estimate: lower, note: `${ess(lower)}, ${temperatures} temperatures` },
    { name: "log Z, upper side", estimate: upper, note: `${ess(upper)}, ${from}${agree}` },
    { name: "log Z, gap", estimate: gap },
    { name: "log Z, thermodynamic integration", estimate: integration, note: "cross-check" },
  );
  if (raise) rows.push({ name: "log Z, upper side from data", estimate: raise, note: "RAISE" });
  return rows;
}

function implicitRows({ distance, samples, count, available }: ImplicitScore): NumberRow[] {
  return [
    {
      name: "energy distance of samples to data",
      estimate: distance.model,
      reference: { ...distance.real, source: "data to data" },
      note: `${samples} samples, ${count === available ? countOf(count, "row") : `${count} of ${countOf(available, "row")}`}; 0 for equal distributions`,
    },
  ];
}

/** The main number of a score in one sentence, of `rows` in words. */
export function scoreSentence(score: Score, rows: string): string {
  const on = `on ${score.count} ${rows}`;
  if (score.kind === "implicit") {
    const { model, real } = score.distance;
    return `The model has no likelihood; the energy distance of its samples to the data is ${estimateText(model)} ${on}, that of data to data ${estimateText(real)}.`;
  }
  if (score.kind === "bounded") {
    const kl = score.klPerSite
      ? ` KL per site from the exact distribution is at most ${estimateText(score.klPerSite)} nats (paired).`
      : "";
    return `The model's negative log-likelihood is at most ${estimateText(score.nllPerSite)} nats per site ${on}, by a bound with ${drawsText(score)}.${kl}`;
  }
  const kl = score.klPerSite
    ? ` KL per site from the exact distribution: ${rangeText(score, "klPerSite")} nats (paired).`
    : "";
  // With noise between grey levels it is a bound.
  const atMost = score.kind === "exact" && score.levels ? "at most " : "";
  return `The model's negative log-likelihood is ${atMost}${rangeText(score, "nllPerSite")} nats per site ${on}.${kl}`;
}

/** Returns reasons not to rely on a score, one line each. */
export function scoreWarnings(score: Score): readonly string[] {
  if (score.kind === "bounded") return score.annealed?.warnings ?? [];
  return score.kind === "energy" && score.logZ.method === "annealing" ? score.logZ.warnings : [];
}

/** A number of a score as text: `0.54 ± 0.01`, or of one that is bracketed `between 0.54 ± 0.01 and 0.56 ± 0.02`. */
function rangeText(score: ExactScore | EnergyScore, name: "nllPerSite" | "klPerSite"): string {
  if (score.kind === "exact") return estimateText(score[name] ?? { value: Number.NaN, error: Number.NaN });
  const { lower, upper } = score[name] ?? score.nllPerSite;
  return score.exact ? estimateText(lower) : betweenText({ lower, upper });
}
