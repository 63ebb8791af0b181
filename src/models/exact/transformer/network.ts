import { arrayFrom } from "../../../array.ts";
import type { Space } from "../../../data/space.ts";
import { type ActivationName, activations } from "../../../nn/activation.ts";
import {
  add,
  broadcastTo,
  cast,
  concat,
  constant,
  expandDims,
  full,
  gather,
  matmul,
  mul,
  oneHot,
  pad,
  reshape,
  slice,
  standardize,
  sub,
  type Tensor,
  transpose,
} from "../../../tensor/index.ts";
import { elements } from "../../../tensor/shape.ts";
import type { Symbolic } from "../../contract.ts";
import type { Vocabulary } from "../autoregressive/vocabulary.ts";
import { attention } from "./attention.ts";
import type { Sizes } from "./options.ts";
import type { Layer, TransformerParameters } from "./parameters.ts";
import { quarterTurn, rotations } from "./rotary.ts";

/** Up to this many values a product with one-hot rows is faster than reading rows and adding their gradients. */
const FEW = 64;

/** What a model's functions share. */
export interface Network {
  readonly space: Space;
  readonly sizes: Sizes;
  readonly activation: ActivationName;
  readonly rotary: boolean;
  /** Input and output of a large vocabulary, where its states are sampled to train. */
  readonly words?: Vocabulary<TransformerParameters>;
}

/** Rows of the embedding for values: `[...]` i32 → `[..., width]`. */
export function embed(p: Symbolic<TransformerParameters>, { words }: Network, values: Tensor): Tensor {
  if (words) return words.embed(p, values);
  const { embedding } = p;
  const rows = embedding.shape[0] as number;
  return rows <= FEW ? matmul(oneHot(values, rows, embedding.dtype), embedding) : gather(embedding, values);
}

/** The token before the first site, `[1, width]`. */
export function startToken(p: Symbolic<TransformerParameters>, { sizes }: Network): Tensor {
  if (p.start) return reshape(p.start, [1, sizes.width]);
  return slice(p.embedding, 0, sizes.states);
}

/** Tokens of the start and of the values but the last, `[batch, sites, width]`, for `x: [batch, sites]` by position. */
function tokens(p: Symbolic<TransformerParameters>, net: Network, x: Tensor): Tensor {
  const { sites, states, width } = net.sizes;
  const batch = x.shape[0] as number;
  const before = sites === 1 ? undefined : slice(cast(x, "i32"), 1, 0, sites - 1);
  if (!p.start) {
    const start = full([batch, 1], states, "i32");
    return embed(p, net, before ? concat([start, before], 1) : start);
  }
  const start = broadcastTo(p.start, [batch, 1, width]);
  return before ? concat([start, embed(p, net, before)], 1) : start;
}

/**
 * The sites of the values that tokens hold, `sites` for none: `[..., sites]` i32 from the sites to be
 * predicted.
 */
export function heldSites({ sizes: { sites } }: Network, targets: Tensor): Tensor {
  const start = full([...targets.shape.slice(0, -1), 1], sites, "i32");
  return sites === 1 ? start : concat([start, slice(targets, -1, 0, sites - 1)], -1);
}

/** How queries and keys are turned: cosines and sines by position, to be broadcast over heads. */
export type Turns = {
  readonly query: { readonly cos: Tensor; readonly sin: Tensor };
  readonly key: { readonly cos: Tensor; readonly sin: Tensor };
};

/** {@link Turns} of the sites to be predicted and of those held, `[..., sites]` i32: tables `[..., sites, width of a head]`. */
export function turnsOf(net: Network, dtype: "f32" | "f64", targets: Tensor, held: Tensor): Turns {
  const { cos, sin } = rotations(net.space, net.sizes.head, dtype);
  const at = (of: Tensor) => ({ cos: gather(constant(cos), of), sin: gather(constant(sin), of) });
  return { query: at(targets), key: at(held) };
}

/** The weight of a layer's queries, keys and values: queries scaled by 1/√(width of a head), with their quarter turns. */
export function projection({ sizes, rotary }: Network, layer: Symbolic<Layer>): Tensor {
  const { width, heads, head } = sizes;
  const { attention: weight } = layer;
  const query = mul(slice(weight, 1, 0, width), 1 / Math.sqrt(head));
  const key = slice(weight, 1, width, 2 * width);
  const value = slice(weight, 1, 2 * width);
  if (!rotary) return concat([query, key, value], 1);
  const turn = constant(quarterTurn(heads, head, weight.dtype as "f32" | "f64"));
  return concat([query, key, value, matmul(query, turn), matmul(key, turn)], 1);
}

/** x turned, given its quarter turn. */
export const turned = (x: Tensor, quarter: Tensor, { cos, sin }: Turns["query"]): Tensor =>
  add(mul(x, cos), mul(quarter, sin));

