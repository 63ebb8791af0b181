import { sites } from "../data/space.ts";
import { type FreeEnergy, freeEnergyOf, type Weighted, weightedSamples } from "../evaluate/index.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { Key } from "../random/key.ts";
import type { NumberRow } from "../report/index.ts";
import { textTable } from "../report/table.ts";
import type { Run, SolveRecord } from "../runs/index.ts";
import { perSite } from "../stats/index.ts";
import type { Exact, System } from "../systems/index.ts";
import type { Session } from "./terminal/session.ts";

/** Fewer effective samples than this do not show the tail of their own weights. */
const FEW_EFFECTIVE = 100;

/** What a solved model is worth, beside the exact values where they are known. */
export interface SolveResult {
  readonly free: FreeEnergy;
  readonly exact: Exact | undefined;
  readonly drawn: Weighted;
}

/** Draws samples of a solved model and estimates log Z and the thermodynamics from them. */
export async function evaluateSolve(
  fitted: FittedExact,
  target: System,
  { samples, seed, session }: { readonly samples: number; readonly seed: number; readonly session: Session },
): Promise<SolveResult> {
  const progress = session.progress(`sample ${fitted.model.family}`);
  const drawn = await weightedSamples(fitted, target, {
    samples,
    key: Key.fromSeed(seed).fold(1),
    signal: session.signal,
    onProgress: (done, total) =>
      progress.update({ fraction: done / total, details: [`${done} of ${total}`] }),
  }).finally(() => progress.end());
  const free = freeEnergyOf(target.beta, drawn);
  const effective = free.ess.value * free.samples;
  if (effective < FEW_EFFECTIVE)
    session.note(
      `warning: ${free.samples} samples count as ${effective.toPrecision(2)} (ESS): reweighted numbers and their errors are not to be ` +
        "trusted; take more steps, another model, or more samples",
    );
  return { free, exact: target.exact, drawn };
}

/** The rows of a numbers table that a solve makes: totals over all sites, then per site. */
export function solveRows({ free, exact }: SolveResult, target: System): NumberRow[] {
  const n = sites(target.space);
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
    { name: "energy per site", estimate: perSite(free.energy, n), ...reference(share(exact?.energy)) },
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

/** The document of a solve: totals over all sites, nats. */
export function solveDocument(run: Run<SolveRecord>, { free, exact }: SolveResult): Record<string, unknown> {
  const { family, parameters, target, result } = run.record;
  const relative = (value: number) => (exact ? (value - exact.logZ) / Math.abs(exact.logZ) : undefined);
  return {
    run: run.folder,
    family,
    parameters,
    system: target,
    ...free,
    exact: exact ?? null,
    ...(exact && {
      relativeError: { logZBound: relative(free.logZBound.value), logZ: relative(free.logZ.value) },
    }),
    steps: result?.step,
    seconds: result?.seconds,
  };
}

/** What the command says of a solve that has ended. */
export function solveText(run: Run<SolveRecord>, result: SolveResult, target: System): string {
  const { family, parameters, result: end } = run.record;
  return (
    `${run.folder}: ${family}, ${parameters} parameters, ${end?.step} steps, ${end?.seconds.toFixed(1)} s\n` +
    textTable(solveRows(result, target))
  );
}
