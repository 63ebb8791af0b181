import { ndarray } from "../../array.ts";
import type { EnergyModel, EnergyParameters, Symbolic } from "../../models/contract.ts";
import {
  add,
  and,
  arange,
  concat,
  constant,
  equal,
  exp,
  floor,
  less,
  minimum,
  mul,
  reshape,
  type SymbolicKey,
  slice,
  sub,
  type Tensor,
  uniform,
  where,
} from "../../tensor/index.ts";

/** Points of the path of `levels` levels of `chains` rows each, `[levels · chains]`: evenly from 0 to 1. */
export function ladder(levels: number, chains: number): Tensor {
  return constant(ndarray("f32", [levels * chains], ladderPoints(levels, chains)));
}

function ladderPoints(levels: number, chains: number): Float32Array {
  return Float32Array.from({ length: levels * chains }, (_, i) => Math.floor(i / chains) / (levels - 1));
}

/**
 * Swaps rows of neighbouring levels of {@link ladder} with the probability of detailed balance,
 * min(1, f_i(x_j) f_j(x_i)/(f_i(x_i) f_j(x_j))); pairs (0, 1), (2, 3), … or (1, 2), (3, 4), … at random.
 * `x: [levels · chains, ...sites]`.
 */
export function exchange<P extends EnergyParameters>(
  { path }: EnergyModel<P>,
  p: Symbolic<P>,
  x: Tensor,
  chains: number,
  key: SymbolicKey,
): Tensor {
  const rows = x.shape[0] as number;
  const levels = rows / chains;
  const points = ladderPoints(levels, chains);
  const at = (shift: number) => {
    // Past the ends stands the end itself: no pair reaches there.
    const t = points.map((_, i) => points[Math.min(rows - 1, Math.max(0, i + shift * chains))] as number);
    const logs = path.logWeight(p, x, constant(ndarray("f32", [rows], t)));
    return reshape(logs, [levels, chains]);
  };
  const [own, up, down] = [at(0), at(1), at(-1)] as const;
  const lower = (a: Tensor) => slice(a, 0, 0, levels - 1);
  const upper = (a: Tensor) => slice(a, 0, 1, levels);
  // Of the pair (l, l + 1): what is gained by the row of l at l + 1, and by that of l + 1 at l.
  const gain = add(sub(lower(up), lower(own)), sub(upper(down), upper(own)));
  const [acceptKey, parityKey] = key.split(2) as [SymbolicKey, SymbolicKey];
  const parity = floor(mul(uniform(parityKey, [1, 1]), 2));
  const pair = reshape(arange(levels - 1, "f32"), [levels - 1, 1]);
  const turn = equal(sub(pair, mul(floor(mul(pair, 0.5)), 2)), parity);
  const swap = and(less(uniform(acceptKey, [levels - 1, chains]), exp(minimum(gain, 0))), turn);
  const sites = x.shape.slice(1);
  const block = reshape(x, [levels, chains, ...sites]);
  const whole = (mask: Tensor, first: boolean) => {
    const none = less(mul(arange(chains, "f32"), 0), -1);
    const row = reshape(none, [1, chains]);
    const full = concat(first ? [mask, row] : [row, mask], 0);
    return reshape(full, [levels, chains, ...sites.map(() => 1)]);
  };
  const fromAbove = concat([slice(block, 0, 1, levels), slice(block, 0, levels - 1, levels)], 0);
  const fromBelow = concat([slice(block, 0, 0, 1), slice(block, 0, 0, levels - 1)], 0);
  const swapped = where(whole(swap, true), fromAbove, where(whole(swap, false), fromBelow, block));
  return reshape(swapped, x.shape);
}
