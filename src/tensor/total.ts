import { add } from "./ops/arithmetic.ts";
import { zeros } from "./ops/fill.ts";
import { concat, pad, padOperation } from "./ops/layout.ts";
import type { Tensor } from "./tensor.ts";

/** Returns the sum of a cotangent's terms; undefined when there are none. */
export function total(terms: readonly Tensor[]): Tensor | undefined {
  const [first, ...rest] = joinPieces(terms);
  return first === undefined ? undefined : rest.reduce(add, first);
}

/** A term that is zero outside `start` … `end` − 1 along `axis`. */
interface Piece {
  readonly term: Tensor;
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

function pieceOf(term: Tensor): Piece | undefined {
  const { operation, inputs, attributes } = term.node;
  if (operation !== padOperation) return undefined;
  const { axis, before } = attributes as { axis: number; before: number };
  return { term, axis, start: before, end: before + ((inputs[0] as Tensor).shape[axis] as number) };
}

/**
 * Merges terms: cotangents of slices that do not overlap, each padded with zeros, are laid end to end instead
 * of being added.
 */
function joinPieces(terms: readonly Tensor[]): Tensor[] {
  const pieces = terms.map(pieceOf).filter((piece) => piece !== undefined);
  const axis = pieces[0]?.axis;
  const lane: Piece[] = [];
  for (const piece of pieces.filter((p) => p.axis === axis).sort((a, b) => a.start - b.start))
    if (piece.start >= (lane.at(-1)?.end ?? 0)) lane.push(piece);
  if (lane.length < 2 || axis === undefined) return [...terms];
  const joined = new Set(lane.map((piece) => piece.term));
  return [join(lane, axis), ...joinPieces(terms.filter((t) => !joined.has(t)))];
}

function join(lane: readonly Piece[], axis: number): Tensor {
  const parts: Tensor[] = [];
  const { shape, dtype } = (lane[0] as Piece).term;
  const [first, last] = [lane[0] as Piece, lane.at(-1) as Piece];
  let at = first.start;
  for (const { term, start, end } of lane) {
    if (start > at)
      parts.push(
        zeros(
          shape.map((n, i) => (i === axis ? start - at : n)),
          dtype,
        ),
      );
    parts.push(term.node.inputs[0] as Tensor);
    at = end;
  }
  return pad(concat(parts, axis), axis, first.start, (shape[axis] as number) - last.end);
}