/** What the MLP of a layer adds to `x: [rows, width]`. */
export function mlp(net: Network, { hidden, back }: Symbolic<Layer>, x: Tensor): Tensor {
  const sums = add(matmul(standardize(x), hidden.weight), hidden.bias);
  return matmul(activations[net.activation](sums), back);
}

/** Logits `[..., outputs]` of the last activations `[..., width]`; of a large vocabulary the features they are made of. */
export function project(p: Symbolic<TransformerParameters>, net: Network, x: Tensor): Tensor {
  const { space, sizes, words } = net;
  // Over rows, as a matrix: the engine joins a sum of three axes with what standardizes it, in a slower operation.
  const matrix = reshape(x, [elements(x.shape) / sizes.width, sizes.width]);
  const h = reshape(mul(standardize(matrix), p.gain), x.shape);
  if (words || !p.bias) return h;
  const rows = slice(p.embedding, 0, 0, sizes.states);
  const columns = space.kind === "categorical" ? rows : sub(slice(rows, 0, 1, 2), slice(rows, 0, 0, 1));
  return add(matmul(h, transpose(columns)), p.bias);
}

/**
 * Outputs of the sites in a sequence, `[batch, sites, outputs]`, each given those before it.
 *
 * `x: [batch, sites]` are values by position; `targets` the site at each position, `[sites]`, or
 * `[batch, sites]` if each row has its own order. The token at a position holds the value of the site before
 * it, that site, and the site to be predicted; attention looks at tokens up to its own.
 */
export function forward(
  p: Symbolic<TransformerParameters>,
  net: Network,
  x: Tensor,
  targets: Tensor,
  context?: Tensor,
): Tensor {
  const { sites: n, width, heads, head } = net.sizes;
  const batch = x.shape[0] as number;
  const dtype = p.gain.dtype as "f32" | "f64";
  const held = heldSites(net, targets);

  let h = tokens(p, net, x);
  if (p.target) h = add(h, placed(p.target, targets));
  if (p.held) h = add(h, placed(p.held, held));
  if (p.context && context) h = add(h, expandDims(matmul(context, p.context), 1));
  const sites = siteContexts(p, net, context, targets);
  if (sites) h = add(h, sites.target);
  if (sites && n > 1) h = add(h, pad(slice(sites.held, 1, 0, n - 1), 1, 1, 0));

  const perHead = (t: Tensor) => (t.shape.length === 2 ? t : expandDims(t, 1));
  const turns = net.rotary ? turnsOf(net, dtype, targets, held) : undefined;
  const [query, key] = [turns?.query, turns?.key].map(
    (t) => t && { cos: perHead(t.cos), sin: perHead(t.sin) },
  );
  const mask = causalMask(n, dtype);
  for (const layer of p.layers) {
    const weight = projection(net, layer);
    const kinds = (weight.shape[1] as number) / width;
    const joint = reshape(matmul(standardize(h), weight), [batch, n, kinds, heads, head]);
    const apart = transpose(joint, [2, 0, 3, 1, 4]);
    const [q, k, v, qr, kr] = Array.from({ length: kinds }, (_, i) =>
      reshape(slice(apart, 0, i, i + 1), [batch, heads, n, head]),
    ) as [Tensor, Tensor, Tensor, Tensor?, Tensor?];
    const o = attention(qr && query ? turned(q, qr, query) : q, kr && key ? turned(k, kr, key) : k, v, mask);
    const mixed = reshape(transpose(o, [0, 2, 1, 3]), [batch, n, width]);
    h = add(h, matmul(mixed, layer.output));
    h = add(h, mlp(net, layer, h));
  }
  return project(p, net, h);
}

/**
 * What the context of each site adds to the token that predicts it and to the one that holds it, `[batch, sites, width]` in the order of
 * `targets: [sites]`; undefined where all sites know the whole context.
 */
export function siteContexts(
  { siteContext }: Symbolic<TransformerParameters>,
  { sizes: { sites, width } }: Network,
  context: Tensor | undefined,
  targets: Tensor,
): { readonly target: Tensor; readonly held: Tensor } | undefined {
  if (!siteContext || !context) return undefined;
  const batch = context.shape[0] as number;
  const features = (context.shape[1] as number) / sites;
  const own = gather(reshape(context, [batch, sites, features]), targets, 1);
  const through = (weight: Tensor) => reshape(matmul(own, weight), [batch, sites, width]);
  return { target: through(siteContext.target), held: through(siteContext.held) };
}

/** Rows of a table of sites: looked up, or the table itself if the sites are in their natural order. */
function placed(table: Tensor, sites: Tensor): Tensor {
  return gather(table, sites);
}

/** 0 if a position may look at another, −∞ beyond it. */
function causalMask(n: number, dtype: "f32" | "f64"): Tensor {
  const entry = (_: unknown, i: number) => (i % n > Math.floor(i / n) ? Number.NEGATIVE_INFINITY : 0);
  return constant(arrayFrom(dtype, [n, n], Array.from({ length: n * n }, entry)));
}
