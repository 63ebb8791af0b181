import { arrayFrom } from "../../../../array.ts";
import {
  abs,
  add,
  arange,
  cast,
  clip,
  constant,
  div,
  equal,
  exp,
  expandDims,
  log,
  max,
  maximum,
  mean,
  mul,
  scan,
  square,
  sub,
  sum,
  type Tensor,
} from "../../../../tensor/index.ts";
import { momentsOf } from "../bijections/affine.ts";
import { studentLogDensity } from "./student-density.ts";

/** Degrees of freedom that are tried. */
const GRID = [0.6, 0.8, 1, 1.3, 1.7, 2.3, 3, 5, 8, 15, 40, 200];
/** Steps of the reweighting. */
const STEPS = 60;
/** Distances, in units of the scale, beyond which a row has no weight left. */
const FAR = 1e9;
/** How far below the standard deviation a scale may lie, as a logarithm: half the rows may be equal. */
const SHARP = 30;

/** Location, scale and degrees of freedom of each column, `[columns]`. */
export interface StudentFit {
  readonly shift: Tensor;
  readonly logScale: Tensor;
  readonly logFreedom: Tensor;
}

/**
 * Returns the likeliest location, scale and degrees of freedom (from a short list) of Student's distribution
 * for each column of `x: [rows, columns]`, by iterated reweighting for each ν: w = (ν + 1)/(ν + d²), μ ←
 * Σwx/Σw, σ² ← Σw(x − μ)²/Σw (Kent, Tyler & Vardi, Commun. Stat. Simul. 23 (1994) 441). Outliers have almost
 * no weight, while a mean and a standard deviation follow them. A constant column has the scale 1.
 */
export function studentFit(x: Tensor): StudentFit {
  const columns = x.shape[1] as number;
  const { dtype } = x;
  const rows = expandDims(x, 0);
  const nu = cast(constant(arrayFrom("f32", [GRID.length, 1, 1], GRID)), dtype);
  const { shift: centre, logScale: spread } = momentsOf(x, [columns]);
  const start = expandDims(centre as Tensor, 0, 1);
  // The mean of logarithms hardly sees an outlier, nor that the mean lies off the rows because of it.
  const least = sub(expandDims(spread as Tensor, 0, 1), SHARP);
  const size = log(add(abs(sub(rows, start)), exp(least)));
  const wide = mul(nu, 0);
  const step = (carry: { shift: Tensor; logScale: Tensor }, _: Tensor) => {
    const d = clip(div(sub(rows, carry.shift), exp(carry.logScale)), -FAR, FAR);
    const weight = div(add(nu, 1), add(nu, square(d)));
    const total = sum(weight, 1, true);
    const moved = div(sum(mul(weight, d), 1, true), total);
    const squares = div(sum(mul(weight, square(sub(d, moved))), 1, true), total);
    return [
      {
        shift: add(carry.shift, mul(moved, exp(carry.logScale))),
        logScale: maximum(add(carry.logScale, mul(log(add(squares, 1e-12)), 0.5)), least),
      },
      [],
    ] as const;
  };
  const first = { shift: add(start, wide), logScale: add(mean(size, 1, true), wide) };
  const [{ shift, logScale }] = scan(step, first, arange(STEPS));
  const logs = sub(studentLogDensity(div(sub(rows, shift), exp(logScale)), nu), logScale);
  const each = mean(logs, 1, true);
  const chosen = cast(equal(each, max(each, 0, true)), dtype);
  const weight = div(chosen, sum(chosen, 0, true));
  const pick = (values: Tensor) => sum(sum(mul(values, weight), 0), 0);
  return { shift: pick(shift), logScale: pick(logScale), logFreedom: pick(add(log(nu), mul(each, 0))) };
}
