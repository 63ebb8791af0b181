import { arrayFrom } from "../../../array.ts";
import { windows } from "../../../nn/stencil.ts";
import {
  add,
  concat,
  constant,
  equal,
  expandDims,
  gather,
  matmul,
  mul,
  oneHot,
  reshape,
  slice,
  type Tensor,
  where,
  zeros,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import type { Walk } from "../autoregressive/conditionals.ts";
import { gate } from "./gate.ts";
import type { Offset } from "./grid.ts";
import { encode, headLogits, horizontalOut, realType, withContext } from "./network.ts";
import type { Convolution, PixelcnnParameters } from "./parameters.ts";
import type { Plan } from "./plan.ts";
import { rowStencil } from "./stencil.ts";

/** What a layer keeps, if it reads anything but its own place. */
type Kept = readonly [Tensor] | readonly [];

type State = {
  /** `[batch, columns, inputs]`: the pixels of this row drawn so far, last ones last, zeros before them. */
  readonly left: Tensor;
  /** `[batch, rows kept · columns, inputs]` of each layer of the vertical stack: the rows above that it still reads. */
  readonly above: readonly Kept[];
  /** `[batch, columns, 2 · channels]` of each layer: what the vertical stack adds to the horizontal one in this row. */
  readonly links?: readonly Tensor[];
  /** `[batch, columns kept, channels]` of each layer above the first: the activations to the left that it still reads. */
  readonly behind: readonly Kept[];
  /** `[batch, channels · encoded]`: the channels of this pixel drawn so far, zeros for the others. */
  readonly pixel?: Tensor;
};

type Step = {
  /** Column of the site, and its channel. */
  readonly column: Tensor;
  readonly channel: Tensor;
  /** `[outputs]`: bias of its logits. */
  readonly bias: Tensor;
};

/**
 * Visits the sites in raster order. Before each row the vertical stack is computed for the whole row from the rows kept
 * above; each pixel then costs one pass of the horizontal stack over the activations kept to its left. A configuration
 * costs as much as scoring it, not one pass a site.
 */
export function pixelcnnWalk(
  p: Symbolic<PixelcnnParameters>,
  plan: Plan,
  batch: number,
  context?: Tensor,
): Walk<State, Step> {
  const { grid, channels, stack } = plan;
  const { columns, channels: each } = grid;
  const dtype = realType(p);
  const inputs = each * plan.encoded;
  const isTall = stack[0]?.vertical !== undefined;
  const reach = stack.map(({ taps }) => ({
    rows: furthest(taps.vertical, "dy"),
    columns: furthest(taps.horizontal, "dx"),
  }));
  const empty = (...shape: number[]) => zeros([batch, ...shape], dtype);
  const noPixels = empty(columns, inputs);
  const nothingBehind = stack.map((_, i): Kept => {
    const kept = reach[i]?.columns as number;
    return i > 0 && kept > 0 ? [empty(kept, channels)] : [];
  });

  /** The vertical stack for the row after `left`, and the rows it will read. */
  const enter = ({ left, above, ...state }: State): State => {
    if (!isTall) return { ...state, left: noPixels, above, behind: nothingBehind };
    let row = left;
    const kept: Kept[] = [];
    const links = p.layers.map(({ vertical, horizontal }, i) => {
      const { taps, inputs: own } = stack[i] as Plan["stack"][number];
      const depth = reach[i]?.rows as number;
      const [register] = above[i] as Kept;
      // The first layer reads rows of pixels above the new one: `left`, that just ended, is the nearest of them.
      const rows = i === 0 ? pushed(register as Tensor, row) : register ? concat([register, row], 1) : row;
      kept.push(i === 0 ? [rows] : register ? [slice(rows, 1, columns)] : []);
      const indices = rowStencil(grid, taps.vertical, i === 0 ? depth : depth + 1, i === 0 ? 1 : 0);
      const { weight } = vertical as Symbolic<Convolution>;
      const read = matmul(windows(rows, indices, taps.vertical.length), weight as Tensor);
      const gated = gate(
        plan.gate,
        withContext(vertical as Symbolic<Convolution>, read, [batch, columns], context),
      );
      const next = plan.residual && i > 0 ? add(gated, reshape(row, gated.shape)) : gated;
      row = reshape(next, [batch, columns, channels]);
      const link = slice(horizontal.weight as Tensor, 0, taps.horizontal.length * own);
      return reshape(matmul(next, link), [batch, columns, 2 * channels]);
    });
    return { ...state, left: noPixels, above: kept, links, behind: nothingBehind };
  };

  /** The horizontal stack at one pixel: what each layer above the first reads there, and the features at the top. */
  const visit = ({ left, links, behind }: State, { column }: Step) => {
    const read: (Tensor | undefined)[] = [];
    let below = left;
    let features: Tensor | undefined;
    p.layers.forEach(({ horizontal, out }, i) => {
      const { taps, inputs: own } = stack[i] as Plan["stack"][number];
      const [register] = behind[i] as Kept;
      const seen = i === 0 ? left : register ? concat([register, below], 1) : below;
      read.push(i === 0 ? undefined : seen);
      const last = (seen.shape[1] as number) - (i === 0 ? 0 : 1);
      const at = taps.horizontal.map(({ dx }) => last + dx);
      const product =
        at.length > 0 && horizontal.weight
          ? matmul(
              reshape(gather(seen, indices(at), 1), [batch, at.length * own]),
              slice(horizontal.weight, 0, 0, at.length * own),
            )
          : undefined;
      const link = links && gather(links[i] as Tensor, column, 1);
      const sums = withContext(
        horizontal,
        product && link ? add(product, link) : (product ?? link),
        [batch, 1],
        context,
      );
      features = horizontalOut(out, gate(plan.gate, sums), plan.residual && i > 0 ? features : undefined);
      below = reshape(features, [batch, 1, channels]);
    });
    return { features: features as Tensor, read };
  };

  return {
    start: {
      left: noPixels,
      above: stack.map(({ inputs: own, vertical }, i): Kept => {
        const kept = reach[i]?.rows as number;
        return vertical && kept > 0 ? [empty(kept * columns, own)] : [];
      }),
      ...(isTall ? { links: stack.map(() => empty(columns, 2 * channels)) } : {}),
      behind: nothingBehind,
      ...(each > 1 ? { pixel: empty(inputs) } : {}),
    },
    steps: stepsOf(p, plan),
    line: { length: columns * each, enter },
    outputs(state, step) {
      const logits = headLogits(p, plan, visit(state, step).features, state.pixel);
      const own = each > 1 ? gather(reshape(logits, [batch, each, plan.outputs]), step.channel, 1) : logits;
      return add(own, step.bias);
    },
    advance(state, step, value) {
      const { read } = visit(state, step);
      const drawn = encode(p, plan, value);
      const after = (pixel: Tensor) => ({
        left: pushed(state.left, expandDims(pixel, 1)),
        behind: state.behind.map(([register], i): Kept => (register ? [slice(read[i] as Tensor, 1, 1)] : [])),
      });
      if (!state.pixel) return { ...state, ...after(drawn) };
      // The channel takes its place in the pixel; after the last one the pixel joins those to the left.
      const place = oneHot(step.channel, each, dtype);
      const wide = mul(expandDims(drawn, 1), expandDims(place, 1));
      const pixel = add(state.pixel, reshape(wide, [batch, inputs]));
      const isLast = equal(step.channel, each - 1);
      const next = after(pixel);
      return {
        ...state,
        pixel: where(isLast, 0, pixel),
        left: where(isLast, next.left, state.left),
        behind: state.behind.map(
          ([register], i): Kept => (register ? [where(isLast, next.behind[i]?.[0] as Tensor, register)] : []),
        ),
      };
    },
  };
}

/** `register` with `t` appended along axis 1 and the oldest entries dropped, at the same length. */
function pushed(register: Tensor, t: Tensor): Tensor {
  return concat([slice(register, 1, t.shape[1] as number), t], 1);
}

function furthest(offsets: readonly Offset[], axis: "dx" | "dy"): number {
  return offsets.reduce((most, offset) => Math.max(most, -offset[axis]), 0);
}

const indices = (values: readonly number[]) => constant(arrayFrom("i32", [values.length], values));

function stepsOf(p: Symbolic<PixelcnnParameters>, { grid, siteBias }: Plan): Step {
  const { rows, columns, channels } = grid;
  const n = rows * columns * channels;
  const each = (of: (site: number) => number) => indices(Array.from({ length: n }, (_, i) => of(i)));
  const channel = each((i) => i % channels);
  return {
    column: each((i) => Math.floor(i / channels) % columns),
    channel,
    bias: siteBias ? p.head.logitBias : gather(p.head.logitBias, channel, 0),
  };
}
