import { type Space, stateCount } from "../../../data/space.ts";
import type { ActivationName } from "../../../nn/activation.ts";
import type { Stencil } from "../../../nn/stencil.ts";
import type { GateName } from "./gate.ts";
import { firstTaps, type Grid, gridOf, type Taps, upperTaps } from "./grid.ts";
import { makeStencil } from "./stencil.ts";

/** Maximum number of states that enter one-hot; more states enter by an embedding and as a scaled number. */
const oneHotStates = 8;
/** Learned numbers of an embedded value, at most. */
const widestEmbedding = 16;

/** What the shape of a network depends on. */
export interface Sizes {
  readonly channels: number;
  readonly layers: number;
  readonly kernel: number;
  readonly first: number;
  readonly dilations: readonly number[];
  readonly head: number;
  readonly padding: "zero" | "periodic";
  readonly activation: ActivationName;
  readonly gate: GateName;
  readonly residual: boolean;
  readonly siteBias: boolean;
}

/** One layer: what its stacks read, and how many numbers a pixel of its input has. */
export interface LayerPlan {
  readonly taps: Taps;
  readonly inputs: number;
  /** Undefined if there are no rows above. */
  readonly vertical: Stencil | undefined;
  readonly horizontal: Stencil;
}

/** Everything about a network that does not depend on its parameters. */
export interface Plan extends Sizes {
  readonly space: Space;
  readonly grid: Grid;
  readonly contextSize: number;
  /** Logits of a site. */
  readonly outputs: number;
  /** Number of inputs that encode the value of a site, and how many of these are learned. */
  readonly encoded: number;
  readonly embedded: number;
  readonly stack: readonly LayerPlan[];
}

/** The plan of a network of the given sizes on a space. */
export function planOf(space: Space, contextSize: number, sizes: Sizes): Plan {
  const grid = gridOf(space, sizes.padding === "periodic");
  const states = stateCount(space) as number;
  const embedded = states > oneHotStates ? Math.min(widestEmbedding, sizes.channels) : 0;
  const encoded = space.kind === "binary" ? 1 : embedded > 0 ? embedded + 1 : states;
  const stack = Array.from({ length: sizes.layers }, (_, i): LayerPlan => {
    const dilation = sizes.dilations[i % sizes.dilations.length] as number;
    const taps = i === 0 ? firstTaps(grid, sizes.first) : upperTaps(grid, sizes.kernel, dilation);
    return {
      taps,
      inputs: i === 0 ? grid.channels * encoded : sizes.channels,
      vertical: taps.vertical.length > 0 ? makeStencil(grid, taps.vertical, "vertical") : undefined,
      horizontal: makeStencil(grid, taps.horizontal, "horizontal"),
    };
  });
  const outputs = space.kind === "binary" ? 1 : states;
  return { ...sizes, space, grid, contextSize, outputs, encoded, embedded, stack };
}
