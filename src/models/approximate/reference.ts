import { type NDArray, ndarray } from "../../array.ts";
import { type Space, siteShape, sites, stateCount } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import {
  add,
  cast,
  concat,
  cumsum,
  div,
  exp,
  expandDims,
  greaterEqual,
  less,
  log,
  logSoftmax,
  maximum,
  mean,
  mul,
  neg,
  normal,
  oneHot,
  reshape,
  type SymbolicKey,
  sigmoid,
  slice,
  softmax,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../tensor/index.ts";
import { count } from "../../tensor/ops/count.ts";

/**
 * Independent sites, the start of a tempered path: `[sites]` logits of bits; `[sites, states]` log-probabilities up to a
 * constant of categorical sites; `[2, sites]` mean and logarithm of the standard deviation of real ones.
 */
export interface Reference {
  /** The shape of its numbers. */
  readonly shape: readonly number[];
  /** One of no information: every state alike, or the standard normal distribution. */
  flat(): NDArray<"f32">;
  /** The independent sites with the means of `x: [batch, ...sites]`, and for real sites their variances. */
  fit(x: Tensor): Tensor;
  /** log-probability of each row in nats, `[batch]`. */
  logProb(reference: Tensor, x: Tensor): Tensor;
  /** `batch` independent rows. */
  draw(reference: Tensor, key: SymbolicKey, batch: number): Tensor;
}

/** Rows that a marginal is pulled towards the middle by: a bit that never was 1 in the data may be 1 in the model. */
const PSEUDO_COUNT = 1;
/** The least standard deviation of a real site that fits are given, as a fraction of the largest one. */
const LEAST_SCALE = 1e-3;

/** Independent sites of a space; throws AnsatzError (usage) for angles, sequences and bounded reals. */
export function referenceOf(space: Space, family: string): Reference {
  const n = sites(space);
  const rows = (x: Tensor) => reshape(x, [x.shape[0] as number, n]);
  const shaped = (x: Tensor, batch: number) => reshape(x, [batch, ...siteShape(space)]);
  if (space.kind === "binary") return bits(n, rows, shaped);
  if (space.kind === "categorical") return colours(n, stateCount(space) as number, rows, shaped);
  if (space.kind === "real" && !space.bounds) return normals(n, rows, shaped);
  throw usageError(
    `${family} models binary, categorical and unbounded real data, not ${space.kind}${space.kind === "real" ? " data within bounds" : ""}`,
  );
}

type Rows = (x: Tensor) => Tensor;
type Shaped = (x: Tensor, batch: number) => Tensor;

/** The shares of `states` states among the rows of x, with one added to each count. */
const smoothed = (share: Tensor, states: number, x: Tensor): Tensor => {
  const rows = count([x.shape[0] as number], share.dtype);
  return div(
    add(mul(share, rows), PSEUDO_COUNT),
    typeof rows === "number" ? rows + PSEUDO_COUNT * states : add(rows, PSEUDO_COUNT * states),
  );
};

function bits(n: number, rows: Rows, shaped: Shaped): Reference {
  return {
    shape: [n],
    flat: () => ndarray("f32", [n]),
    fit(x) {
      const p = smoothed(mean(rows(x), 0), 2, x);
      return sub(log(p), log(sub(1, p)));
    },
    logProb: (r, x) => sub(sum(mul(rows(x), r), 1), sum(softplus(r))),
    draw: (r, key, batch) =>
      shaped(cast(less(uniform(key, [batch, n], real(r)), sigmoid(r)), r.dtype), batch),
  };
}

function colours(n: number, k: number, rows: Rows, shaped: Shaped): Reference {
  return {
    shape: [n, k],
    flat: () => ndarray("f32", [n, k]),
    fit: (x) => log(smoothed(mean(oneHot(rows(x), k), 0), k, x)),
    logProb: (r, x) => sum(mul(oneHot(rows(x), k, r.dtype), logSoftmax(r)), [1, 2]),
    draw: (r, key, batch) => shaped(drawStates(softmax(r), uniform(key, [batch, n], real(r))), batch),
  };
}

function normals(n: number, rows: Rows, shaped: Shaped): Reference {
  const parts = (r: Tensor) => [0, 1].map((i) => reshape(slice(r, 0, i, i + 1), [n])) as [Tensor, Tensor];
  return {
    shape: [2, n],
    flat: () => ndarray("f32", [2, n]),
    fit(x) {
      const flat = rows(x);
      const middle = mean(flat, 0);
      const scale = sqrt(mean(square(sub(flat, middle)), 0));
      const least = add(mul(mean(scale), LEAST_SCALE), 1e-12);
      return concat([middle, log(maximum(scale, least))].map((t) => expandDims(t, 0)));
    },
    logProb(r, x) {
      const [middle, logScale] = parts(r);
      const z = mul(sub(rows(x), middle), exp(neg(logScale)));
      return sub(mul(sum(square(z), 1), -0.5), add(sum(logScale), (n * Math.log(2 * Math.PI)) / 2));
    },
    draw(r, key, batch) {
      const [middle, logScale] = parts(r);
      return shaped(add(middle, mul(normal(key, [batch, n], real(r)), exp(logScale))), batch);
    },
  };
}

/** The real type a tensor has. */
export const real = ({ dtype }: Tensor): "f32" | "f64" => (dtype === "f64" ? "f64" : "f32");

/** States of categorical variables by their probabilities `[..., k]` from uniform numbers `[...]` in [0, 1). */
export function drawStates(probabilities: Tensor, u: Tensor): Tensor {
  const k = probabilities.shape.at(-1) as number;
  const axis = probabilities.shape.length - 1;
  // The number of cumulated probabilities below u; the last, 1 up to rounding, is not counted.
  const below = slice(cumsum(probabilities, axis), axis, 0, k - 1);
  return sum(cast(greaterEqual(expandDims(u, -1), below), "i32"), -1);
}

/** `t`, a scalar or `[batch]`, to be multiplied by rows `[batch, width]`. */
export const column = (t: Tensor): Tensor => (t.shape.length === 0 ? t : expandDims(t, 1));
