import type { Stream } from "../../random/stream.ts";
import { add, cos, neg, roll, slice, squeeze, sub, sum } from "../../tensor/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Action } from "../hmc/action.ts";

/**
 * Writes the angles of all plaquettes, θ_p(x, y) = θ_0(x, y) + θ_1(x + 1, y) − θ_0(x, y + 1) − θ_1(x, y), not
 * reduced by turns, to `out` `[rows, columns]`, from the links `[2, rows, columns]` that start at `offset`.
 * Direction 0 is the first axis of the lattice.
 */
export function plaquetteAngles(
  links: ArrayLike<number>,
  rows: number,
  columns: number,
  out: Float64Array,
  offset = 0,
): void {
  const one = offset + rows * columns;
  for (let x = 0; x < rows; x++) {
    const here = x * columns;
    const next = x + 1 === rows ? 0 : here + columns;
    for (let y = 0; y < columns; y++) {
      const up = y + 1 === columns ? 0 : y + 1;
      out[here + y] =
        links[offset + here + y]! +
        links[one + next + y]! -
        links[offset + here + up]! -
        links[one + here + y]!;
    }
  }
}

/**
 * Wilson's action S = −β Σ_p cos θ_p of two-dimensional U(1) gauge theory on a torus, by plain loops over the links
 * `[2, rows, columns]`.
 *
 * Its jump proposes a uniform flux of one quantum, 2π/V through every plaquette, of either sign, which changes the
 * topological charge, and accepts it by Metropolis' rule: trajectories alone freeze in one sector as β grows.
 */
export function u1Action([rows, columns]: readonly [number, number], beta: number): Action {
  const volume = rows * columns;
  const angles = new Float64Array(volume);
  const flux = fluxQuantum(rows, columns);
  const shifted = new Float64Array(2 * volume);
  const value = (links: Float64Array) => {
    plaquetteAngles(links, rows, columns, angles);
    let total = 0;
    for (let p = 0; p < volume; p++) total += Math.cos(angles[p]!);
    return 0 - beta * total;
  };
  return {
    size: 2 * volume,
    angles: true,
    value,
    force(links, out) {
      plaquetteAngles(links, rows, columns, angles);
      for (let p = 0; p < volume; p++) angles[p] = beta * Math.sin(angles[p]!);
      for (let x = 0; x < rows; x++) {
        const here = x * columns;
        const last = x === 0 ? volume - columns : here - columns;
        for (let y = 0; y < columns; y++) {
          const below = y === 0 ? columns - 1 : y - 1;
          const own = angles[here + y]!;
          // −∂S/∂θ = −β sin θ_p ∂θ_p/∂θ over the two plaquettes of a link.
          out[here + y] = angles[here + below]! - own;
          out[volume + here + y] = own - angles[last + y]!;
        }
      }
    },
    jump(links: Float64Array, random: Stream) {
      const sign = random.below(2) === 0 ? 1 : -1;
      for (let i = 0; i < links.length; i++) shifted[i] = links[i]! + sign * flux[i]!;
      const change = value(shifted) - value(links);
      if (change > 0 && random.uniform() >= Math.exp(-change)) return;
      for (let i = 0; i < links.length; i++)
        links[i] = shifted[i]! - 2 * Math.PI * Math.floor(shifted[i]! / (2 * Math.PI) + 0.5);
    },
  };
}

/**
 * Returns links `[2, rows, columns]` for which all plaquettes have the angle 2π/V up to whole turns: a field
 * of charge 1.
 */
export function fluxQuantum(rows: number, columns: number): Float64Array {
  const volume = rows * columns;
  const links = new Float64Array(2 * volume);
  for (let x = 0; x < rows; x++)
    for (let y = 0; y < columns; y++) {
      links[volume + x * columns + y] = (2 * Math.PI * x) / volume;
      if (x === rows - 1) links[x * columns + y] = (-2 * Math.PI * y) / columns;
    }
  return links;
}

/** Angles of all plaquettes of tensors `[batch, 2, rows, columns]` → `[batch, rows, columns]`; see {@link plaquetteAngles}. */
export function plaquetteTensor(links: Tensor): Tensor {
  const [zero, one] = [0, 1].map((mu) => squeeze(slice(links, 1, mu, mu + 1), 1)) as [Tensor, Tensor];
  return sub(add(zero, roll(one, -1, 1)), add(roll(zero, -1, 2), one));
}

/** −Σ_p cos θ_p of tensors `[batch, 2, rows, columns]` → `[batch]`: the action over β. */
export function u1EnergyTensor(links: Tensor): Tensor {
  return neg(sum(cos(plaquetteTensor(links)), [1, 2]));
}
