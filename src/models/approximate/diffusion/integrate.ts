import { arrayFrom } from "../../../array.ts";
import { add, broadcastTo, constant, mul, reshape, scan, type Tensor } from "../../../tensor/index.ts";

/** Rows that move, and what is summed along their way. */
export type Moving = { readonly u: Tensor } & Readonly<Record<string, Tensor>>;

/** How all of it changes at times `[batch]`. */
export type Rates<M extends Moving> = (at: M, time: Tensor) => M;

/**
 * Runge and Kutta's fourth-order method from one time to another in equal steps, a loop inside the graph: `rates` is called with times
 * `[batch]`. The error falls as the fourth power of a step.
 */
export function rungeKutta<M extends Moving>(
  rates: Rates<M>,
  start: M,
  { from, to, steps }: { readonly from: number; readonly to: number; readonly steps: number },
): M {
  const { dtype } = start.u;
  const batch = start.u.shape[0] as number;
  const h = (to - from) / steps;
  const starts = Float64Array.from({ length: steps }, (_, i) => from + i * h);
  const times = constant(arrayFrom(dtype, [steps], starts));
  const moved = (m: M, rate: M, by: number): M =>
    Object.fromEntries(
      Object.entries(m).map(([name, value]) => [name, add(value, mul(rate[name] as Tensor, by))]),
    ) as M;
  const [end] = scan(
    (m: M, time: Tensor) => {
      const at = (share: number) => broadcastTo(reshape(add(time, share * h), [1]), [batch]);
      const k1 = rates(m, at(0));
      const k2 = rates(moved(m, k1, h / 2), at(0.5));
      const k3 = rates(moved(m, k2, h / 2), at(0.5));
      const k4 = rates(moved(m, k3, h), at(1));
      const sum = moved(moved(moved(moved(m, k1, h / 6), k2, h / 3), k3, h / 3), k4, h / 6);
      return [sum, {}] as const;
    },
    start,
    times,
  );
  return end;
}
