import * as z from "zod";
import { sizeOf } from "../../../../array.ts";
import { type Space, siteShape } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import { siteStencil } from "../../../../nn/site-convolution.ts";
import { inversePermutation } from "../../../../random/permutation.ts";
import { contextFeatures } from "../../../context.ts";
import type { Domain, Family } from "../../../contract.ts";
import { checkHyperparameters } from "../../../hyperparameters.ts";
import { normalBase } from "../bases/independent.ts";
import { type Bijection, erased } from "../bijection.ts";
import { unitScale } from "../bijections/affine.ts";
import { chain } from "../bijections/chain.ts";
import { coupling } from "../bijections/coupling.ts";
import { permute } from "../bijections/permutation.ts";
import { reshaping } from "../bijections/reshaping.ts";
import { type FlowModel, flowModel } from "../flow.ts";
import { halves } from "../partitions/first-axis.ts";
import type { Transform } from "../transform.ts";
import { affineTransform } from "../transforms/affine-transform.ts";
import { sinhArcsinh } from "../transforms/sinh-arcsinh.ts";
import { type Checkerboard, checkerboardOf } from "./checkerboard.ts";
import { latticeConditioner, latticeConditionerCount } from "./conditioner.ts";
import { amplitudeCount, spectral } from "./spectral.ts";

const transforms = { sinh: sinhArcsinh, affine: affineTransform() } satisfies Record<string, Transform>;

const schema = z.strictObject({
  /** Couplings, which move even and odd sites in turn (default 16). */
  couplings: z
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe("number of couplings; they move even and odd sites in turn"),
  /** Channels of each hidden layer of a coupling's network (default 8). */
  channels: z
    .int()
    .min(1)
    .max(1024)
    .default(8)
    .describe("channels of each hidden layer of a coupling's network"),
  /** Hidden layers, each a periodic convolution (default 1). */
  layers: z.int().min(1).max(16).default(1).describe("hidden layers, each a periodic convolution"),
  /** Side of the convolutions' window, odd; one larger than the lattice takes all of it (default 7). */
  kernel: z
    .int()
    .min(3)
    .max(101)
    .refine((n) => n % 2 === 1, "must be odd")
    .default(7)
    .describe("side of the convolutions' window, odd; one larger than the lattice takes all of it"),
  /** What moves a site: affine, or sinh with skewness and tails besides (default `sinh`). */
  transform: z
    .enum(Object.keys(transforms) as [keyof typeof transforms, ...(keyof typeof transforms)[]])
    .default("sinh")
    .describe("map of one site: affine, or sinh, which adds skewness and tails"),
  /** A free field with a trained spectrum before the couplings (default true). */
  spectrum: z.boolean().default(true).describe("a free field with a trained spectrum before the couplings"),
  /** The same density for x and −x (default false). */
  z2: z.boolean().default(false).describe("the same density for x and −x"),
  /** Kernels and spectrum the same for reflections and exchanges of equal axes (default false). */
  isotropic: z
    .boolean()
    .default(false)
    .describe("make kernels and spectrum symmetric under reflections and exchanges of equal axes"),
  /** Couplings move fields in units of their standard deviation, which a fit takes from its rows (default true). */
  scale: z
    .boolean()
    .default(true)
    .describe("move fields in units of their standard deviation, which is taken from the data"),
});

/** Hyperparameters of {@link latticeFlow}, defaults filled in. */
export type LatticeFlowHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters of {@link makeLatticeFlow}, all optional.
 *
 * @interface
 */
export type LatticeFlowOptions = z.input<typeof schema>;

function checkSpace(space: Space): readonly number[] {
  if (space.kind !== "real" || space.bounds)
    throw usageError(
      `lattice-flow models real fields without bounds, not a ${space.kind} space${space.kind === "real" ? " with bounds" : ""}`,
    );
  const shape = siteShape(space);
  if (sizeOf(shape) < 2) throw usageError("lattice-flow needs a lattice of two sites or more");
  return shape;
}

