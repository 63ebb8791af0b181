import type { DType } from "../../../array.ts";
import {
  add,
  arange,
  gather,
  greater,
  ones,
  reshape,
  type SymbolicKey,
  type Tensor,
  transpose,
  uniform,
  where,
  zeros,
} from "../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../contract.ts";
import type { Order, Tensors, Walk } from "./conditionals.ts";
import type { Head } from "./head.ts";
import { overSites, written } from "./lines.ts";
import { resample } from "./particles.ts";
import type { Sector } from "./sector.ts";

/** What {@link drawSites} draws. */
export interface DrawRequest<P extends Parameters> {
  readonly walk: Walk;
  readonly order: Order;
  readonly head: Head<P>;
  readonly parameters: Symbolic<P>;
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
  /**
   * Rows come in groups of this many particles of one configuration, resampled as they degenerate (default 1:
   * never).
   */
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
  /** `[batch]`: least effective sample size of the row's particles on the way, as a fraction of them. */
  readonly least: Tensor;
}

interface Carry {
  readonly state: Tensors;
  readonly logProb: Tensor;
  readonly logWeight?: Tensor;
  /** What is given, `[batch, sites]` by position. */
  readonly given?: { readonly values: Tensor; readonly known: Tensor };
  readonly ups?: Tensor;
  readonly x?: Tensor;
  readonly least?: Tensor;
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
    ...(resampled ? { x: zeros([batch, n], type), least: ones([batch], real) } : {}),
  };
  const visit = (carry: Carry, step: typeof steps, source: SymbolicKey): readonly [Carry, Tensor] => {
    const state = walk.arrive ? walk.arrive(carry.state, step.own) : carry.state;
    const free = walk.outputs(state, step.own);
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
      state: walk.advance(state, step.own, value),
      logProb: add(carry.logProb, logProb),
      ...(logWeight ? { logWeight } : {}),
      ...(carry.ups ? { ups: add(carry.ups, reshape(value, [batch, 1])) } : {}),
      ...(carry.x ? { x: written(carry.x, step.position, value) } : {}),
    };
    if (resampled && logWeight)
      next = resample(next, logWeight, particles, uniform(source.fold(1), [batch], real));
    return [next, value];
  };
  const [end, values] = overSites(walk, visit, start, steps, { key, reordered: resampled });
  const x = end.x ?? transpose(values);
  return {
    x: gather(x, order.positions, 1),
    logProb: end.logProb,
    logWeight: end.logWeight ?? zeros([batch], real),
    companions: end.companions,
    least: end.least ?? ones([batch], real),
  };
}
