import type { ExactScore, ObservableComparison } from "../evaluate/index.ts";
import type { NumberRow } from "../report/report.ts";

/** The rows of a numbers table that a score makes. */
export function scoreRows(score: ExactScore): NumberRow[] {
  const { nll, nllPerSite, entropy, entropyPerSite, kl, klPerSite, count } = score;
  const against = (value: number | undefined) =>
    value === undefined ? {} : { reference: { value, source: "exact entropy" } };
  const rows: NumberRow[] = [
    { name: "NLL per site (nats)", estimate: nllPerSite, ...against(entropyPerSite), note: `${count} rows` },
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
  mean: "mean over sites",
};

/** The name of an observable in tables and on axes. */
export function labelOf(name: string): string {
  return labels[name] ?? name;
}

/** The rows of a numbers table that observables of a model's samples make. */
export function observableRows(observables: readonly ObservableComparison[]): NumberRow[] {
  return observables.map(({ name, model, reference, values }) => ({
    name: labelOf(name),
    estimate: model,
    ...(reference && { reference }),
    note: `${values.model.length} samples`,
  }));
}
