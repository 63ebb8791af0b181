import type { ComplexMatrix } from "../../../src/stats/hermitian-eigen.ts";
import type { Tally } from "../../../src/tomography/counts.ts";
import { overlap } from "../../../src/tomography/states.ts";
import { effect, times } from "./dense.ts";

/**
 * Iterated RρR with dense matrices: ρ ← RρR/Tr, R = Σ_a (f_a/p_a) Π_a. Returns the state and minus its log-likelihood in nats.
 *
 * Source: Hradil, Phys. Rev. A 55 (1997) R1561; Lvovsky, J. Opt. B 6 (2004) S556.
 */
export function iteratedRrr(data: Tally, iterations: number): { rho: ComplexMatrix; loss: number } {
  const { qubits, settings, counts, shots, confusion } = data;
  const outcomes = 2 ** qubits;
  const seen = [...counts.keys()]
    .filter((i) => counts[i]! > 0)
    .map((i) => ({
      n: counts[i]!,
      effect: effect(settings[Math.floor(i / outcomes)]!, qubits, i % outcomes, confusion),
    }));
  let rho: ComplexMatrix = {
    n: outcomes,
    re: Float64Array.from({ length: outcomes ** 2 }, (_, i) => (i % (outcomes + 1) === 0 ? 1 / outcomes : 0)),
    im: new Float64Array(outcomes ** 2),
  };
  const loss = () => -seen.reduce((sum, one) => sum + one.n * Math.log(overlap(rho, one.effect)), 0);
  for (let step = 0; step < iterations; step++) {
    const r = { n: outcomes, re: new Float64Array(outcomes ** 2), im: new Float64Array(outcomes ** 2) };
    for (const one of seen) {
      const weight = one.n / shots / overlap(rho, one.effect);
      for (let i = 0; i < r.re.length; i++) {
        r.re[i]! += weight * one.effect.re[i]!;
        r.im[i]! += weight * one.effect.im[i]!;
      }
    }
    const next = times(times(r, rho), r);
    let trace = 0;
    for (let i = 0; i < outcomes; i++) trace += next.re[i * outcomes + i]!;
    rho = { n: outcomes, re: next.re.map((v) => v / trace), im: next.im.map((v) => v / trace) };
  }
  return { rho, loss: loss() };
}
