import {
  add,
  exp,
  grad,
  less,
  minimum,
  mul,
  normal,
  reshape,
  type SymbolicKey,
  scan,
  square,
  sub,
  sum,
  type Tensor,
  uniform,
  where,
} from "../../../tensor/index.ts";
import { real } from "../reference.ts";

/** How {@link hybrid} moves. */
export interface Trajectory {
  readonly key: SymbolicKey;
  readonly leapfrog: number;
  /** Mean step; the step of a row is drawn between half of it and one and a half times it. */
  readonly stepSize: number;
  /** `[batch, n]`: 1 for a fixed number. */
  readonly known?: Tensor;
}

/**
 * One trajectory of hybrid Monte Carlo (Duane et al. 1987) for each row of `z: [batch, n]` with density ∝ exp(−|z|²/2 + g(z)):
 * normal momenta, leapfrog steps, and a Metropolis test that makes it exact. Steps of random size keep trajectories from
 * closing on themselves.
 */
export function hybrid(
  z: Tensor,
  g: (z: Tensor) => Tensor,
  { key, leapfrog, stepSize, known }: Trajectory,
): Tensor {
  const [batch] = z.shape as [number];
  const [momentumKey, sizeKey, acceptKey] = key.split(3) as [SymbolicKey, SymbolicKey, SymbolicKey];
  const free = (v: Tensor) => (known ? mul(v, sub(1, known)) : v);
  const potential = (at: Tensor) => sub(mul(sum(square(at), 1), 0.5), g(at));
  const gradient = grad((at: Tensor) => sum(potential(at)));
  const force = (at: Tensor) => free(gradient(at));
  const size = mul(add(uniform(sizeKey, [batch, 1], real(z)), 0.5), stepSize);
  const start = free(normal(momentumKey, z.shape, real(z)));
  const half = (p: Tensor, at: Tensor) => sub(p, mul(mul(size, 0.5), force(at)));
  const [end] = scan(
    ({ q, p }: { q: Tensor; p: Tensor }) => {
      const middle = half(p, q);
      const next = add(q, mul(size, middle));
      return [{ q: next, p: half(middle, next) }, {}] as const;
    },
    { q: z, p: start },
    {},
    { length: leapfrog },
  );
  const energy = (q: Tensor, p: Tensor) => add(potential(q), mul(sum(square(p), 1), 0.5));
  const change = sub(energy(end.q, end.p), energy(z, start));
  const accepted = less(uniform(acceptKey, [batch], real(z)), exp(minimum(sub(0, change), 0)));
  return where(reshape(accepted, [batch, 1]), end.q, z);
}
