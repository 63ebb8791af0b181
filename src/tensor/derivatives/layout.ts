import { dilate } from "../ops/dilate.ts";
import {
  broadcastOperation,
  concatOperation,
  flip,
  flipOperation,
  pad,
  padOperation,
  reshape,
  reshapeOperation,
  slice,
  sliceOperation,
  transpose,
  transposeOperation,
} from "../ops/layout.ts";
import { unbroadcast } from "../ops/unbroadcast.ts";
import { BATCH } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type Derivatives, rule } from "./rule.ts";

export const layoutDerivatives: Derivatives = [
  rule(reshapeOperation, ({ inputs, cotangents }) => [
    reshape(cotangents[0] as Tensor, (inputs[0] as Tensor).shape),
  ]),
  rule(transposeOperation, ({ attributes, cotangents }) => {
    const inverse = attributes.permutation.map((_, i) => attributes.permutation.indexOf(i));
    return [transpose(cotangents[0] as Tensor, inverse)];
  }),
  rule(broadcastOperation, ({ inputs, cotangents }) => [
    unbroadcast(cotangents[0] as Tensor, (inputs[0] as Tensor).shape),
  ]),
  rule(concatOperation, ({ inputs, attributes: { axis }, cotangents }) => {
    const g = cotangents[0] as Tensor;
    const size = (x: Tensor) => x.shape[axis] as number;
    const total = size(g);
    const around = (x: Tensor, ...sizes: number[]) => x.shape.toSpliced(axis, 1, ...sizes);
    // Along a symbolic axis whole batches are told apart, by an axis of their own.
    const split = total < 0 ? reshape(g, around(g, -total, BATCH)) : g;
    let start = 0;
    return inputs.map((x) => {
      const length = Math.abs(size(x));
      start += length;
      return reshape(slice(split, axis, start - length, start), x.shape);
    });
  }),
  rule(sliceOperation, ({ inputs, attributes: { axis, start, stride }, cotangents }) => {
    const size = (inputs[0] as Tensor).shape[axis] as number;
    const spread = dilate(cotangents[0] as Tensor, axis, stride);
    const length = spread.shape[axis] as number;
    return [pad(spread, axis, start, size - start - length)];
  }),
  rule(padOperation, ({ inputs, attributes: { axis, before }, cotangents }) => {
    const size = (inputs[0] as Tensor).shape[axis] as number;
    return [slice(cotangents[0] as Tensor, axis, before, before + size)];
  }),
  rule(flipOperation, ({ attributes, cotangents }) => [flip(cotangents[0] as Tensor, attributes.axis)]),
];
