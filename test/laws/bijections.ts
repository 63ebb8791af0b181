import type { Parameters } from "../../src/models/contract.ts";
import type { Bijection } from "../../src/models/exact/flows/bijection.ts";
import {
  activationNormalisation,
  perChannel,
} from "../../src/models/exact/flows/bijections/activation-normalisation.ts";
import { affine, standardise } from "../../src/models/exact/flows/bijections/affine.ts";
import { autoregressiveBijection } from "../../src/models/exact/flows/bijections/autoregressive-bijection.ts";
import { bounded, rescaled } from "../../src/models/exact/flows/bijections/bounded.ts";
import { chain } from "../../src/models/exact/flows/bijections/chain.ts";
import { channelsFirst } from "../../src/models/exact/flows/bijections/channels-first.ts";
import { coupling } from "../../src/models/exact/flows/bijections/coupling.ts";
import { invert } from "../../src/models/exact/flows/bijections/invert.ts";
import { invertibleLinear } from "../../src/models/exact/flows/bijections/invertible-linear.ts";
import { multiScale } from "../../src/models/exact/flows/bijections/multi-scale.ts";
import { permute } from "../../src/models/exact/flows/bijections/permutation.ts";
import { planeCoupling } from "../../src/models/exact/flows/bijections/plane-coupling.ts";
import { reshaping } from "../../src/models/exact/flows/bijections/reshaping.ts";
import { squeezing } from "../../src/models/exact/flows/bijections/squeezing.ts";
import { convolutional } from "../../src/models/exact/flows/conditioners/convolutional.ts";
import { dense } from "../../src/models/exact/flows/conditioners/dense.ts";
import { periodic } from "../../src/models/exact/flows/conditioners/periodic.ts";
import { residual } from "../../src/models/exact/flows/conditioners/residual.ts";
import { gaugeCoupling } from "../../src/models/exact/flows/gauge/gauge-coupling.ts";
import { plaquettePairs } from "../../src/models/exact/flows/gauge/pairs.ts";
import { turns } from "../../src/models/exact/flows/gauge/turns.ts";
import { latticeConditioner } from "../../src/models/exact/flows/lattice/conditioner.ts";
import { spectral } from "../../src/models/exact/flows/lattice/spectral.ts";
import { halves } from "../../src/models/exact/flows/partitions/first-axis.ts";
import { masked } from "../../src/models/exact/flows/partitions/masked.ts";
import type { Transform } from "../../src/models/exact/flows/transform.ts";
import { affineTransform } from "../../src/models/exact/flows/transforms/affine-transform.ts";
import { invertTransform } from "../../src/models/exact/flows/transforms/invert-transform.ts";
import { sinhArcsinh } from "../../src/models/exact/flows/transforms/sinh-arcsinh.ts";
import {
  circularTransform,
  intervalTransform,
  splineTransform,
} from "../../src/models/exact/flows/transforms/spline-transform.ts";
import { siteStencil } from "../../src/nn/site-convolution.ts";

/** Where one z may lie: anywhere, in an interval, or on the circle [−π, π). */
export type Support = "line" | "circle" | readonly [number, number];

/** One bijection the laws are held against. */
export interface BijectionCase {
  readonly name: string;
  readonly bijection: Bijection;
  readonly contextSize: number;
  /** Where z lies; the line where left out. */
  readonly support: Support;
  /** Whether it is the identity where all parameters are zero. */
  readonly identity: boolean;
  /** Paths of parameters that get no gradient, and why. */
  readonly withoutGradient: Readonly<Record<string, string>>;
}

interface Exceptions {
  readonly contextSize?: number;
  readonly support?: Support;
  /** Why it is not the identity at zero parameters. */
  readonly notIdentity?: string;
  readonly withoutGradient?: Readonly<Record<string, string>>;
}

function line<P extends Parameters>(
  name: string,
  bijection: Bijection<P>,
  { contextSize = 0, support = "line", notIdentity, withoutGradient = {} }: Exceptions = {},
): BijectionCase {
  const identity = notIdentity === undefined;
  return {
    ...{ name, contextSize, support, identity, withoutGradient },
    bijection: bijection as unknown as Bijection,
  };
}

