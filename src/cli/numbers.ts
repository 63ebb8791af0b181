import type { ExactScore, ObservableComparison } from "../evaluate/index.ts";
import { trueMinus } from "../report/figures/format.ts";
import type { NumberRow } from "../report/report.ts";
import { type Estimate, formatEstimate } from "../stats/index.ts";

/** An estimate as people read it: a true minus sign, and why its error is unknown where it is (`rows` were too few). */
export function estimateText(estimate: Estimate, rows?: number): string {
  const text = trueMinus(formatEstimate(estimate));
  return rows === 1 && Number.isNaN(estimate.error) ? `${text} (${oneRow})` : text;
}

/** Why an estimate has no error. */
const oneRow = "one row tells no error";

const countOf = (n: number, what: string) => (n === 1 ? `1 ${what}: ${oneRow}` : `${n} ${what}s`);

/** The rows of a numbers table that a score makes. */
export function scoreRows(score: ExactScore): NumberRow[] {
  const { nll, nllPerSite, entropy, entropyPerSite, kl, klPerSite, count } = score;
  const against = (value: number | undefined) =>
    value === undefined ? {} : { reference: { value, source: "exact entropy" } };
  const rows: NumberRow[] = [
    {
      name: "NLL per site (nats)",
      estimate: nllPerSite,
      ...against(entropyPerSite),
      note: countOf(count, "row"),
    },
    { name: "NLL (nats)", estimate: nll, ...against(entropy) },
  ];
  if (klPerSite) rows.push({ name: "KL per site (nats)", estimate: klPerSite, note: "paired, row by row" });
  if (kl) rows.push({ name: "KL (nats)", estimate: kl });
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
