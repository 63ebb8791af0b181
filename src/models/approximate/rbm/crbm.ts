import * as z from "zod";
import type { NDArray } from "../../../array.ts";
import { type Space, siteShape, sites } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { uniformInit, zerosInit } from "../../../nn/init.ts";
import {
  add,
  broadcastTo,
  conv2d,
  flip,
  mean,
  padPeriodic,
  reshape,
  type Tensor,
  transpose,
} from "../../../tensor/index.ts";
import type { Domain, EnergyModel, Family, Symbolic } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { trainingHyperparameters } from "../options.ts";
import { type Connections, independentSites, restricted, unitsOf } from "./restricted.ts";
import type { VisibleParameters } from "./visible.ts";

const { centred: _, ...training } = trainingHyperparameters;
const schema = z.strictObject({
  /** Hidden units at each site of the lattice (default 16). */
  maps: z.int().min(1).max(4096).default(16).describe("hidden units at each site of the lattice"),
  /** Sites along each axis that a hidden unit sees, an odd number (default 3). */
  kernel: z.int().min(1).default(3).describe("sites along each axis that a hidden unit sees, an odd number"),
  ...training,
});

/** Hyperparameters of {@link crbm}, defaults filled in. */
export type CrbmHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters of {@link makeCrbm}, all optional.
 *
 * @interface
 */
export type CrbmOptions = z.input<typeof schema>;

/** A convolutional RBM's parameters: the same at every site. */
export type CrbmParameters = {
  /** Bias of the hidden units of each map, `[maps]`. */
  readonly hidden: { readonly bias: NDArray<"f32"> };
  /** Numbers of one site. */
  readonly visible: VisibleParameters;
  /** `[maps, states, kernel, kernel]`; of a chain `[maps, states, 1, kernel]`. */
  readonly weight: NDArray<"f32">;
  /**
   * The independent sites that the tempered path starts from, set from the data: `[sites]`, `[sites, states]` or `[2,
   * sites]`.
   */
  readonly reference: NDArray<"f32">;
};

/** Rows and columns of a lattice; a chain has one row. */
function lattice(space: Space, kernel: number): { size: [number, number]; window: [number, number] } {
  const shape = siteShape(space);
  if (shape.length > 2)
    throw usageError(`crbm is for one- and two-dimensional lattices, not configurations of shape [${shape}]`);
  if (kernel % 2 === 0) throw usageError(`crbm: hyperparameter kernel: must be odd, not ${kernel}`);
  const small = shape.findIndex((n) => n < kernel);
  if (small >= 0)
    throw usageError(`crbm: a kernel of ${kernel} sites does not fit on an axis of ${shape[small]}`);
  return shape.length === 1
    ? { size: [1, shape[0] as number], window: [1, kernel] }
    : { size: [shape[0] as number, shape[1] as number], window: [kernel, kernel] };
}

/**
 * Convolutional RBM on a periodic chain or lattice: every site has the same hidden bits, which see the sites around it,
 * E(v) = −field(v) − Σ_{site, map} softplus(c_map + (K_map ⋆ v)_site), so that P is invariant under translations (Lee et al.
 * 2009, without pooling; periodic as in Torlai & Melko 2016). Visible units as in {@link makeRbm}. Throws AnsatzError
 * (usage) for other spaces, for a kernel that is even or larger than the lattice, and for a context.
 */
export function makeCrbm(domain: Domain, options: CrbmOptions = {}): EnergyModel<CrbmParameters> {
  const { space } = domain;
  const h = checkHyperparameters("crbm", schema, options);
  const independent = independentSites(domain, "crbm");
  const { size, window } = lattice(space, h.kernel);
  const units = unitsOf(space);
  const n = sites(space);
  const states = units.width / n;

  /** `[batch, width]`, site by site, to `[batch, channels, rows, columns]`. */
  const toGrid = (x: Tensor, channels: number) =>
    transpose(reshape(x, [x.shape[0] as number, ...size, channels]), [0, 3, 1, 2]);
  const fromGrid = (grid: Tensor) => {
    const [batch, channels] = grid.shape as [number, number];
    return reshape(transpose(grid, [0, 2, 3, 1]), [batch, n * channels]);
  };
  const around = (grid: Tensor) =>
    window.reduce((g, k, i) => (k > 1 ? padPeriodic(g, 2 + i, (k - 1) / 2) : g), grid);
  const everywhere = (t: Tensor, each: number) =>
    each === 1 ? broadcastTo(t, [n]) : reshape(broadcastTo(reshape(t, [1, each]), [n, each]), [n * each]);

  const connections: Connections<CrbmParameters> = {
    hidden: n * h.maps,
    input(p, features) {
      const seen = conv2d(around(toGrid(features, states)), p.weight);
      return add(fromGrid(seen), everywhere(p.hidden.bias, h.maps));
    },
    drive(p, hidden) {
      // The adjoint: each site hears the hidden units around it, through the kernel mirrored.
      const mirrored = flip(flip(transpose(p.weight, [1, 0, 2, 3]), 2), 3);
      return fromGrid(conv2d(around(toGrid(hidden, h.maps)), mirrored));
    },
    bias: (p) => everywhere(p.hidden.bias, h.maps),
    visible: (p) =>
      Object.fromEntries(
        Object.entries(p.visible).map(([name, t]) => [name, everywhere(t as Tensor, states)]),
      ),
  };
  return {
    family: "crbm",
    hyperparameters: h,
    ...restricted("crbm", domain, connections, { ...h, centred: false }),
    init: (key) => ({
      hidden: { bias: zerosInit([h.maps]) },
      visible: Object.fromEntries(Object.keys(units.init()).map((name) => [name, zerosInit([states])])),
      weight: uniformInit(
        key,
        [h.maps, states, ...window],
        Math.sqrt(6 / (window[0] * window[1] * (states + h.maps))),
      ),
      reference: independent.flat(),
    }),
    adapt(p, x) {
      const reference = independent.fit(x);
      const each = units.adapt(connections.visible(p), reference, x);
      const visible = Object.fromEntries(
        Object.entries(each).map(([name, t]) => [name, mean(reshape(t as Tensor, [n, states]), 0)]),
      );
      return { ...p, visible, reference } as Symbolic<CrbmParameters>;
    },
    decays: (path) => path === "weight",
  };
}

/** Convolutional RBM on periodic lattices. */
export const crbm: Family<EnergyModel<CrbmParameters>> = {
  name: "crbm",
  kind: "energy",
  summary:
    "convolutional RBM on a periodic lattice: the same hidden bits at every site, invariant under translations",
  schema,
  parameterCount({ space }, options) {
    const { maps, kernel } = checkHyperparameters("crbm", schema, options);
    const states = space.kind === "categorical" ? space.states : 1;
    const [own, numbers] = space.kind === "real" ? [2, 2] : [1, 1];
    const window = siteShape(space).length === 1 ? kernel : kernel * kernel;
    return maps * (states * window + 1) + own * states + numbers * states * sites(space);
  },
  create: makeCrbm,
};
