import { arrayFrom, type DType } from "../../../array.ts";
import type { ActivationName } from "../../../nn/activation.ts";
import {
  add,
  constant,
  cumsum,
  customGradient,
  expandDims,
  grad,
  matmul,
  mul,
  pad,
  reshape,
  scan,
  slice,
  sum,
  type Tensor,
  transpose,
  zeros,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import { type NadeParameters, upper } from "./network.ts";

/** Numbers that a block's sites are to the network, about: the product within a block does more arithmetic the larger it is. */
const blockInputs = 8;

/** A network seen by its sites in the order of a walk. */
export interface Sequence {
  /** `[batch, hidden]`: pre-activations of the first hidden layer before the first site. */
  readonly start: Tensor;
  /** `[batch, sites, inputs]`. */
  readonly x: Tensor;
  /** `[sites, inputs, hidden]`: what a site adds to the pre-activations. */
  readonly rows: Tensor;
  /** `[sites, hidden, outputs]`: how the last hidden layer makes a site's outputs. */
  readonly columns: Tensor;
  readonly layers: Symbolic<NadeParameters>["layers"];
  /** `[batch, hidden]`: what the last hidden layer's units are multiplied by, at every site; a constant to derivatives. */
  readonly kept?: Tensor | undefined;
}

type Block = {
  /** `[batch, hidden]`: pre-activations before the block's first site. */
  readonly start: Tensor;
  /** `[batch, sites · inputs]`. */
  readonly x: Tensor;
  readonly rows: Tensor;
  readonly columns: Tensor;
  readonly layers: Symbolic<NadeParameters>["layers"];
};

/** What the blocks share and no derivative is taken of. */
interface Setting {
  readonly activation: ActivationName;
  readonly kept: Tensor | undefined;
}

/**
 * The network's outputs for every site given those before it, `[batch, sites, outputs]`. Site by site the
 * pre-activations cost little arithmetic but one small step after another; over all sites at once they fill
 * the memory. Here a block of sites is taken at a time: its pre-activations are those before it plus one
 * product with a strictly triangular arrangement of its own inputs, and stay in the processor's cache. The
 * derivative goes through the blocks again and keeps only the pre-activations before each.
 */
export function outputsInOrder(s: Sequence, activation: ActivationName): Tensor {
  const [batch, n, inputs] = s.x.shape as [number, number, number];
  const [first, top, outputs] = [s.start.shape[1], ...s.columns.shape.slice(1)] as [number, number, number];
  // As many sites in each, so that the last is not mostly empty.
  const size = Math.ceil(n / Math.ceil(n / Math.max(1, Math.floor(blockInputs / inputs))));
  const blocks = Math.ceil(n / size);
  const filled = (t: Tensor, axis: number) => pad(t, axis, 0, blocks * size - n);
  // What is the same for all sites travels in one list: tensors, then weight and bias of each layer.
  const flat = [
    s.start,
    transpose(reshape(filled(s.x, 1), [batch, blocks, size * inputs]), [1, 0, 2]),
    reshape(filled(s.rows, 0), [blocks, size * inputs, first]),
    reshape(filled(s.columns, 0), [blocks, size, top, outputs]),
    ...s.layers.flatMap(({ weight, bias }) => [weight, bias]),
  ];
  const setting = { activation, kept: s.kept };
  const [y] = customGradient(
    (...tensors) => [forward(listed(tensors), setting)],
    ([g], tensors) => (g === undefined ? [] : backward(listed(tensors), g, setting)),
  )(...flat);
  const rows = reshape(y as Tensor, [blocks * size, batch, outputs]);
  return transpose(slice(rows, 0, 0, n), [1, 0, 2]);
}

function listed([start, x, rows, columns, ...rest]: readonly Tensor[]): Block {
  const layers = Array.from({ length: rest.length / 2 }, (_, i) => ({
    weight: rest[2 * i] as Tensor,
    bias: rest[2 * i + 1] as Tensor,
  }));
  return { start, x, rows, columns, layers } as Block;
}

/** The outputs of the sites of one block, `[sites, batch, outputs]`. */
function outputsOf({ start, x, rows, columns, layers }: Block, { activation, kept }: Setting): Tensor {
  const size = columns.shape[0] as number;
  let first = expandDims(start, 0);
  if (size > 1) {
    const seen = sitesBefore(size, (rows.shape[0] as number) / size, x.dtype);
    first = add(matmul(mul(expandDims(x, 0), seen), rows), first);
  }
  const top = upper(layers, activation, first);
  return matmul(kept ? mul(top, kept) : top, columns);
}

/** `[sites, 1, sites · inputs]`: 1 where a site of a block sees an input of it. */
function sitesBefore(size: number, inputs: number, dtype: DType): Tensor {
  const width = size * inputs;
  const entry = (_: unknown, i: number) => (Math.floor((i % width) / inputs) < Math.floor(i / width) ? 1 : 0);
  return constant(arrayFrom(dtype, [size, 1, width], Array.from({ length: size * width }, entry)));
}

/** The outputs of every block in turn, `[blocks, sites, batch, outputs]`: the pre-activations are carried along. */
function forward({ start, layers, ...each }: Block, setting: Setting): Tensor {
  const [, y] = scan(
    (first: Tensor, block: typeof each) => [
      add(first, matmul(block.x, block.rows)),
      outputsOf({ ...block, start: first, layers }, setting),
    ],
    start,
    each,
  );
  return y;
}

/** The pre-activations before each block, `[blocks, batch, hidden]`. */
const before = ({ start, x, rows }: Pick<Block, "start" | "x" | "rows">): Tensor =>
  add(cumsum(matmul(x, rows), 0, { exclusive: true }), start);

/** The cotangents of all arguments of `forward`, in the same order, from those of its outputs. */
function backward(all: Block, g: Tensor, setting: Setting): Tensor[] {
  const { layers, x, rows, columns } = all;
  const own = (block: Block, cotangent: Tensor) =>
    grad((b: Block) => sum(mul(outputsOf(b, setting), cotangent)))(block) as Block;
  type Slice = { block: Omit<Block, "layers">; g: Tensor };
  const [ofLayers, parts] = scan(
    (sums: Block["layers"], step: Slice) => {
      const { layers: these, ...rest } = own({ ...step.block, layers }, step.g);
      const next = sums.map((s, i) => ({
        weight: add(s.weight, these[i]?.weight as Tensor),
        bias: add(s.bias, these[i]?.bias as Tensor),
      }));
      return [next, rest];
    },
    layers.map(({ weight, bias }) => ({
      weight: zeros(weight.shape, weight.dtype),
      bias: zeros(bias.shape, bias.dtype),
    })),
    { block: { start: before(all), x, rows, columns }, g },
  );
  const through = grad((b: Pick<Block, "start" | "x" | "rows">) => sum(mul(before(b), parts.start)))({
    start: all.start,
    x,
    rows,
  });
  return [
    through.start as Tensor,
    add(through.x as Tensor, parts.x),
    add(through.rows as Tensor, parts.rows),
    parts.columns,
    ...ofLayers.flatMap(({ weight, bias }) => [weight, bias]),
  ];
}
