import {
  add,
  exp,
  expandDims,
  lessEqual,
  log,
  minimum,
  mul,
  normal,
  type SymbolicKey,
  scan,
  square,
  sub,
  sum,
  type Tensor,
  uniform,
  valueAndGrad,
  where,
} from "../../../tensor/index.ts";

/** The shortest step of a move, as a part of the longest. */
const SHORTEST = 0.2;

/** A function of z, `[batch]`, nats, with its slope `[batch, size]`. */
interface Sloped {
  readonly value: Tensor;
  readonly slope: Tensor;
}

/** Position of chains in z, `[batch, size]`, and the values of prior and likelihood there. */
export interface Place {
  readonly z: Tensor;
  readonly prior: Sloped;
  readonly likelihood: Sloped;
}

/** log P(z) and log P(x | z) of each z, `[batch, size]` → `[batch]`. */
export interface Posterior {
  logPrior(z: Tensor): Tensor;
  logLikelihood(z: Tensor): Tensor;
}

/** Returns a position z with the posterior's values there. */
export function placeAt({ logPrior, logLikelihood }: Posterior, z: Tensor): Place {
  return { z, prior: sloped(logPrior, z), likelihood: sloped(logLikelihood, z) };
}

function sloped(f: (z: Tensor) => Tensor, z: Tensor): Sloped {
  const summed = valueAndGrad((at: Tensor) => {
    const each = f(at);
    return [sum(each), each] as const;
  });
  const { value, gradient } = summed(z);
  return { value: value[1], slope: gradient as Tensor };
}

/**
 * Makes one move of hybrid Monte Carlo that leaves f_t(z) ∝ P(z) P(x | z)^t invariant: `leaps` leapfrog steps
 * of a size between a fifth of `step: [batch]` and all of it, then accepted or not. Also returns the
 * acceptance probability. t is a scalar.
 *
 * Source: Duane, Kennedy, Pendleton & Roweth, Phys. Lett. B 195 (1987) 216.
 */
export function move(
  posterior: Posterior,
  from: Place,
  t: Tensor,
  step: Tensor,
  key: SymbolicKey,
  leaps: number,
): { readonly place: Place; readonly accepted: Tensor } {
  const force = ({ prior, likelihood }: Place) => add(prior.slope, mul(likelihood.slope, t));
  const logDensity = ({ prior, likelihood }: Place) => add(prior.value, mul(likelihood.value, t));
  // Fixed lengths would turn about round posteriors by whole periods, which leaves their energy as it is.
  const batch = from.z.shape[0] as number;
  const part = add(mul(uniform(key.fold(2), [batch]), 1 - SHORTEST), SHORTEST);
  const wide = expandDims(mul(step, part), 1);
  const half = mul(wide, 0.5);
  const started = normal(key.fold(0), from.z.shape);
  const kick = add(started, mul(half, force(from)));
  const [end] = scan(
    ({ place, momentum }: { readonly place: Place; readonly momentum: Tensor }) => {
      const there = placeAt(posterior, add(place.z, mul(wide, momentum)));
      return [{ place: there, momentum: add(momentum, mul(wide, force(there))) }, {}] as const;
    },
    { place: from, momentum: kick },
    {},
    { length: leaps },
  );
  // Every step ends with a whole kick; the last one is a half too much.
  const momentum = sub(end.momentum, mul(half, force(end.place)));
  const kinetic = (p: Tensor) => mul(sum(square(p), 1), 0.5);
  const gain = add(sub(logDensity(end.place), logDensity(from)), sub(kinetic(started), kinetic(momentum)));
  const chance = exp(minimum(gain, 0));
  // A trajectory that diverged has gain NaN, which compares as no.
  const take = lessEqual(log(uniform(key.fold(1), [batch])), gain);
  const takeRow = expandDims(take, 1);
  const choose = (a: Sloped, b: Sloped): Sloped => ({
    value: where(take, a.value, b.value),
    slope: where(takeRow, a.slope, b.slope),
  });
  return {
    place: {
      z: where(takeRow, end.place.z, from.z),
      prior: choose(end.place.prior, from.prior),
      likelihood: choose(end.place.likelihood, from.likelihood),
    },
    accepted: where(lessEqual(gain, Number.POSITIVE_INFINITY), chance, 0),
  };
}
