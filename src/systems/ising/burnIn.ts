import { AnsatzError } from "../../error.ts";
import { autocorrelationTime } from "../../stats/index.ts";
import { bondSum, spinSum, staggeredSum } from "./energy.ts";
import type { Lattice } from "./lattice.ts";
import type { Chain, Sampler } from "./sampler.ts";

/** Sweeps that every chain forgets its start in before anything is measured. */
const warmUp = 100;
/** A τ is believed when each chain it was measured on is at least this many τ long. */
const reliableLength = 100;
/** Sweeps at which chains that still have not decorrelated are given up. */
const longest = 2 ** 16;

/** What burn-in found. */
export interface BurnIn {
  /** Integrated autocorrelation time in sweeps, the longer of that of the energy and of the order parameter. */
  readonly tau: number;
  /** Sweeps each chain has run. */
  readonly sweeps: number;
}

/**
 * Runs every chain until its autocorrelation time is known, doubling the length until it is at least 100 τ, so
 * that the chains have also run at least 100 τ when recording starts. Measured are the energy and the absolute
 * order parameter: |m|, or its staggered form for an antiferromagnet.
 *
 * @param tick called after each sweep of each chain with the sweeps done and due, over all chains.
 * @throws AnsatzError (failure) when chains of 65,536 sweeps are still too short.
 */
export async function burnIn(
  lattice: Lattice,
  coupling: number,
  sampler: Sampler,
  chains: readonly Chain[],
  tick: (done: number, total: number) => Promise<void> | undefined,
): Promise<BurnIn> {
  const energies: number[][] = chains.map(() => []);
  const orders: number[][] = chains.map(() => []);
  let done = 0;
  const total = (length: number) => chains.length * (warmUp + length);
  for (const chain of chains)
    for (let sweep = 0; sweep < warmUp; sweep++) {
      chain.advance(1);
      await tick(++done, total(256));
    }
  for (let length = 256; length <= longest; length *= 2) {
    for (const [c, chain] of chains.entries())
      while (energies[c]!.length < length) {
        chain.advance(1);
        energies[c]!.push(bondSum(lattice, chain.spins));
        orders[c]!.push(
          Math.abs(coupling < 0 ? staggeredSum(lattice, chain.spins) : spinSum(chain.spins, lattice.sites)),
        );
        await tick(++done, total(length));
      }
    const tau = Math.max(tauOf(energies), tauOf(orders));
    if (length >= reliableLength * tau) return { tau, sweeps: warmUp + length };
  }
  throw new AnsatzError(
    "failure",
    `${sampler.name}: the chains have not decorrelated in ${longest} sweeps of ${sampler.sweep}; ` +
      "use the wolff sampler or a smaller lattice",
  );
}

/** τ over all chains; at least ½, and ½ for a frozen observable, which has nothing to decorrelate. */
function tauOf(series: readonly number[][]): number {
  const { tau } = autocorrelationTime(series);
  return Number.isNaN(tau) ? 0.5 : Math.max(tau, 0.5);
}
