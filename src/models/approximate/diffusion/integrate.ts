import { arrayFrom } from "../../../array.ts";
import { add, broadcastTo, constant, mul, reshape, scan, type Tensor } from "../../../tensor/index.ts";

/** Times are even in t^(1/1.5), so that steps are finer near the data, where details arise: that halves the error of 12 steps. */
const WARP = 1.5;

/** Rows that move, and what is summed along their way. */
export type Moving = { readonly u: Tensor } & Readonly<Record<string, Tensor>>;

/** How all of it changes at times `[batch]`. */
export type Rates<M extends Moving> = (at: M, time: Tensor) => M;

/**
 * Runge and Kutta's fourth-order method from one time to another, a loop inside the graph: `rates` is called with times
 * `[batch]`. The error falls as the fourth power of a step.
 */
export function rungeKutta<M extends Moving>(
  rates: Rates<M>,
  start: M,
  { from, to, steps }: { readonly from: number; readonly to: number; readonly steps: number },
): M {
  const { dtype } = start.u;
  const batch = start.u.shape[0] as number;
  const [first, last] = [from, to].map((t) => t ** (1 / WARP)) as [number, number];
  const ends = Float64Array.from(
    { length: steps + 1 },
    (_, i) => (first + ((last - first) * i) / steps) ** WARP,
  );
  const times = constant(arrayFrom(dtype, [steps], ends.subarray(0, steps)));
  const widths = constant(
    arrayFrom(
      dtype,
      [steps],
      ends.subarray(1).map((end, i) => end - (ends[i] as number)),
    ),
  );
  const moved = (m: M, rate: M, by: Tensor): M =>
    Object.fromEntries(
      Object.entries(m).map(([name, value]) => [name, add(value, mul(rate[name] as Tensor, by))]),
    ) as M;
  const [end] = scan(
    (m: M, { time, h }: { time: Tensor; h: Tensor }) => {
      const at = (share: number) => broadcastTo(reshape(add(time, mul(h, share)), [1]), [batch]);
      const part = (share: number) => mul(h, share);
      const k1 = rates(m, at(0));
      const k2 = rates(moved(m, k1, part(1 / 2)), at(0.5));
      const k3 = rates(moved(m, k2, part(1 / 2)), at(0.5));
      const k4 = rates(moved(m, k3, h), at(1));
      const most = moved(moved(m, k1, part(1 / 6)), k2, part(1 / 3));
      return [moved(moved(most, k3, part(1 / 3)), k4, part(1 / 6)), {}] as const;
    },
    start,
    { time: times, h: widths },
  );
  return end;
}
