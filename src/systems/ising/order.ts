import type { Lattice } from "./lattice.ts";

/** The plane wave in which a lattice orders, `[sites]` each: cos(k·r) and sin(k·r). */
export interface OrderWave {
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

/**
 * Returns the wave number, among those that fit the periodic lattice, at which the energy of a plane wave of
 * spins is lowest: 0 for a ferromagnet, (π, π, …) for an antiferromagnet on even sides, and (2π/3, 2π/3) for
 * one on a triangular lattice with sides that are multiples of 3; on other sides the nearest to these. Order
 * grows there first, so its amplitude is the slow observable of a simulation.
 */
export function orderWave({ shape, sites, directions }: Lattice, coupling: number): OrderWave {
  // A wave number as the number of its periods along each axis, counted as sites are.
  const coordinates = (index: number) => {
    const result = new Array<number>(shape.length);
    for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
      result[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return result;
  };
  /** k·r in turns, of wave number `periods` at the place `r`. */
  const turns = (periods: readonly number[], r: readonly number[]) =>
    r.reduce((sum, x, axis) => sum + ((periods[axis]! * x) % shape[axis]!) / shape[axis]!, 0);
  let best: readonly number[] = shape.map(() => 0);
  if (coupling < 0) {
    let lowest = Number.POSITIVE_INFINITY;
    for (let index = 0; index < sites; index++) {
      const periods = coordinates(index);
      const energy = directions.reduce((sum, step) => sum + Math.cos(2 * Math.PI * turns(periods, step)), 0);
      if (energy < lowest) {
        lowest = energy;
        best = periods;
      }
    }
  }
  const angles = Float64Array.from(
    { length: sites },
    (_, site) => 2 * Math.PI * turns(best, coordinates(site)),
  );
  return { cosine: angles.map(Math.cos), sine: angles.map(Math.sin) };
}

/** |Σ s e^{ik·r}| of a configuration: N|m| for a ferromagnet, its staggered form for an antiferromagnet. */
export function orderParameter({ cosine, sine }: OrderWave, spins: Uint8Array): number {
  let real = 0;
  let imaginary = 0;
  for (let i = 0; i < spins.length; i++) {
    const s = 2 * spins[i]! - 1;
    real += s * cosine[i]!;
    imaginary += s * sine[i]!;
  }
  return Math.hypot(real, imaginary);
}
