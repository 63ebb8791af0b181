import { add, mul, roll, square, sub, sum } from "../../tensor/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Action } from "../hmc/action.ts";
import type { Lattice } from "../ising/lattice.ts";
import type { Phi4Parameters } from "./parameters.ts";

/**
 * S = Σ_x [m²φ² + λφ⁴ + Σ_μ (φ_{x+μ} − φ_x)²], without a factor ½ (Albergo et al., arXiv:2101.08176, eq. 6), by plain
 * loops. Multiplied out, Σ_x [(m² + 2d)φ² + λφ⁴ − 2 Σ_μ φ_x φ_{x+μ}] in d dimensions.
 */
export function phi4Action(
  { sites, neighbours, shape }: Lattice,
  { mass2, lambda }: Pick<Phi4Parameters, "mass2" | "lambda">,
): Action {
  const degree = 2 * shape.length;
  const quadratic = mass2 + degree;
  return {
    size: sites,
    value(field) {
      let total = 0;
      for (let i = 0; i < sites; i++) {
        const phi = field[i]!;
        let forward = 0;
        for (let d = i * degree; d < (i + 1) * degree; d += 2) forward += field[neighbours[d]!]!;
        total += phi * (phi * (quadratic + lambda * phi * phi) - 2 * forward);
      }
      return total;
    },
    force(field, out) {
      for (let i = 0; i < sites; i++) {
        const phi = field[i]!;
        let around = 0;
        for (let d = i * degree; d < (i + 1) * degree; d++) around += field[neighbours[d]!]!;
        out[i] = 2 * around - phi * (2 * quadratic + 4 * lambda * phi * phi);
      }
    },
  };
}

/** The same action of tensors `[batch, ...shape]` → `[batch]`, of their element type. */
export function phi4EnergyTensor(
  { mass2, lambda }: Pick<Phi4Parameters, "mass2" | "lambda">,
  x: Tensor,
): Tensor {
  const squares = square(x);
  let density = mul(squares, add(mul(squares, lambda), mass2));
  const axes = x.shape.slice(1).map((_, a) => a + 1);
  for (const axis of axes) density = add(density, square(sub(roll(x, -1, axis), x)));
  return sum(density, axes);
}
