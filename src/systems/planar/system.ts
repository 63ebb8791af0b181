import { type NDArray, ndarray } from "../../array.ts";
import type { SpaceOf } from "../../data/space.ts";
import { inputError } from "../../error.ts";
import type { Key } from "../../random/key.ts";
import { keyOf } from "../../random/seed.ts";
import { type Estimate, independentMean } from "../../stats/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { boltzmannSystem } from "../boltzmann.ts";
import { pauser } from "../pause.ts";
import { realRows } from "../real-rows.ts";
import type { Exact, Parameters, RowFunction, SimulateOptions, Simulation, System } from "../system.ts";

/** The shape of one point of the plane. */
export const planeShape = [2] as const;

/** See {@link planarSystem}. */
export interface PlanarOptions<P extends Parameters> {
  /** The name of the system, as records state it. */
  readonly name: string;
  /** Complete parameters, as records state them. */
  readonly parameters: P;
  /** Two real numbers, with the bounds of the density if it has any. */
  readonly space: SpaceOf<"real">;
  /** log p(x, y) in nats; −∞ if the density is 0. */
  logDensity(x: number, y: number): number;
  /** −log p of tensors `[batch, 2]`, if it is differentiable. */
  energyTensor?(x: Tensor): Tensor;
  /** Entropy and variance of log p, in nats and nats². */
  entropy(): { readonly value: number; readonly variance: number };
  /** Exact means of x, y and x² + y². */
  readonly means: { readonly x: number; readonly y: number; readonly squareRadius: number };
  /** Observables in addition to x, y and x² + y², listed before them. */
  readonly observables?: Readonly<Record<string, RowFunction>>;
  /** Exact means of those. */
  readonly exactMeans?: Readonly<Record<string, number>>;
  /** `count` independent points, `[count, 2]` row-major. */
  draw(key: Key, count: number): Float64Array;
}

/** Points drawn between two looks at the clock. */
const block = 16_384;
/** Points beyond which a typed array would not hold them. */
const most = 2 ** 28;

/**
 * A density in the plane as a system: energy −log p, β = 1, log Z = 0, so that the exact entropy is the mean energy and
 * log-probabilities need no constant. Rows are drawn independently, without a Markov chain.
 */
export function planarSystem<P extends Parameters>(options: PlanarOptions<P>): System<"f32", P> {
  const { name, parameters, space, logDensity, energyTensor, means } = options;
  const energy = (x: NDArray) => mapPoints(x, (a, b) => 0 - logDensity(a, b));
  return boltzmannSystem({
    name,
    parameters,
    space,
    beta: 1,
    energy,
    ...(energyTensor && { energyTensor }),
    observables: {
      // Where no derivative is given the density has walls, and the mean energy of points beyond them is ∞.
      ...(energyTensor && { energy: (x: NDArray) => energy(x).map((e) => e / 2) }),
      ...options.observables,
      x: (x) => mapPoints(x, (a) => a),
      y: (x) => mapPoints(x, (_, b) => b),
      squareRadius: (x) => mapPoints(x, (a, b) => a * a + b * b),
    },
    exact: (): Exact => {
      const { value, variance } = options.entropy();
      return { logZ: 0, energy: value, entropy: value, heatCapacity: variance };
    },
    exactMeans: () => ({ ...means, ...options.exactMeans }),
    simulate: (request) => drawIndependent(options, energy, request),
  });
}

/** One number of each point of `x: [rows, 2]`. */
export function mapPoints(x: NDArray, of: (x: number, y: number) => number): Float64Array {
  const { values, rows } = realRows(planeShape, x);
  const out = new Float64Array(rows);
  for (let row = 0; row < rows; row++) out[row] = of(values[2 * row]!, values[2 * row + 1]!);
  return out;
}

async function drawIndependent(
  { name, draw }: Pick<PlanarOptions<Parameters>, "name" | "draw">,
  energy: RowFunction,
  { samples, onProgress, signal, ...from }: SimulateOptions,
): Promise<Simulation<"f32">> {
  if (!Number.isInteger(samples) || samples < 1 || samples > most)
    throw inputError(`samples: a whole number from 1 to ${most}, not ${samples}`);
  const key = keyOf(from);
  const pause = pauser(signal, "simulation stopped");
  const data = new Float32Array(2 * samples);
  for (let start = 0; start < samples; start += block) {
    const count = Math.min(block, samples - start);
    data.set(draw(key.fold(start / block), count), 2 * start);
    await pause(() => onProgress?.({ phase: "sampling", done: start + count, total: samples }));
  }
  onProgress?.({ phase: "sampling", done: samples, total: samples });
  const x = ndarray("f32", [samples, 2], data);
  return {
    x,
    sampler: { name: "independent draws", sweep: `one draw from the density of ${name}` },
    tau: 0.5,
    thinning: 1,
    burnIn: 0,
    energy: meanOf(energy(x).map((e) => e / 2)),
  };
}

/** Of equal values the mean is each, without the error that rounding of their sum would make. */
function meanOf(values: Float64Array): Estimate {
  const first = values[0] as number;
  return values.every((value) => value === first) && values.length > 1
    ? { value: first, error: 0 }
    : independentMean(values);
}
