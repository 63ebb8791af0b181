import { exactMean, rowMean, rowStatistic } from "../../evaluate/index.ts";
import { trueMinus } from "../../report/figures/format.ts";
import { textColumns } from "../../report/table.ts";
import { exactText, formatComparison, formatEstimate, sigmasFrom } from "../../stats/index.ts";
import { labelOf } from "../../study/labels.ts";
import { systemText } from "../../study/system-text.ts";
import type { RowFunction, Simulation, System } from "../../systems/index.ts";
import type { Outcome } from "../terminal/session.ts";

/** What was simulated at one temperature or at several, as JSON and as text. */
export function simulateOutcome(
  out: string,
  systems: readonly System[],
  simulations: readonly Simulation[],
  seconds: number,
): Outcome {
  const [system] = systems as [System];
  const [simulation] = simulations as [Simulation];
  if (systems.length === 1)
    return {
      document: documentOf(out, system, simulation, seconds),
      text: textFor(out, system, simulation),
    };
  const { beta: _, ...parameters } = system.parameters;
  const rows = simulations.reduce((sum, { x }) => sum + x.shape[0]!, 0);
  return {
    document: {
      out,
      system: { name: system.name, parameters },
      rows,
      shape: system.shape,
      temperatures: systems.map((one, i) => ({ beta: one.beta, ...numbersOf(one, simulations[i]!) })),
      seconds,
    },
    text: [
      `${out}: ${rows} configurations of ${systemText({ name: system.name, parameters })}, β as context`,
      textColumns([
        ["β", "rows", "τ, sweeps", "burn-in", "a row every", "sampler", "energy per site", "exact", ""],
        ...systems.map((one, i) => temperatureRow(one, simulations[i]!)),
      ]),
    ].join("\n"),
  };
}

function temperatureRow({ beta, exact, sites }: System, s: Simulation): string[] {
  const known = exact && exact.energy / sites;
  return [
    String(Number(beta.toPrecision(6))),
    String(s.x.shape[0]),
    tauText(s.tau),
    String(s.burnIn),
    String(s.thinning),
    s.sampler.name,
    trueMinus(formatEstimate(s.energy)),
    known === undefined ? "" : trueMinus(exactText(known, s.energy)),
    known === undefined ? "" : sigmasText(sigmasFrom(s.energy, known)),
  ];
}

function sigmasText(sigmas: number | undefined): string {
  return sigmas === undefined ? "" : trueMinus(`${sigmas < 0 ? "" : "+"}${sigmas.toFixed(1)}σ`);
}

function documentOf(out: string, system: System, s: Simulation, seconds: number): unknown {
  return {
    out,
    system: { name: system.name, parameters: system.parameters },
    shape: system.shape,
    ...numbersOf(system, s),
    seconds,
  };
}

function numbersOf(system: System, s: Simulation) {
  const { exact, sites } = system;
  return {
    rows: s.x.shape[0],
    sampler: s.sampler,
    tau: s.tau,
    thinning: s.thinning,
    burnIn: s.burnIn,
    ...(s.acceptance && { acceptance: s.acceptance }),
    energyPerSite: s.energy,
    observables: Object.fromEntries(headlinesOf(system, s).map(({ name, ...rest }) => [name, rest])),
    ...(exact && {
      exact: { logZ: exact.logZ, energyPerSite: exact.energy / sites, entropyPerSite: exact.entropy / sites },
    }),
  };
}

function textFor(out: string, system: System, s: Simulation): string {
  const { exact, sites } = system;
  const energy = exact ? formatComparison(s.energy, exact.energy / sites) : formatEstimate(s.energy);
  return [
    `${out}: ${s.x.shape[0]} configurations of ${systemText(system)}`,
    howDrawn(s),
    `energy per site ${trueMinus(energy)}${whyUnknown(s)}`,
    ...headlinesOf(system, s).map(({ name, value, error, exact: known }) => {
      const estimate = { value, error };
      return `${labelOf(name)} ${trueMinus(known === undefined ? formatEstimate(estimate) : formatComparison(estimate, known))}`;
    }),
  ].join("\n");
}

/** The system's further values of its rows in addition to the energy, with exact values if known. */
function headlinesOf(system: System, { x, chain, tau, thinning }: Simulation) {
  const rows = { x, ...(chain && { chain: chain.data }), spacing: { tau, thinning } };
  return (system.headlines ?? []).map((name) => {
    const statistic = system.statistics?.[name];
    const exact = exactMean(system, name);
    const estimate = statistic
      ? rowStatistic(statistic, rows)
      : rowMean((system.observables[name] as RowFunction)(x), rows.chain, rows.spacing);
    return { name, value: estimate.value, error: estimate.error, ...(exact !== undefined && { exact }) };
  });
}

/** How the rows were drawn: independently, or by a chain with its τ, burn-in and thinning. */
function howDrawn({ chain, sampler, tau, burnIn, thinning, acceptance }: Simulation): string {
  if (!chain) return `${sampler.name}: ${sampler.sweep}`;
  const accepted = acceptance ? `, acceptance ${formatEstimate(acceptance)}` : "";
  return `τ = ${tauText(tau)} sweeps; burn-in ${burnIn}, a row every ${thinning} (${sampler.name}: ${sampler.sweep}${accepted})`;
}

function tauText(tau: number): string {
  return Number.isNaN(tau) ? "unknown" : tau.toPrecision(3);
}

/** Why the energy has no error, if it has none. */
function whyUnknown({ x, energy, tau }: Simulation): string {
  if (!Number.isNaN(energy.error)) return "";
  if (x.shape[0] === 1) return "; the error of one row is unknown";
  if (Number.isNaN(tau))
    return "; the error is unknown, as these rows do not tell τ: give more of them, or a longer --burn-in";
  return "; the error is unknown, as every row has the same energy";
}
