import type { DType } from "../../../array.ts";
import {
  add,
  arange,
  broadcastTo,
  concat,
  equal,
  gather,
  greater,
  reshape,
  type SymbolicKey,
  scan,
  slice,
  type Tensor,
  transpose,
  uniform,
  where,
  zeros,
} from "../../../tensor/index.ts";
import { Tensor as TensorClass } from "../../../tensor/tensor.ts";
import { mapTree } from "../../../tensor/tree.ts";
import type { Parameters, Traced } from "../../contract.ts";
import type { Order, Tensors, Walk } from "./conditionals.ts";
import type { Head } from "./head.ts";
import { resample } from "./particles.ts";
import type { Sector } from "./sector.ts";

/** What {@link drawSites} draws. */
export interface DrawRequest<P extends Parameters> {
  readonly walk: Walk;
  readonly order: Order;
  readonly head: Head<P>;
  readonly parameters: Traced<P>;
  readonly key: SymbolicKey;
  /** Number of rows, a symbolic size. */
  readonly batch: number;
  readonly real: "f32" | "f64";
  /** Element type of a value. */
  readonly type: DType;
  readonly sector?: Sector | undefined;
  /** Divides the logits of drawn sites. */
  readonly temperature?: Tensor | undefined;
  /** Sites that are given: `values` and `known` (1 or 0, real), both `[batch, sites]` as the sites lie. */
  readonly given?: { readonly values: Tensor; readonly known: Tensor } | undefined;
  /** Rows in groups of so many particles of one configuration, resampled as they degenerate; 1 never does. */
  readonly particles?: number | undefined;
  /** Tensors `[batch, ...]` that belong to the rows and follow them where particles are resampled. */
  readonly companions?: Tensors | undefined;
}

/** Configurations drawn site by site. */
export interface DrawnRows {
  /** `[batch, sites]`, as the sites lie. */
  readonly x: Tensor;
  /** `[batch]`: log-probability in this order, at temperature 1. */
  readonly logProb: Tensor;
  /** `[batch]`: the sum over given sites of log P(site | those before), the weight of the row as a completion. */
  readonly logWeight: Tensor;
  readonly companions: Tensors;
}

const isTensor = (value: unknown): value is Tensor => value instanceof TensorClass;

interface Carry {
  readonly state: Tensors;
  readonly logProb: Tensor;
  readonly logWeight?: Tensor;
  /** What is given, `[batch, sites]` by position. */
  readonly given?: { readonly values: Tensor; readonly known: Tensor };
  readonly ups?: Tensor;
  readonly x?: Tensor;
  readonly companions: Tensors;
}

/** Draws configurations in one loop over the sites: the state of the walk is carried from site to site. */
export function drawSites<P extends Parameters>(request: DrawRequest<P>): DrawnRows {
  const { walk, order, head, parameters, key, batch, real, type, sector, temperature, given } = request;
  const n = order.sites.shape[0] as number;
  const particles = request.particles ?? 1;
  const resampled = particles > 1 && given !== undefined;
  const steps = { own: walk.steps, position: arange(n) };
  const start: Carry = {
    state: walk.start,
    companions: request.companions ?? [],
    logProb: zeros([batch], real),
    ...(given
      ? {
          logWeight: zeros([batch], real),
          // Carried, since resampled particles take what is given along: it may differ by a symmetry.
          given: {
            values: gather(given.values, order.sites, 1),
            known: gather(given.known, order.sites, 1),
          },
        }
      : {}),
    ...(sector ? { ups: zeros([batch, 1], real) } : {}),
    ...(resampled ? { x: zeros([batch, n], type) } : {}),
  };
  const visit = (carry: Carry, step: typeof steps, source: SymbolicKey): readonly [Carry, Tensor] => {
    const free = walk.outputs(carry.state, step.own);
    const outputs = sector && carry.ups ? sector.outputs(free, carry.ups, step.position) : free;
    const drawn = head.draw(parameters, outputs, uniform(source, [batch, head.uniforms], real), temperature);
    let { value, logProb } = drawn;
    let logWeight = carry.logWeight;
    if (carry.given && logWeight) {
      const isKnown = greater(gather(carry.given.known, step.position, 1), 0);
      const own = gather(carry.given.values, step.position, 1);
      const ofGiven = head.logProb(parameters, outputs, own);
      value = where(isKnown, own, value);
      logProb = where(isKnown, ofGiven, logProb);
      logWeight = add(logWeight, where(isKnown, ofGiven, 0));
    }
    let next: Carry = {
      ...carry,
      state: walk.advance(carry.state, step.own, value),
      logProb: add(carry.logProb, logProb),
      ...(logWeight ? { logWeight } : {}),
      ...(carry.ups ? { ups: add(carry.ups, reshape(value, [batch, 1])) } : {}),
      ...(carry.x ? { x: written(carry.x, step.position, value) } : {}),
    };
    if (resampled && logWeight)
      next = resample(next, logWeight, particles, uniform(source.fold(1), [batch], real));
    return [next, value];
  };
  const [end, values] = loop(walk, visit, start, steps, n, key);
  const x = end.x ?? transpose(values);
  return {
    x: gather(x, order.positions, 1),
    logProb: end.logProb,
    logWeight: end.logWeight ?? zeros([batch], real),
    companions: end.companions,
  };
}

/** x `[batch, sites]` by position with `value: [batch]` put at `position`. */
function written(x: Tensor, position: Tensor, value: Tensor): Tensor {
  const n = x.shape[1] as number;
  return where(
    equal(arange(n), position),
    broadcastTo(reshape(value, [value.shape[0] as number, 1]), x.shape),
    x,
  );
}

type Visit<X> = (carry: Carry, step: X, key: SymbolicKey) => readonly [Carry, Tensor];

/**
 * One loop over the positions; where the walk has lines, a loop over lines around one over the sites of a line; where it
 * has stretches, one loop after the other.
 */
function loop<X>(
  { line, stretch }: Walk,
  visit: Visit<X>,
  start: Carry,
  steps: X,
  n: number,
  key: SymbolicKey,
): [Carry, Tensor] {
  const each = (carry: Carry, xs: X, source: SymbolicKey) =>
    scan((c: Carry, x: X) => visit(c, x, source), carry, xs);
  if (stretch) {
    let carry = start;
    const parts: Tensor[] = [];
    for (let from = 0; from < n; from += stretch.length) {
      const to = Math.min(from + stretch.length, n);
      if (from > 0) carry = { ...carry, state: stretch.enter(carry.state) };
      const part = mapTree(steps, isTensor, (t) => slice(t, 0, from, to)) as unknown as X;
      // Stretches draw from keys of their own: two loops with one key would draw the same numbers.
      const [end, values] = each(carry, part, key.fold(2 + from));
      carry = end;
      parts.push(values);
    }
    return [carry, concat(parts, 0)];
  }
  if (!line) return each(start, steps, key);
  const lines = n / line.length;
  const byLine = mapTree(steps, isTensor, (t) =>
    reshape(t, [lines, line.length, ...t.shape.slice(1)]),
  ) as unknown as X;
  const [end, values] = scan(
    (carry: Carry, xs: X) => each({ ...carry, state: line.enter(carry.state) }, xs, key),
    start,
    byLine,
  );
  return [end, reshape(values, [n, ...values.shape.slice(2)])];
}
