import {
  add,
  concat,
  flip,
  gather,
  reshape,
  scan,
  slice,
  type Tensor,
  transpose,
  zeros,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import type { Order } from "../autoregressive/conditionals.ts";
import type { Cell, States, Sums } from "./cells.ts";
import type { Lattice } from "./lattice.ts";
import { contextSums, driven, encode, type Network, outputsOf, recurred } from "./network.ts";
import type { LayerParameters, RnnParameters } from "./parameters.ts";

type Layer = Symbolic<LayerParameters>;

/** Outputs of every site given those before it, `[batch, sites, outputs]`, for `x: [batch, sites]` as the sites lie. */
export function forward(
  p: Symbolic<RnnParameters>,
  net: Network,
  x: Tensor,
  { sites, positions }: Order,
  context?: Tensor,
): Tensor {
  const { cell, lattice } = net;
  const fromContext = contextSums(p, context);
  // Sites first, so that every step of a loop reads and writes whole rows of memory.
  const values = encode(p, net, gather(transpose(x), sites, 0));
  const h = p.layers.reduce<Tensor | undefined>((below, layer, i) => {
    const inputs = below === undefined ? neighbourValues(lattice, values) : [below];
    const sums = driven(layer, inputs);
    const shared = i === 0 && fromContext;
    const drive = shared
      ? { gates: add(sums.gates, shared.gates), input: add(sums.input, shared.input) }
      : sums;
    return lattice.dimensions === 2
      ? overLattice(cell, layer, lattice, drive)
      : alongChain(cell, layer, drive)[0];
  }, undefined) as Tensor;
  const asTheyLie = (t: Tensor) => transpose(gather(t, positions, 0), [1, 0, 2]);
  // The narrower of states and outputs is the one that is rearranged.
  const narrow = (p.output.weight.shape[1] as number) <= (h.shape[2] as number);
  return narrow ? asTheyLie(outputsOf(p, h, fromContext)) : outputsOf(p, asTheyLie(h), spread(fromContext));
}

/** The context's share of outputs that are `[batch, sites, outputs]`. */
function spread<C extends { readonly output: Tensor } | undefined>(context: C): C {
  if (!context) return context;
  const [batch, outputs] = context.output.shape as [number, number];
  return { ...context, output: reshape(context.output, [batch, 1, outputs]) };
}

/** The rows of an array along an axis, one later: zeros come first, the last row is lost. */
function delayed(t: Tensor, axis: number): Tensor {
  const first = t.shape.map((n, i) => (i === axis ? 1 : n));
  return concat([zeros(first, t.dtype), slice(t, axis, 0, (t.shape[axis] as number) - 1)], axis);
}

/** Encoded values `[sites, batch, width]` of each site's neighbours, zero for a missing neighbour. */
function neighbourValues({ dimensions, lines, length, snake }: Lattice, values: Tensor): Tensor[] {
  if (dimensions === 1) return [delayed(values, 0)];
  const byLine = reshape(values, [lines, length, ...values.shape.slice(1)]);
  const above = delayed(snake ? flip(byLine, 1) : byLine, 0);
  return [delayed(byLine, 1), above].map((t) => reshape(t, values.shape));
}

type Drive = Pick<Sums, "gates" | "input"> & Partial<Pick<Sums, "recurrent">>;

/**
 * States of a layer along a chain or one line, `[sites, batch, units]` each, given the states of the line
 * above.
 */
function alongChain(cell: Cell, layer: Layer, drive: Drive, above?: States): States {
  const [, batch, units] = drive.input.shape as [number, number, number];
  const start = Array.from({ length: cell.states }, () => zeros([batch, units], drive.input.dtype));
  const step = (states: States, site: Drive & { readonly above?: States }) => {
    const along = recurred(layer, 0, states[0] as Tensor);
    const sums: Sums = {
      gates: add(along.gates, site.gates),
      input: site.input,
      recurrent: site.recurrent ? add(along.recurrent, site.recurrent) : along.recurrent,
    };
    const next: States = cell.next(sums, site.above ? [states, site.above] : [states]);
    return [next, next] as const;
  };
  return scan(step, start as States, above ? { ...drive, above } : drive)[1];
}

/** Outputs of a layer `[sites, batch, units]` on a lattice: a loop over lines around one over the sites of a line. */
function overLattice(cell: Cell, layer: Layer, { lines, length, snake }: Lattice, drive: Drive): Tensor {
  const [n, batch, units] = drive.input.shape as [number, number, number];
  const type = drive.input.dtype;
  const byLine = (t: Tensor) => reshape(t, [lines, length, ...t.shape.slice(1)]);
  const before = Array.from({ length: cell.states }, () => zeros([length, batch, units], type));
  const line = (left: States, site: Pick<Sums, "gates" | "input">) => {
    const above = snake ? left.map((t) => flip(t, 0)) : left;
    const { gates, recurrent } = recurred(layer, 1, above[0] as Tensor);
    const states = alongChain(
      cell,
      layer,
      { gates: add(site.gates, gates), input: site.input, recurrent },
      above,
    );
    return [states, states[0] as Tensor] as const;
  };
  const [, h] = scan(line, before as States, { gates: byLine(drive.gates), input: byLine(drive.input) });
  return reshape(h, [n, batch, units]);
}
