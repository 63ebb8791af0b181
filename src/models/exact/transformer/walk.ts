import { arrayFrom } from "../../../array.ts";
import {
  add,
  broadcastTo,
  cast,
  concat,
  constant,
  gather,
  matmul,
  reshape,
  slice,
  softmax,
  standardize,
  type Tensor,
  transpose,
  zeros,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import type { Walk } from "../autoregressive/conditionals.ts";
import {
  embed,
  heldSites,
  mlp,
  type Network,
  project,
  projection,
  siteContexts,
  startToken,
  turned,
  turnsOf,
} from "./network.ts";
import type { TransformerParameters } from "./parameters.ts";

/** Keys and values of one layer, `[batch, heads, positions, width of a head]`. */
type Cache = { readonly keys: Tensor; readonly values: Tensor };

type State = {
  /** `[batch, width]`: the value of the site before, as a token. */
  readonly token: Tensor;
  /** For each layer: finished stretches, if there are any, and the present one, latest last. */
  readonly layers: readonly { readonly past?: Cache; readonly now: Cache }[];
};

type Step = {
  /** `[width]`: added to the token for the site to be predicted. */
  readonly target?: Tensor;
  /** `[width]`: added to the next token for the site it holds. */
  readonly held?: Tensor;
  /** `[batch, width]`: the same for the context of these sites. */
  readonly context?: { readonly target: Tensor; readonly held: Tensor };
  /** `[width of a head]` each. */
  readonly turns?: ReturnType<typeof turnsOf>;
  /** `[1, stretch]`: 0 where the stretch's cache has been written, −∞ elsewhere. */
  readonly mask: Tensor;
};

/**
 * Visits the sites of a transformer with cached keys and values: O(sites · width + width²) a layer and site, O(sites² ·
 * width) a sample. Writing into a cache copies it, so positions are taken in stretches: a short cache is written, and when it is
 * full laid to the long one, which the loop only reads.
 */
export function transformerWalk(
  p: Symbolic<TransformerParameters>,
  net: Network,
  targets: Tensor,
  batch: number,
  context?: Tensor,
): Walk<State, Step> {
  const { sites: n, width, heads, head } = net.sizes;
  const dtype = p.gain.dtype as "f32" | "f64";
  const length = stretchLength(n);
  const held = heldSites(net, targets);
  const always = p.context && context ? matmul(context, p.context) : undefined;
  const token = (of: Tensor) => (always ? add(of, always) : of);
  const sites = siteContexts(p, net, context, targets);
  const byPosition = (of: Tensor) => transpose(of, [1, 0, 2]);
  const empty = zeros([batch, heads, length, head], dtype);
  const weights = p.layers.map((layer) => projection(net, layer));
  const first = startToken(p, net);
  // At its k-th position the last k + 1 entries of a stretch's cache are written.
  const seen = (_: unknown, j: number) =>
    (j % length) + (Math.floor(j / length) % length) < length - 1 ? Number.NEGATIVE_INFINITY : 0;

  /** One site through all layers: the last activations, and what the caches become. */
  const visit = (state: State, step: Step) => {
    let h = step.target ? add(state.token, step.target) : state.token;
    if (step.context) h = add(h, step.context.target);
    const layers = p.layers.map((layer, l) => {
      const { past, now } = state.layers[l] as State["layers"][number];
      const weight = weights[l] as Tensor;
      const joint = matmul(standardize(h), weight);
      const kinds = (weight.shape[1] as number) / width;
      const [q, k, v, qr, kr] = Array.from({ length: kinds }, (_, i) =>
        reshape(slice(joint, 1, i * width, (i + 1) * width), [batch, heads, 1, head]),
      ) as [Tensor, Tensor, Tensor, Tensor?, Tensor?];
      const { turns } = step;
      const query = qr && turns ? turned(q, qr, turns.query) : q;
      const key = kr && turns ? turned(k, kr, turns.key) : k;
      const written = { keys: shift(now.keys, key), values: shift(now.values, v) };
      const o = attend(query, step.mask, past, written);
      h = add(h, matmul(reshape(o, [batch, width]), layer.output));
      h = add(h, mlp(net, layer, h));
      return { ...(past ? { past } : {}), now: written };
    });
    return { h, layers };
  };

  return {
    start: {
      token: token(broadcastTo(p.held ? add(first, slice(p.held, 0, n)) : first, [batch, width])),
      layers: p.layers.map(() => ({ now: { keys: empty, values: empty } })),
    },
    steps: {
      ...(p.target ? { target: gather(p.target, targets) } : {}),
      ...(p.held ? { held: gather(p.held, targets) } : {}),
      ...(sites ? { context: { target: byPosition(sites.target), held: byPosition(sites.held) } } : {}),
      ...(net.rotary ? { turns: turnsOf(net, dtype, targets, held) } : {}),
      mask: constant(arrayFrom(dtype, [n, 1, length], Array.from({ length: n * length }, seen))),
    },
    outputs: (state, step) => project(p, net, visit(state, step).h),
    advance(state, step, value) {
      const own = token(embed(p, net, cast(value, "i32")));
      const next = step.context ? add(own, step.context.held) : own;
      return {
        token: step.held ? add(next, step.held) : next,
        layers: visit(state, step).layers,
      };
    },
    stretch: {
      length,
      enter: ({ token: last, layers }) => ({
        token: last,
        layers: layers.map(({ past, now }) => ({
          past: past
            ? { keys: concat([past.keys, now.keys], 2), values: concat([past.values, now.values], 2) }
            : now,
          now: { keys: empty, values: empty },
        })),
      }),
    },
  };
}

/** A cache without its first entry and with another at its end. */
function shift(cache: Tensor, entry: Tensor): Tensor {
  const length = cache.shape[2] as number;
  return length === 1 ? entry : concat([slice(cache, 2, 1, length), entry], 2);
}

/** Attention of queries `[batch, heads, 1, width]` to finished stretches and the one being written. */
function attend(query: Tensor, mask: Tensor, past: Cache | undefined, now: Cache): Tensor {
  const column = transpose(query, [0, 1, 3, 2]);
  const row = (scores: Tensor) => transpose(scores, [0, 1, 3, 2]);
  const near = add(row(matmul(now.keys, column)), mask);
  if (!past) return matmul(softmax(near), now.values);
  const before = past.keys.shape[2] as number;
  const shares = softmax(concat([row(matmul(past.keys, column)), near], 3));
  return add(matmul(slice(shares, 3, 0, before), past.values), matmul(slice(shares, 3, before), now.values));
}

/** Positions in a stretch: writing costs the length of one at every site, starting another costs all before it. */
function stretchLength(sites: number): number {
  return Math.min(sites, 16);
}
