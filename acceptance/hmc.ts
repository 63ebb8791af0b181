import { createSystem, Key } from "ansatz";
import { exactMean, rowMean, rowStatistic } from "ansatz/evaluate";
import { difference, type Estimate, formatComparison, formatEstimate } from "ansatz/stats";
import { type Acceptance, timed } from "./acceptance.ts";

/** Configurations of every run. */
const samples = 100_000;

/** See {@link simulated}. */
interface Claim {
  readonly name: string;
  readonly system: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The observable that the run is about. */
  readonly about: string;
  /** A published value of it, where none is exact. */
  readonly published?: Estimate;
  readonly summary: string;
}

/** Simulates a lattice field by hybrid Monte Carlo and holds its observables against exact or published values. */
function simulated({ name, system, parameters, about, published, summary }: Claim): Acceptance {
  return {
    name,
    summary,
    settings: { system, ...parameters, samples, chains: 16 },
    seeds: [1, 2, 3],
    async measure(seed) {
      const field = createSystem(system, parameters);
      const { value: run, cost } = await timed(() => field.simulate({ samples, key: Key.fromSeed(seed) }));
      const { x, chain, tau, thinning, acceptance } = run;
      const rows = { x, ...(chain && { chain: chain.data }), spacing: { tau, thinning } };
      const estimates = new Map<string, Estimate>([
        ...Object.entries(field.observables).map(
          ([o, of]) => [o, rowMean(of(x), rows.chain, rows.spacing)] as const,
        ),
        ...Object.entries(field.statistics ?? {}).map(([s, of]) => [s, rowStatistic(of, rows)] as const),
      ]);
      const known = [...estimates].flatMap(([o, estimate]) => {
        const exact = exactMean(field, o);
        if (exact === undefined) return [];
        const { sigmas } = difference(estimate, exact);
        return [[`${o} ${formatComparison(estimate, exact)}, within 3.5 σ`, Math.abs(sigmas) < 3.5] as const];
      });
      const result = estimates.get(about) as Estimate;
      const away = published && difference(result, published);
      return {
        seed,
        result,
        notes: [
          `τ ${tau.toPrecision(3)} trajectories, a row every ${thinning}, acceptance ${formatEstimate(acceptance as Estimate)}`,
          ...[...estimates].map(([o, estimate]) => `${o} ${formatEstimate(estimate)}`),
        ].join(", "),
        checks: [
          ...known,
          ...(published && away
            ? [
                [
                  `${about} within 2 σ of ${formatEstimate(published)} (${away.sigmas.toFixed(1)} σ)`,
                  Math.abs(away.sigmas) < 2,
                ] as const,
              ]
            : []),
        ],
        cost,
      };
    },
  };
}

/** φ⁴ theory at the reference point of Albergo et al., arXiv:2101.08176, whose χ₂ by hybrid Monte Carlo is 0.734 ± 0.012. */
export const hmcPhi4 = simulated({
  name: "hmc-phi4",
  system: "phi4",
  parameters: { shape: [8, 8], mass2: -4, lambda: 8 },
  about: "susceptibility",
  published: { value: 0.734, error: 0.012 },
  summary: "φ⁴ theory, 8×8, m² = −4, λ = 8, by hybrid Monte Carlo: χ₂",
});

/** U(1) gauge theory where its topological charge moves. */
export const hmcU1 = simulated({
  name: "hmc-u1",
  system: "u1",
  parameters: { shape: [8, 8], beta: 2 },
  about: "squareCharge",
  summary: "U(1) gauge theory, 8×8, β = 2, by hybrid Monte Carlo: ⟨Q²⟩",
});
