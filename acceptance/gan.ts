import { createModel, createSystem, fit, simulate } from "ansatz";
import type { FittedImplicit } from "ansatz/models";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, timed } from "./acceptance.ts";

const rows = 20_000;
/** About two minutes of the processor. */
const planeOptions: FitOptions = { epochs: 500 };
/** Directions of sliced Wasserstein distances, and pairs of real sets that give their distribution. */
const [directions, realPairs] = [64, 20];
/** Neighbours of the classifier, and rows of each set that it tells apart. */
const [neighbours, told] = [15, 2000];

const pointsOf = (x: { readonly data: ArrayLike<number | bigint> }) =>
  Float64Array.from(x.data as Float32Array);

/** The mean W₁ distance of the projections of two sets of points of the plane on evenly spaced directions. */
function slicedDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < directions; d++) {
    const [c, s] = [Math.cos((Math.PI * d) / directions), Math.sin((Math.PI * d) / directions)];
    const line = (of: Float64Array) =>
      Float64Array.from({ length: of.length / 2 }, (_, i) => of[2 * i]! * c + of[2 * i + 1]! * s).sort();
    const [p, q] = [line(a), line(b)];
    sum += p.reduce((total, v, i) => total + Math.abs(v - q[i]!), 0) / p.length;
  }
  return sum / directions;
}

/** The share of points whose set is that of most of their neighbours among the other points. */
function neighbourAccuracy(a: Float64Array, b: Float64Array): number {
  const all = Float64Array.from([...a.subarray(0, 2 * told), ...b.subarray(0, 2 * told)]);
  const n = all.length / 2;
  let right = 0;
  for (let i = 0; i < n; i++) {
    const squares = Float64Array.from({ length: n }, (_, j) =>
      j === i ? Infinity : (all[2 * i]! - all[2 * j]!) ** 2 + (all[2 * i + 1]! - all[2 * j + 1]!) ** 2,
    );
    const order = squares.slice().sort()[neighbours - 1]!;
    let first = 0;
    let count = 0;
    for (let j = 0; j < n; j++)
      if (squares[j]! <= order) {
        count++;
        if (j < told) first++;
      }
    if (first > count / 2 === i < told) right++;
  }
  return right / n;
}

/** Eight round modes: how many have a tenth of their share, the KL divergence of their weights from equal ones, and points within 3 σ of one. */
function modes(points: Float64Array, radius: number, sigma: number) {
  const counts = new Float64Array(8);
  for (let i = 0; i < points.length / 2; i++) {
    const [x, y] = [points[2 * i]!, points[2 * i + 1]!];
    const k = (Math.round(Math.atan2(y, x) / (Math.PI / 4)) + 8) % 8;
    const [cx, cy] = [radius * Math.cos((k * Math.PI) / 4), radius * Math.sin((k * Math.PI) / 4)];
    if (Math.hypot(x - cx, y - cy) < 3 * sigma) counts[k]! += 1;
  }
  const near = counts.reduce((a, b) => a + b, 0);
  const kl = counts.reduce((sum, m) => sum + (m > 0 ? (m / near) * Math.log((8 * m) / near) : 0), 0);
  const found = counts.filter((m) => m > points.length / 2 / 80).length;
  return { found, kl, share: near / (points.length / 2) };
}

/** Fits a `gan` of all defaults to rows of a system of the plane. */
async function fitPlane(system: string, parameters: Readonly<Record<string, number>>, seed: number) {
  const source = createSystem(system, parameters);
  const { dataset } = await simulate(source, { samples: rows, seed });
  const { value, cost } = await timed(
    () =>
      fit(createModel("gan", { space: dataset.space }), dataset, {
        ...planeOptions,
        seed,
      }).result() as Promise<FittedImplicit>,
  );
  const { x } = await value.sample(rows, { seed });
  await value.release();
  const fresh = async (i: number) =>
    pointsOf((await simulate(source, { samples: rows, seed: 1000 * seed + i })).dataset.x);
  return { samples: pointsOf(x), fresh, cost };
}

const gaussians: Acceptance = {
  name: "gan-gaussians8",
  summary: `eight Gaussians, radius 2, σ 0.1: share of ${rows} samples of a gan within 3 σ of a mode`,
  settings: { rows, ...planeOptions },
  seeds: [1, 2, 3, 4, 5],
  bar: { atLeast: 0.9 },
  secondsAtMost: 120,
  async measure(seed, { print }) {
    const { samples, fresh, cost } = await fitPlane("gaussians8", { radius: 2, sigma: 0.1 }, seed);
    const { found, kl, share } = modes(samples, 2, 0.1);
    const reference = await fresh(0);
    const distance = slicedDistance(samples, reference);
    const real: number[] = [];
    for (let i = 1; i <= realPairs; i++) real.push(slicedDistance(await fresh(i), reference));
    real.sort((a, b) => a - b);
    const high = real[Math.ceil(0.95 * realPairs) - 1]!;
    print(
      `${found} modes, KL of their weights ${kl.toFixed(4)}, sliced Wasserstein ${distance.toFixed(4)} ` +
        `(real against real: median ${real[realPairs >> 1]!.toFixed(4)}, 95 % ${high.toFixed(4)})`,
    );
    return {
      ...{ seed, cost },
      result: { value: share, error: Math.sqrt((share * (1 - share)) / rows) },
      checks: [
        ["8 modes", found === 8],
        ["KL of their weights at most 0.01", kl <= 0.01],
        ["at least 90 % within 3 σ", share >= 0.9],
        ["sliced Wasserstein at most 1.5 of the real 95 % quantile", distance <= 1.5 * high],
      ],
    };
  },
};

const plane = (system: string, parameters: Readonly<Record<string, number>>): Acceptance => ({
  name: `gan-${system}`,
  summary: `${system}: share of ${told} samples of a gan and as many rows that ${neighbours} nearest neighbours tell apart`,
  settings: { ...parameters, rows, ...planeOptions },
  seeds: [1],
  bar: { atMost: 0.56 },
  secondsAtMost: 120,
  async measure(seed) {
    const { samples, fresh, cost } = await fitPlane(system, parameters, seed);
    const reference = await fresh(0);
    const value = neighbourAccuracy(samples, reference);
    const real = neighbourAccuracy(await fresh(1), reference);
    return {
      ...{ seed, cost, notes: `real against real ${real.toFixed(3)}` },
      result: { value, error: Math.sqrt(0.25 / (2 * told)) },
    };
  },
});

/** What adversarial networks with their defaults are worth where the right answer is known. */
export const adversarial: readonly Acceptance[] = [
  gaussians,
  plane("moons", { sigma: 0.05 }),
  plane("checkerboard", {}),
];
