import { type NDArray, ndarray, sizeOf } from "../../array.ts";
import { inputError, usageError } from "../../error.ts";
import type { Key } from "../../random/key.ts";
import { type Stream, stream } from "../../random/stream.ts";
import { chainMean, type Estimate, independentMean } from "../../stats/index.ts";
import { pauser } from "../pause.ts";
import type { SimulateOptions, Simulation } from "../system.ts";
import { burnIn, type Measure } from "./burn-in.ts";
import type { Chain, Sampler } from "./sampler.ts";

/** Sweeps between rows, in units of τ: neighbouring rows of a chain then share about e⁻⁵ of their fluctuation. */
const thinningTimes = 5;
/** Rows that a typed array of bytes can surely hold, in sites. */
const largestData = 2 ** 31;

/** What to simulate, and how. */
export interface SpinSimulateOptions extends SimulateOptions {
  /** Shape of a configuration. */
  readonly shape: readonly number[];
  /** The Monte Carlo algorithm, which may spend random numbers of `key` on getting ready. */
  sampler(key: Key): Sampler;
  /** `[sites]`: an ordered configuration of 0 and 1, from which every other chain starts. */
  readonly ordered: Uint8Array;
  /** What has to decorrelate, unchanged by a global flip; see {@link burnIn}. */
  readonly measures: readonly Measure[];
  /** Total energy of each row. */
  energy(x: NDArray): Float64Array;
}

/**
 * Draws configurations of spins whose energy a global flip does not change: several independent chains, started
 * alternately ordered and at random, burnt in for at least 100 τ, then recorded every 5 τ. Each recorded row is flipped
 * as a whole with probability ½, which the symmetry allows and which makes both signs of the magnetisation equally
 * likely in every chain at any temperature.
 *
 * @returns `x: [samples, ...shape]` of 0 (down) and 1 (up), and how it came about; the same key gives the same.
 * @throws AnsatzError: input for a number of samples that cannot be, interrupted when `signal` aborts, failure when
 * the chains do not decorrelate.
 */
export async function simulateSpins(options: SpinSimulateOptions): Promise<Simulation<"u8">> {
  const { samples, key, shape, ordered, onProgress, signal } = options;
  const sites = sizeOf(shape);
  checkCounts(samples, options.chains, sites);
  const count = Math.min(options.chains ?? 16, samples);
  const pause = pauser(signal, "simulation stopped");

  const [pilotKey, chainsKey] = key.split(2) as [Key, Key];
  const sampler = options.sampler(pilotKey);
  const runs = Array.from({ length: count }, (_, c) => start(sampler, ordered, chainsKey.fold(c), c));
  const { tau, sweeps } = await burnIn(
    sampler,
    runs.map((run) => run.chain),
    options.measures,
    (done, total) => pause(() => onProgress?.({ phase: "burn-in", done, total })),
  );

  const thinning = Math.ceil(thinningTimes * tau);
  const data = new Uint8Array(samples * sites);
  const chain = new Int32Array(samples);
  const lengths: number[] = [];
  let row = 0;
  for (const [c, run] of runs.entries()) {
    const end = Math.floor((samples * (c + 1)) / count);
    lengths.push(end - row);
    for (; row < end; row++) {
      run.chain.advance(thinning);
      const flip = run.flips.below(2);
      for (let i = 0; i < sites; i++) data[row * sites + i] = run.chain.spins[i]! ^ flip;
      chain[row] = c;
      await pause(() => onProgress?.({ phase: "sampling", done: row + 1, total: samples }));
    }
  }
  onProgress?.({ phase: "sampling", done: samples, total: samples });

  const x = ndarray("u8", [samples, ...shape], data);
  const energies = options.energy(x).map((e) => e / sites);
  return {
    x,
    chain: ndarray("i32", [samples], chain),
    sampler: { name: sampler.name, sweep: sampler.sweep },
    tau,
    thinning,
    burnIn: sweeps,
    energy: meanOf(energies, lengths),
  };
}

/** Rows are thinned by several τ: where they are too few to show their own τ, they count as independent. */
function meanOf(energies: Float64Array, lengths: readonly number[]): Estimate {
  const { value, error } = chainMean(byChain(energies, lengths));
  if (!Number.isNaN(error)) return { value, error };
  const independent = independentMean(energies);
  // Rows that never move tell nothing of their error.
  return independent.error > 0 ? independent : { value, error };
}

/** Chain `c` from an ordered start when c is even and a random one when it is odd, with a stream for its flips. */
function start(sampler: Sampler, ordered: Uint8Array, key: Key, c: number): { chain: Chain; flips: Stream } {
  const [updates, first, flips] = key.split(3) as [Key, Key, Key];
  const random = stream(first);
  const spins = ordered.map((spin) => (c % 2 === 1 ? random.below(2) : spin));
  return { chain: sampler.chain(updates, spins), flips: stream(flips) };
}

function byChain(values: Float64Array, lengths: readonly number[]): Float64Array[] {
  let from = 0;
  return lengths.map((length) => {
    from += length;
    return values.subarray(from - length, from);
  });
}

function checkCounts(samples: number, chains: number | undefined, sites: number): void {
  if (!Number.isInteger(samples) || samples < 1)
    throw inputError(`samples: a whole number of at least 1, not ${samples}`);
  if (samples * sites > largestData)
    throw inputError(
      `samples: ${samples} rows of ${sites} sites are more than ${largestData} bytes; ask for fewer`,
    );
  if (chains !== undefined && (!Number.isInteger(chains) || chains < 1))
    throw usageError(`chains: a whole number of at least 1, not ${chains}`);
}
