import { sites } from "../../data/space.ts";
import { type FreeEnergy, rowMean } from "../../evaluate/index.ts";
import type { NumberRow } from "../../report/index.ts";
import { heaviestTail, perSite } from "../../stats/index.ts";
import type { System } from "../../systems/index.ts";
import { labelOf } from "../labels.ts";
import type { SolveSubject } from "../solve-subject.ts";
import type { Panel } from "../study.ts";

/** Minimum number of effective samples that show the tail of their own weights. */
const FEW_EFFECTIVE = 100;
/** ESS, as a fraction, below which a model is too far from its target for the tail of its weights to be taken as seen. */
const LOW_ESS = 0.1;

/** log Z, the bound on it and the thermodynamics, next to the exact values if known. */
export const freeEnergy: Panel<SolveSubject> = {
  name: "free-energy",
  applies: () => true,
  async look(subject, at) {
    const { target } = subject;
    const { free } = await subject.solved(at);
    const { exact } = target;
    const relative = (value: number) => (exact ? (value - exact.logZ) / Math.abs(exact.logZ) : undefined);
    const effective = free.ess.value * free.samples;
    return {
      numbers: [
        ...solveRows(free, target).map((row) => besideEnergy(row, subject)),
        {
          ...{ key: "acceptance", name: "Metropolis acceptance" },
          estimate: free.acceptance,
          note: "of the model's samples as proposals",
        },
      ],
      warnings: warningsOf(free, effective),
      document: {
        ...free,
        exact: exact ?? null,
        ...(exact && {
          relativeError: { logZBound: relative(free.logZBound.value), logZ: relative(free.logZ.value) },
        }),
      },
    };
  },
};

/** Why reweighted numbers are not to be trusted, one line each. */
function warningsOf(free: FreeEnergy, effective: number): string[] {
  if (effective < FEW_EFFECTIVE)
    return [
      `${free.samples} samples count as ${effective.toPrecision(2)} (ESS): reweighted numbers and their errors are not to be ` +
        "trusted; take more steps, another model, or more samples",
    ];
  const warnings: string[] = [];
  if (free.ess.value < LOW_ESS || free.tail > heaviestTail)
    warnings.push(
      `the weights vary much (ESS ${free.ess.value.toPrecision(2)}, k̂ ${free.tail.toFixed(2)} of their tail, where 0.7 is the most to be ` +
        "trusted): configurations that the model hardly draws may be missing from the reweighted numbers; take more steps, or " +
        "another model",
    );
  const unknown = (["logZ", "energy", "entropy", "heatCapacity"] as const).filter((name) =>
    Number.isNaN(free[name].error),
  );
  if (unknown.length > 0)
    warnings.push(
      "errors that are unknown rest on few of the samples, such as rare excitations: others that were not drawn may count as much; " +
        "take more samples, or simulate",
    );
  return warnings;
}

/** The energy of a solve next to that of a simulation, if no exact energy is known. */
function besideEnergy(row: NumberRow, { target: { observables }, simulated: rows }: SolveSubject): NumberRow {
  if (!rows || row.reference || row.key !== "energy" || !observables.energy) return row;
  return {
    ...row,
    reference: { ...rowMean(observables.energy(rows.x), rows.chain, rows.spacing), source: "Monte Carlo" },
  };
}

/** The rows of a numbers table that a solve makes: totals over all sites, then per site. */
function solveRows(free: FreeEnergy, target: System): NumberRow[] {
  const n = sites(target.space);
  const { exact } = target;
  const reference = (value: number | undefined) =>
    value === undefined ? {} : { reference: { value, source: "exact" } };
  const share = (value: number | undefined) => (value === undefined ? undefined : value / n);
  const freeEnergy = (x: { value: number; error: number }) => ({
    value: -x.value / target.beta,
    error: x.error / target.beta,
  });
  const exactFree = exact && -exact.logZ / target.beta;
  return [
    {
      name: "log Z, variational bound (total)",
      estimate: free.logZBound,
      ...reference(exact?.logZ),
      note: `a lower bound; ${free.samples} samples`,
    },
    {
      name: "log Z, importance-sampled (total)",
      estimate: free.logZ,
      ...reference(exact?.logZ),
      note: "reweighted, as all below",
    },
    { name: "ESS (fraction)", estimate: free.ess, note: "1 for a perfect model" },
    {
      name: "free energy per site, variational",
      estimate: perSite(freeEnergy(free.logZBound), n),
      ...reference(share(exactFree)),
      note: "an upper bound",
    },
    {
      name: "free energy per site",
      estimate: perSite(freeEnergy(free.logZ), n),
      ...reference(share(exactFree)),
    },
    {
      ...{ key: "energy", name: labelOf("energy") },
      estimate: perSite(free.energy, n),
      ...reference(share(exact?.energy)),
    },
    {
      name: "entropy per site (nats)",
      estimate: perSite(free.entropy, n),
      ...reference(share(exact?.entropy)),
    },
    {
      name: "heat capacity per site",
      estimate: perSite(free.heatCapacity, n),
      ...reference(share(exact?.heatCapacity)),
    },
  ];
}
