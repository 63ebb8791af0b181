import { inputError, usageError } from "../../error.ts";
import { exactMean, type MetropolisRun, metropolis } from "../../evaluate/index.ts";
import type { FittedExact } from "../../models/index.ts";
import { Key } from "../../random/key.ts";
import { estimateText } from "../../report/estimate-text.ts";
import type { NumberRow } from "../../report/index.ts";
import { textTable } from "../../report/table.ts";
import type { Run } from "../../runs/index.ts";
import { labelOf } from "../../study/labels.ts";
import type { System } from "../../systems/index.ts";
import type { SelectedSystem } from "../options/selected-system.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import { saveSamples } from "./save-samples.ts";
import { systemOfModel } from "./target-of-run.ts";

/** What {@link sampleByMetropolis} is asked for. */
export interface MetropolisRequest {
  readonly out: string;
  readonly samples: number;
  readonly chains: number | undefined;
  readonly system: SelectedSystem | undefined;
  readonly seed: number;
  readonly force: boolean;
  readonly session: Session;
}

/**
 * The system that a run was solved for, that its data was drawn from, or that is selected; throws an input
 * error if none is known.
 */
function systemOf(run: Run, selected: SelectedSystem | undefined): System {
  const { folder, record } = run;
  const system = systemOfModel(run, selected);
  if (system) return system;
  const known = record.task === "fit" ? record.data.system : undefined;
  throw inputError(
    `${folder}: was fitted to data of ${known ? `${known.name}, which is no system of ansatz` : "no known system"}; ` +
      "--metropolis needs the energy of one: name it by --system or --energy",
  );
}

/** Writes rows of Markov chains that sample the run's system exactly, with its model as the proposal. */
export async function sampleByMetropolis(
  of: Run,
  fitted: FittedExact,
  { out, samples, chains, system: given, seed, force, session }: MetropolisRequest,
): Promise<Outcome> {
  const { folder, record } = of;
  const system = systemOf(of, given);
  if (record.context) throw usageError(`${folder}: --metropolis does not work for conditional models`);
  const progress = session.progress(`sample ${record.family}`);
  const run = await metropolis(fitted, system, {
    samples,
    chains,
    key: Key.fromSeed(seed),
    signal: session.signal,
    onProgress: (done, total) =>
      progress.update({ fraction: done / total, details: [`${done} of ${total} proposals`] }),
  }).finally(() => progress.end());
  await fitted.release();
  const meta = {
    system: { name: system.name, parameters: system.parameters as Record<string, never> },
    chain: {
      count: run.chains,
      thinning: 1,
      burnIn: run.burnIn,
      ...(Number.isFinite(run.tau) && run.unmixed === undefined && { tau: run.tau }),
    },
  } as const;
  const rows = { x: run.x, chain: Int32Array.from(run.chain.data), meta };
  await saveSamples(record, rows, { out, seed, force, session });
  if (!out.endsWith(".npz"))
    session.note(
      `note: ${out} holds the rows alone; an .npz keeps the system and which chain each row is from`,
    );
  if (run.unmixed !== undefined)
    session.note(
      `warning: the chains may not have mixed: ${run.unmixed}. Their means may be wrong, and their errors are unknown. Solve ` +
        "further, or take more samples",
    );
  return { document: documentOf(out, samples, run), text: textOf(out, samples, run, system) };
}

function documentOf(out: string, count: number, run: MetropolisRun): unknown {
  const { chains, burnIn, acceptance, tau, unmixed, observables } = run;
  return {
    out,
    count,
    chains,
    burnIn,
    acceptance,
    tau,
    ...(unmixed !== undefined && { unmixed }),
    observables,
  };
}

function textOf(out: string, count: number, run: MetropolisRun, system: System): string {
  const rows = Object.entries(run.observables).map(([name, { value, error, tau, reliable }]): NumberRow => {
    const reference = exactMean(system, name);
    const time = Number.isNaN(tau)
      ? "does not move"
      : `τ = ${tau.toPrecision(3)}${reliable ? "" : ", too short to tell"}`;
    return {
      name: labelOf(name),
      estimate: { value, error },
      ...(reference !== undefined && { reference: { value: reference, source: "exact" } }),
      note: time,
    };
  });
  return (
    `${out}: ${count} configurations of ${run.chains} chains, burn-in ${run.burnIn}\n` +
    `acceptance ${estimateText(run.acceptance)}, longest τ = ${run.tau.toPrecision(3)} steps (½: independent)\n` +
    textTable(rows)
  );
}
