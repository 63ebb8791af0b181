import { type NDArray, ndarray } from "../../../../array.ts";
import { uniformInit, zerosInit } from "../../../../nn/init.ts";
import { type SiteStencil, siteConvolution } from "../../../../nn/site-convolution.ts";
import type { Key } from "../../../../random/key.ts";
import {
  add,
  concat,
  expandDims,
  gather,
  matmul,
  mul,
  reshape,
  square,
  type Tensor,
  tanh,
  transpose,
} from "../../../../tensor/index.ts";
import { constant } from "../../../../tensor/ops/constant.ts";
import type { Symbolic } from "../../../contract.ts";
import type { Conditioner } from "../conditioner.ts";
import type { Transform } from "../transform.ts";

/** A linear map of channels; `context` adds to it if there is one. */
type Linear = {
  readonly weight: NDArray<"f32">;
  readonly bias?: NDArray<"f32">;
  readonly context?: NDArray<"f32">;
};

/** The parameters of {@link latticeConditioner}. */
export type LatticeConditionerParameters = {
  /** Kernels `[orbits, channels in, channels out]`; `gain: [contextSize, channels]` scales the sums by the context. */
  readonly layers: readonly {
    readonly weight: NDArray<"f32">;
    readonly bias?: NDArray<"f32">;
    readonly gain?: NDArray<"f32">;
  }[];
  /** From channels, or their squares, to the numbers of the transform that keep their sign, and to those that change it. */
  readonly even?: Linear;
  readonly odd?: Linear;
};

/** See {@link latticeConditioner}. */
export interface LatticeConditionerOptions {
  /** From the sites that are kept to those that are moved. */
  readonly first: SiteStencil;
  /** Among the sites that are moved, of every hidden layer but the first. */
  readonly next: SiteStencil;
  readonly channels: number;
  /** Hidden layers. */
  readonly layers: number;
  readonly contextSize: number;
  /** Channels of each kept site: 1 for a field. */
  readonly inputs: number;
  /**
   * Whether outputs change sign with the input as the transform's `parity` requires, so that the coupling is
   * odd.
   */
  readonly odd: boolean;
  readonly transform: Transform;
}

/**
 * A network of periodic convolutions from the kept sites of a lattice, `[batch, sources · inputs]`, to the
 * numbers that move each other site, `[batch, size, targets]`; translations of the stencils commute with it.
 * Hidden units are u = tanh(convolution). An odd one has no biases: numbers of odd parity are linear in u,
 * those of even parity in u².
 */
export function latticeConditioner(o: LatticeConditionerOptions): Conditioner<LatticeConditionerParameters> {
  const { transform, channels, contextSize } = o;
  const { size, parity = Array<"even">(size).fill("even") } = transform;
  const places = (kind: "even" | "odd") => [...parity.keys()].filter((k) => parity[k] === kind);
  const order = [...places("even"), ...places("odd")];
  const back = Int32Array.from(order.keys(), (k) => order.indexOf(k));
  const inOrder = back.every((p, k) => p === k);
  const linear = (outputs: number, biased: boolean): Linear => ({
    weight: zerosInit([channels, outputs]),
    ...(biased && { bias: zerosInit([outputs]) }),
    ...(biased && contextSize > 0 && { context: zerosInit([contextSize, outputs]) }),
  });
  const apply = (
    { weight, bias, context: map }: Symbolic<Linear>,
    u: Tensor,
    context: Tensor | undefined,
  ) => {
    let out = matmul(u, weight);
    if (bias) out = add(out, bias);
    return map && context ? add(out, expandDims(matmul(context, map), 1)) : out;
  };

  return {
    init(key: Key) {
      const layers = Array.from({ length: o.layers }, (_, i) => {
        const stencil = i === 0 ? o.first : o.next;
        const inputs = i === 0 ? o.inputs : channels;
        // Variance 1/fan in, over the taps that are there.
        const limit = Math.sqrt(3 / (stencil.taps * inputs));
        return {
          weight: uniformInit(key.fold(i), [stencil.orbits, inputs, channels], limit),
          ...(!o.odd && { bias: zerosInit([channels]) }),
          ...(contextSize > 0 && { gain: ndarray("f32", [contextSize, channels]) }),
        };
      });
      return {
        layers,
        ...(places("even").length > 0 && { even: linear(places("even").length, true) }),
        ...(places("odd").length > 0 && { odd: linear(places("odd").length, !o.odd) }),
      };
    },
    outputs(p, kept, context) {
      const batch = kept.shape[0] as number;
      let u = reshape(kept, [batch, o.first.sources, o.inputs]);
      for (const [i, { weight, bias, gain }] of p.layers.entries()) {
        let sums = siteConvolution(u, weight, i === 0 ? o.first : o.next);
        if (gain && context) sums = mul(sums, add(expandDims(matmul(context, gain), 1), 1));
        u = tanh(bias ? add(sums, bias) : sums);
      }
      const parts = [
        ...(p.even ? [apply(p.even, o.odd ? square(u) : u, context)] : []),
        ...(p.odd ? [apply(p.odd, u, context)] : []),
      ];
      const raw = transpose(concat(parts, 2), [0, 2, 1]);
      if (inOrder) return raw;
      return gather(raw, constant({ dtype: "i32", shape: [size], data: back }), 1);
    },
  };
}

/** Number of parameters of {@link latticeConditioner}, from the orbits of its stencils. */
export function latticeConditionerCount(
  o: Pick<LatticeConditionerOptions, "channels" | "layers" | "contextSize" | "inputs"> & {
    readonly size: number;
  },
  orbits: { readonly first: number; readonly next: number },
): number {
  const { channels, layers, contextSize, size } = o;
  const kernels = orbits.first * o.inputs * channels + (layers - 1) * orbits.next * channels ** 2;
  return kernels + layers * channels * (1 + contextSize) + size * (channels + 1 + contextSize);
}
