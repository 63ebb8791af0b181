const labels: Readonly<Record<string, string>> = {
  energy: "energy per site",
  magnetisation: "m",
  absMagnetisation: "|m|",
  overlap: "largest |overlap|",
  ones: "fraction of ones",
  mean: "mean over sites",
  meanSquare: "mean square over sites",
  pixelMean: "mean over pixels",
  pixelVariance: "variance over pixels",
  phi2: "⟨φ²⟩",
  susceptibility: "χ₂",
  fluctuation: "χ = N(⟨m²⟩ − ⟨m⟩²)",
  binder: "Binder cumulant",
  plaquette: "plaquette ⟨cos θ⟩",
  wilson2x2: "Wilson loop, 2×2",
  charge: "topological charge Q",
  squareCharge: "Q²",
  inside: "fraction inside",
  squareRadius: "x² + y²",
};

/** The name of an observable in tables and on axes; of `columns` by their names, if they have any. */
export function labelOf(name: string, columns?: readonly string[]): string {
  const [, kind, index] = /^(state|column|variance)(\d+)$/.exec(name) ?? [];
  if (kind === "state") return `fraction of state ${index}`;
  const column = columns?.[Number(index)] ?? `x${index}`;
  if (kind === "column") return column;
  return kind === "variance" ? `variance of ${column}` : (labels[name] ?? name);
}
