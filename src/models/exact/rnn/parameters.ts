import type { NDArray } from "../../../array.ts";

type Matrix = NDArray<"f32">;

/** Products of one layer; a list has an entry for each neighbour: along the line, then the line above. */
export type LayerParameters = {
  readonly gates: {
    /** `[inputs, gates · units]`: of the neighbours' values in the first layer, of the layer below in others. */
    readonly input: readonly Matrix[];
    /** `[units, gates · units]`: of the neighbours' outputs. */
    readonly recurrent: readonly Matrix[];
    readonly bias: Matrix;
  };
  readonly candidate: {
    /** `[inputs, units]`. */
    readonly input: readonly Matrix[];
    /** `[units, units]`. */
    readonly recurrent: readonly Matrix[];
    readonly bias: Matrix;
    /** The bias that the reset gate multiplies, for cells that have one. */
    readonly recurrentBias?: Matrix;
  };
};

/** The same weights at every site. */
export type RnnParameters = {
  /**
   * `[states, width]`: what a value of many is to the network; few are one-hot. Where states are sampled it is a
   * vocabulary's table `[states, width + 1]`, which makes the logits too.
   */
  readonly embedding?: Matrix;
  /** Recurrent layers, from the sites up. */
  readonly layers: readonly LayerParameters[];
  /**
   * `[units, states]` and `[states]`: one logit for a binary site. Where states are sampled `[units, width]` and
   * `[width]`: the features that meet the table.
   */
  readonly output: { readonly weight: Matrix; readonly bias: Matrix };
  /** Contribution of the context at every site to the first layer and to the logits. */
  readonly context?: { readonly gates: Matrix; readonly candidate: Matrix; readonly output: Matrix };
};