/** A coupling that moves the even sites of a 2×4 lattice, which lie before the odd ones. */
function latticeCoupling(transform: Transform, odd: boolean, contextSize: number): Bijection {
  const [even, other] = [
    [0, 2, 5, 7],
    [1, 3, 4, 6],
  ] as const;
  const among = (sources: readonly number[]) =>
    siteStencil({ shape: [2, 4], targets: even, sources, kernel: 3, isotropic: odd });
  const conditioner = latticeConditioner({
    ...{ first: among(other), next: among(even) },
    ...{ channels: 3, layers: 2, contextSize, inputs: 1, odd, transform },
  });
  const partition = halves([8], "last");
  return coupling({ partition, transform, conditioner: () => conditioner }) as unknown as Bijection;
}

const smooth = { activation: "tanh", contextSize: 0 } as const;
const checkerboard = [1, 0, 1, 0, 1, 0];
const windows = { channels: 4, kernel: 3, blocks: 0, ...smooth } as const;

/** Every bijection, with what changes what it computes: a new one is its lines here. */
export const bijections: readonly BijectionCase[] = [
  line("affine", affine([3])),
  line("standardise", standardise([3]), {
    withoutGradient: {
      logScale: "training leaves units as they are",
      shift: "training leaves units as they are",
    },
  }),
  // Towards the ends of an interval x has no digits left to tell one z from another in single precision.
  line("bounded", bounded([2], [-1, 3]), { support: [-3, 3], notIdentity: "from the line into an interval" }),
  line("permute", permute(Uint32Array.of(2, 0, 3, 1)), { notIdentity: "it permutes" }),
  line("reshaping", reshaping([6], [2, 3])),
  line("plane coupling", planeCoupling(5)),
  line(
    "affine coupling, dense",
    coupling({
      partition: halves([5], "first"),
      transform: affineTransform(),
      conditioner: dense({ hidden: [7, 6], ...smooth }),
    }),
  ),
  line(
    "affine coupling, dense, given a context",
    coupling({
      partition: halves([2], "last"),
      transform: affineTransform(2),
      conditioner: dense({ hidden: [7], activation: "silu", contextSize: 2 }),
    }),
    { contextSize: 2 },
  ),
  line(
    "affine coupling, residual, given a context",
    coupling({
      partition: halves([3], "last"),
      transform: affineTransform(),
      conditioner: residual({ hidden: [6, 6, 6], activation: "gelu", contextSize: 2 }),
    }),
    { contextSize: 2 },
  ),
  line(
    "affine coupling by a mask",
    coupling({
      partition: masked([2, 3], checkerboard),
      transform: affineTransform(),
      conditioner: dense({ hidden: [8], ...smooth }),
    }),
  ),
  line(
    "spline coupling",
    coupling({
      partition: halves([4], "first"),
      transform: splineTransform(6, 3),
      conditioner: dense({ hidden: [7], ...smooth }),
    }),
  ),
  line(
    "spline coupling by a mask, the other way round, given a context",
    coupling({
      partition: masked([2, 3], checkerboard),
      transform: invertTransform(splineTransform(5, 6)),
      conditioner: residual({ hidden: [6, 6], activation: "tanh", contextSize: 1 }),
    }),
    { contextSize: 1 },
  ),
  line("rescaled", rescaled([3], [-1, 3]), { support: [-1, 1], notIdentity: "from one interval to another" }),
  line(
    "spline coupling of an interval",
    coupling({
      partition: halves([3], "first"),
      transform: intervalTransform(5),
      conditioner: dense({ hidden: [7], ...smooth }),
    }),
    { support: [-1, 1] },
  ),
  line(
    "circular spline coupling",
    coupling({
      partition: halves([3], "last"),
      transform: circularTransform(5),
      conditioner: periodic(dense({ hidden: [7], ...smooth })),
    }),
    { support: "circle" },
  ),
  line(
    "masked autoregressive, affine",
    autoregressiveBijection(4, affineTransform(), { hidden: [9, 8], ...smooth }),
  ),
  line(
    "masked autoregressive, spline, given a context",
    autoregressiveBijection(3, splineTransform(5, 3), { hidden: [7], activation: "tanh", contextSize: 2 }),
    { contextSize: 2 },
  ),
  line(
    "sinh coupling, dense",
    coupling({
      partition: halves([3], "first"),
      transform: sinhArcsinh,
      conditioner: dense({ hidden: [7], ...smooth }),
    }),
  ),
  line("spectral", spectral({ shape: [4, 6], isotropic: false, odd: false })),
  line(
    "spectral, isotropic and odd, an axis at a time",
    spectral({ shape: [9, 9], isotropic: true, odd: true }),
  ),
  line("coupling on a lattice, affine, odd", latticeCoupling(affineTransform(), true, 0)),
  line("coupling on a lattice, sinh, odd, given a context", latticeCoupling(sinhArcsinh, true, 2), {
    contextSize: 2,
  }),
  line("coupling on a lattice, sinh, given a context", latticeCoupling(sinhArcsinh, false, 2), {
    contextSize: 2,
  }),
  ...[0, 3, 4, 7].map((k) =>
    line(
      `gauge coupling, pattern ${k}`,
      gaugeCoupling({
        pairs: plaquettePairs([2, 4], k),
        ...{ bins: 4, channels: 3, layers: k < 4 ? 1 : 2, kernel: 3, contextSize: k === 7 ? 2 : 0 },
      }),
      { support: "circle", contextSize: k === 7 ? 2 : 0 },
    ),
  ),
  line("turns", turns([3]), { support: "circle" }),
  line(
    "chain",
    chain([affine([2]), planeCoupling(4), permute(Uint32Array.of(1, 0)), affine([2])] as Bijection[]),
    {
      notIdentity: "it permutes",
    },
  ),
  line("invert", invert(planeCoupling(4))),
  line("affine, shared by places", affine([2, 3], [2, 1])),
  line("standardise, shared by places", standardise([2, 3], perChannel([2, 3])), {
    withoutGradient: {
      logScale: "training leaves units as they are",
      shift: "training leaves units as they are",
    },
  }),
  line("activation normalisation", activationNormalisation([3, 2, 2])),
  line("invertible linear map of vectors", invertibleLinear([5], Uint32Array.of(0, 1, 2, 3, 4))),
  line("invertible 1x1 convolution", invertibleLinear([3, 2, 2], Uint32Array.of(2, 0, 1)), {
    notIdentity: "it permutes channels",
  }),
  line("squeezing", squeezing([2, 4, 2]), { notIdentity: "it moves places to channels" }),
  line("channels first", channelsFirst([2, 3, 2]), { notIdentity: "it moves channels to the front" }),
  line("channels first, of one channel", channelsFirst([2, 3])),
  line(
    "affine coupling, convolutional, given a context",
    coupling({
      partition: halves([4, 2, 2], "first"),
      transform: affineTransform(),
      conditioner: convolutional({ ...windows, padding: "zero", contextSize: 2 }),
    }),
    { contextSize: 2 },
  ),
  line(
    "affine coupling, residual convolutions around a lattice",
    coupling({
      partition: halves([2, 3, 3], "last"),
      transform: affineTransform(),
      conditioner: convolutional({ ...windows, padding: "periodic", blocks: 2 }),
    }),
  ),
  line(
    "levels",
    multiScale([
      chain([activationNormalisation([4, 2, 2]), squeezing([1, 4, 4])] as Bijection[]),
      chain([
        invertibleLinear([8, 1, 1], Uint32Array.of(4, 5, 6, 7, 0, 1, 2, 3)),
        squeezing([2, 2, 2]),
      ] as unknown as Bijection[]),
    ] as unknown as Bijection[]),
    { notIdentity: "it moves places to channels" },
  ),
];