/** The coupling that moves the even or the odd sites of fields laid out as even sites, then odd ones. */
function siteCoupling(
  { shape, even, odd }: Checkerboard,
  move: "even" | "odd",
  h: LatticeFlowHyperparameters,
  contextSize: number,
): Bijection {
  const [targets, sources] = move === "even" ? [even, odd] : [odd, even];
  const { kernel, isotropic } = h;
  const transform = transforms[h.transform];
  const conditioner = latticeConditioner({
    first: siteStencil({ shape, targets, sources, kernel, isotropic }),
    next: siteStencil({ shape, targets, sources: targets, kernel, isotropic }),
    ...{ channels: h.channels, layers: h.layers, contextSize, inputs: 1, odd: h.z2, transform },
  });
  return erased(
    coupling({
      partition: halves([sizeOf(shape)], move === "even" ? "last" : "first"),
      transform,
      conditioner: () => conditioner,
    }),
  );
}

/**
 * A normalising flow of fields on a periodic lattice of any dimension with even sides: a free field with a trained spectrum,
 * then couplings that move the sites of one colour of a checkerboard by a latticeConditioner network of the other (Albergo,
 * Kanwar & Shanahan, arXiv:1904.12072). The density is the same for a field and its translations that keep the colours,
 * with `z2` (del Debbio, Marsh Rossney & Wilson, arXiv:2105.12481, section 3.2) for x and −x. Throws AnsatzError (usage) for
 * other spaces, odd sides, and hyperparameters out of range, naming them.
 */
export function makeLatticeFlow(domain: Domain, options: LatticeFlowOptions = {}): FlowModel {
  const shape = checkSpace(domain.space);
  const h = checkHyperparameters("lattice-flow", schema, options);
  const board = checkerboardOf("lattice-flow", shape);
  const flat = [sizeOf(shape)];
  const first = h.spectrum ? [spectral({ shape, isotropic: h.isotropic, odd: h.z2 })] : [];
  const couplings = Array.from({ length: h.couplings }, (_, i) =>
    siteCoupling(board, i % 2 === 0 ? "even" : "odd", h, contextFeatures(domain)),
  );
  const layers = [
    ...first,
    reshaping(shape, flat),
    permute(board.order),
    ...couplings,
    permute(inversePermutation(board.order)),
    reshaping(flat, shape),
    // Couplings move sites by steps of about 1, whatever the unit of the field is.
    ...(h.scale ? [unitScale(shape)] : []),
  ] as Bijection[];
  return flowModel({
    family: "lattice-flow",
    hyperparameters: h,
    domain,
    base: normalBase(shape),
    bijection: chain(layers),
  });
}

/** The family for the registry. */
export const latticeFlow: Family<FlowModel> = {
  name: "lattice-flow",
  kind: "exact",
  summary: "normalising flow of fields on a periodic lattice: checkerboard couplings with convolutions",
  schema,
  parameterCount(domain, options) {
    const { space } = domain;
    const contextSize = contextFeatures(domain);
    const shape = checkSpace(space);
    const h = checkHyperparameters("lattice-flow", schema, options);
    const { even, odd } = checkerboardOf("lattice-flow", shape);
    // All targets read the same displacements: one tells how many.
    const orbits = (sources: readonly number[]) =>
      siteStencil({ shape, targets: even.slice(0, 1), sources, kernel: h.kernel, isotropic: h.isotropic })
        .orbits;
    const { size } = transforms[h.transform];
    const each = latticeConditionerCount(
      { channels: h.channels, layers: h.layers, contextSize, inputs: 1, size },
      { first: orbits(odd), next: orbits(even) },
    );
    return h.couplings * each + (h.spectrum ? amplitudeCount(shape, h.isotropic) + 1 : 0) + Number(h.scale);
  },
  solving(space, symmetries) {
    const sides = siteShape(space);
    const turns = symmetries.includes("rotations") || new Set(sides).size === sides.length;
    return { isotropic: symmetries.includes("reflections") && turns, scale: false };
  },
  earlier: { scale: false },
  create: (domain, hyperparameters) => makeLatticeFlow(domain, hyperparameters as LatticeFlowOptions),
};
