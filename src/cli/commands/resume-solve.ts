import { usageError } from "../../error.ts";
import { openRun, type Run, type SolveRecord } from "../../runs/index.ts";
import { createSystem } from "../../systems/index.ts";
import { solveOptionsSchema } from "../../train/index.ts";
import { checkOptions } from "../options/option-flags.ts";
import type { Session } from "../terminal/session.ts";
import { exactFitted, exactModel } from "./open-model.ts";
import { anew, continued, requireSameModel, requireSameOptions } from "./resume.ts";
import { runSolve, type SolveOutcome } from "./run-solve.ts";
import { type SolveRequest, startOf } from "./solve-request.ts";
import { targetOf } from "./target-of-run.ts";

/**
 * Continues the solve of a run folder with its own options; the model of a finished solve is used unchanged.
 * Throws when the request contradicts the run, or when the run is not of a solve.
 */
export async function resumeSolve(
  out: string,
  request: SolveRequest,
  session: Session,
): Promise<SolveOutcome> {
  const run = (await openRun(out)).ofSolve();
  requireSame(run, request);
  if (run.record.result) {
    session.note(`${out} is done: its solve ended at step ${run.record.result.step}; nothing to resume`);
    return { run, fitted: exactFitted(await run.fitted({ threads: run.record.threads })) };
  }
  await run.lock({ note: (line) => session.note(line) });
  try {
    return await goOn(run, request, session);
  } finally {
    await run.unlock();
  }
}

async function goOn(run: Run<SolveRecord>, request: SolveRequest, session: Session): Promise<SolveOutcome> {
  const { record } = run;
  const { threads } = checkOptions({ ...record.training, ...request.options }, solveOptionsSchema);
  const settings = { ...record.training, threads };
  return runSolve({
    model: exactModel(run.model()),
    target: targetOf(run, request.own),
    start: record.start && createSystem(record.start.name, record.start.parameters),
    ...(await continued(run, settings, session)),
  });
}

/** Throws a usage error if a request names another system, model or option than the run has. */
function requireSame(run: Run<SolveRecord>, request: SolveRequest): void {
  const { record } = run;
  const { parameters } = record.target;
  if (request.own || typeof parameters.module === "string") targetOf(run, request.own);
  else requireSameSystem(run, request);
  requireSameModel(run, request.family, request.hyperparameters);
  const settings = checkOptions({ ...record.training, ...request.options }, solveOptionsSchema);
  requireSameOptions(run, Object.keys(request.options), settings);
}

function requireSameSystem({ folder, record }: Run<SolveRecord>, request: SolveRequest): void {
  const { name, parameters } = record.target;
  if (request.system !== undefined && request.system !== name)
    throw usageError(`${folder} is a run on ${name}, not on ${request.system}; ${anew}`);
  // Couplings that are named again without fields are couplings without fields.
  const given =
    "bonds" in request.systemParameters
      ? { fields: undefined, ...request.systemParameters }
      : request.systemParameters;
  const asked = createSystem(name, { ...parameters, ...given }).parameters;
  for (const key of Object.keys(given))
    if (JSON.stringify(asked[key]) !== JSON.stringify(parameters[key])) {
      const was = JSON.stringify(parameters[key] ?? null);
      const value = was.length > 60 ? `other ${key}` : `${key} ${was}`;
      throw usageError(`${folder} was started with ${value}, which a resumed solve keeps; ${anew}`);
    }
  for (const [key, value] of Object.entries(
    startOf(createSystem(name, parameters), request)?.parameters ?? {},
  ))
    if (JSON.stringify(value) !== JSON.stringify(record.start?.parameters[key]))
      throw usageError(
        `${folder} was started with another --anneal-system, which a resumed solve keeps; ${anew}`,
      );
}
