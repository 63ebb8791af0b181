const labels: Readonly<Record<string, string>> = {
  energy: "energy per site",
  magnetisation: "m",
  absMagnetisation: "|m|",
  overlap: "largest |overlap|",
  ones: "fraction of ones",
  mean: "mean over sites",
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

/** The name of an observable in tables and on axes. */
export function labelOf(name: string): string {
  const [, kind, index] = /^(state|column|square)(\d+)$/.exec(name) ?? [];
  if (kind === "state") return `fraction of state ${index}`;
  if (kind === "column") return `x${index}`;
  return kind === "square" ? `x${index}²` : (labels[name] ?? name);
}
