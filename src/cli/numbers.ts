import { levelCount, type Space } from "../data/space.ts";
import type {
  ApproximateScore,
  ChainDiagnostics,
  ExactScore,
  ObservableComparison,
} from "../evaluate/index.ts";
import { trueMinus } from "../report/figures/format.ts";
import type { NumberRow } from "../report/report.ts";
import { type Estimate, formatEstimate, type Range } from "../stats/index.ts";

/** An estimate as people read it: a true minus sign, and why its error is unknown where it is (`rows` were too few). */
export function estimateText(estimate: Estimate, rows?: number): string {
  const text = trueMinus(formatEstimate(estimate));
  return rows === 1 && Number.isNaN(estimate.error) ? `${text} (${oneRow})` : text;
}

/** What a fit minimises and a score gives of an exact model of `space`: of grey levels a bound. */
export const nllName = (space: Space) => (levelCount(space) === undefined ? "NLL" : "NLL bound");

/** Why an estimate has no error. */
const oneRow = "one row tells no error";

const countOf = (n: number, what: string) => (n === 1 ? `1 ${what}: ${oneRow}` : `${n} ${what}s`);

/** The rows of a numbers table that a score makes. */
export function scoreRows(score: ExactScore | ApproximateScore): NumberRow[] {
  return score.kind === "exact" ? exactRows(score) : approximateRows(score);
}

function exactRows(score: ExactScore): NumberRow[] {
  const { nll, nllPerSite, levels, entropy, entropyPerSite, kl, klPerSite, count } = score;
  const of = levels ? " of levels, at most" : "";
  const against = (value: number | undefined) =>
    value === undefined ? {} : { reference: { value, source: "exact entropy" } };
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

function approximateRows(score: ApproximateScore): NumberRow[] {
  const { exact, nll, nllPerSite, entropy, entropyPerSite, kl, klPerSite, count, logZ } = score;
  const against = (value: number | undefined) =>
    value === undefined ? {} : { reference: { value, source: "exact entropy" } };
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

/** A range as text: `between 0.54 ± 0.01 and 0.56 ± 0.02`. */
export function betweenText({ lower, upper }: Range): string {
  return `between ${estimateText(lower)} and ${estimateText(upper)}`;
}

/** A number of a score as text: `0.54 ± 0.01`, or of one that is bracketed `between 0.54 ± 0.01 and 0.56 ± 0.02`. */
export function rangeText(score: ExactScore | ApproximateScore, name: "nllPerSite" | "klPerSite"): string {
  if (score.kind === "exact") return estimateText(score[name] ?? { value: Number.NaN, error: Number.NaN });
  const { lower, upper } = score[name] ?? score.nllPerSite;
  return score.exact ? estimateText(lower) : betweenText({ lower, upper });
}

/** The rows of a numbers table that the chains of an approximate model make. */
export function chainRows({ logWeight, rHat, mode }: ChainDiagnostics): NumberRow[] {
  const agree = (value: number) => (Number.isNaN(value) ? "" : `R̂ ${value.toFixed(3)} between the chains`);
  const rows: NumberRow[] = [
    {
      name: "log-weight of chains (nats)",
      estimate: logWeight.chains,
      reference: { ...logWeight.data, source: "data" },
      note: agree(rHat),
    },
  ];
  if (!mode) return rows;
  const { mixing, above, rHat: between } = mode;
  rows.push({
    name: "share of chains in the data's upper mode",
    estimate: above.chains,
    reference: { ...above.data, source: "data" },
    note: agree(between),
  });
  // Chains that never left one side say nothing of how often they would cross.
  if (Number.isFinite(mixing.value))
    rows.push({
      name: "mixing between modes",
      estimate: mixing,
      note: "1: as often as independent rows; 0: never",
    });
  return rows;
}

const labels: Readonly<Record<string, string>> = {
  energy: "energy per site",
  magnetisation: "m",
  absMagnetisation: "|m|",
  overlap: "largest |overlap|",
  ones: "fraction of ones",
  mean: "mean over sites",
  phi2: "⟨φ²⟩",
  susceptibility: "χ₂",
  binder: "Binder cumulant",
  plaquette: "plaquette ⟨cos θ⟩",
  wilson2x2: "Wilson loop, 2×2",
  charge: "topological charge Q",
  squareCharge: "Q²",
  inside: "fraction inside",
  squareRadius: "x² + y²",
};

/** The name of an observable in tables and on axes. */
export function labelOf(name: string): string {
  const [, kind, index] = /^(state|column|square)(\d+)$/.exec(name) ?? [];
  if (kind === "state") return `fraction of state ${index}`;
  if (kind === "column") return `x${index}`;
  return kind === "square" ? `x${index}²` : (labels[name] ?? name);
}

/** The rows of a numbers table that observables of a model's samples make. */
export function observableRows(observables: readonly ObservableComparison[]): NumberRow[] {
  return observables.map(({ name, model, reference, count }) => ({
    name: labelOf(name),
    estimate: model,
    ...(reference && { reference }),
    note: countOf(count, "sample"),
  }));
}
