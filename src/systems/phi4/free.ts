import type { Exact } from "../system.ts";

/** Exactly known values of φ⁴ theory. */
export interface Phi4Exact extends Exact {
  /** ⟨φ²⟩ of a site. */
  readonly phi2: number;
  /** χ₂ = Σ_x ⟨φ_0 φ_x⟩. */
  readonly susceptibility: number;
}

/**
 * The free field, λ = 0: independent modes of wave number k, S = Σ_k (m² + Σ_μ 4 sin²(k_μ/2)) |φ_k|², each with ⟨|φ_k|²⟩ =
 * 1/(2(m² + …)).
 */
export function freeField(shape: readonly number[], mass2: number): Phi4Exact {
  let stiffnesses = [mass2];
  for (const side of shape) {
    const waves = Array.from({ length: side }, (_, k) => 4 * Math.sin((Math.PI * k) / side) ** 2);
    stiffnesses = stiffnesses.flatMap((s) => waves.map((wave) => s + wave));
  }
  const sites = stiffnesses.length;
  const logZ = stiffnesses.reduce((total, s) => total + Math.log(Math.PI / s) / 2, 0);
  return {
    logZ,
    energy: sites / 2,
    entropy: logZ + sites / 2,
    heatCapacity: sites / 2,
    phi2: stiffnesses.reduce((total, s) => total + 1 / (2 * s), 0) / sites,
    susceptibility: 1 / (2 * mass2),
  };
}
