import { type Couplings, fieldOf } from "./couplings.ts";

/** Power iterations: enough for a direction in which spins order, which need not be an eigenvector to many digits. */
const iterations = 100;

/**
 * A unit vector close to the leading eigenvector of the couplings, `[sites]`: the direction in which spins order first
 * as β grows (the lowest eigenvector for β < 0), so that the amplitude along it is slow in a simulation.
 */
export function leadingMode({ data, shape: [sites = 0] }: Couplings, beta: number): Float64Array {
  const sign = beta < 0 ? -1 : 1;
  // Added to the diagonal, the largest sum of a row's magnitudes makes every eigenvalue positive (Gershgorin).
  let shift = 0;
  for (let i = 0; i < sites; i++)
    shift = Math.max(
      shift,
      data.subarray(i * sites, (i + 1) * sites).reduce((sum, j) => sum + Math.abs(j), 0),
    );
  // A start without symmetry has a part along every eigenvector.
  let mode = Float64Array.from({ length: sites }, (_, i) => Math.sin(i + 1));
  for (let n = 0; n < iterations; n++) {
    const current = mode;
    mode = current.map((amplitude, i) => shift * amplitude + sign * fieldOf(data, current, i));
    const norm = Math.hypot(...mode);
    // Spins without couplings have no direction of their own.
    if (norm === 0) return current;
    mode = mode.map((amplitude) => amplitude / norm);
  }
  return mode;
}
