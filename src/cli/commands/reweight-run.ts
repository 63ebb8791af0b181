import { type Space, siteShape } from "../../data/space.ts";
import { spaceText } from "../../data/table.ts";
import { usageError } from "../../error.ts";
import { textTable } from "../../report/table.ts";
import { offsetOf, openRun, type Run } from "../../runs/index.ts";
import { importance, weightedMoments } from "../../stats/index.ts";
import { freeEnergy } from "../../study/panels/free-energy.ts";
import { reweighted } from "../../study/panels/reweighted.ts";
import { solveSubject } from "../../study/solve-subject.ts";
import { lookThrough } from "../../study/study.ts";
import { systemText } from "../../study/system-text.ts";
import type { System } from "../../systems/index.ts";
import { requireRoom } from "../options/flags.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import { StudyMeter } from "../terminal/study-meter.ts";
import { exactFitted } from "./open-model.ts";

/** What {@link reweightRun} is asked for. */
interface ReweightRequest {
  /** The number of samples, by whether the model is a flow in time, which takes long for each. */
  samples(isSlow: boolean): number;
  readonly seed: number;
  /** Threads inside one operation (default: those of the run). */
  readonly threads?: number | undefined;
  readonly session: Session;
}

/**
 * Returns the free energy and the observables of a system from samples of a run's model with the weights exp(−βE)/q, whatever the
 * model was trained on. Throws AnsatzError (usage) for a model without the density of its samples, of other configurations or of another
 * system's data.
 */
export async function reweightRun(
  folder: string,
  target: System,
  { samples: asked, seed, threads, session }: ReweightRequest,
): Promise<Outcome> {
  const run = await openRun(folder);
  requireFits(run, target);
  const { family, parameters, threads: own } = run.record;
  const samples = asked(run.model().kind === "bounded");
  requireRoom(samples, 8); // their weights alone, before the work
  const fitted = exactFitted(await run.fitted({ threads: threads ?? own }));
  if (fitted.model.refuses)
    throw usageError(
      `${folder}: its model allows only part of the configurations of ${target.name}, and log Z would be that of the part`,
    );
  const meter = new StudyMeter(session);
  const subject = solveSubject(fitted, target, { samples, seed });
  const found = await lookThrough([freeEnergy, reweighted], subject, meter.options).finally(() =>
    meter.end(),
  );
  const { drawn } = await subject.solved(meter.options);
  await fitted.release();
  for (const line of found.warnings) session.note(`warning: ${line}`);
  const weights = importance(drawn.logWeight);
  const observables = Object.fromEntries(
    Object.entries(target.observables).map(([name, of]) => [
      name,
      weightedMoments(weights, of(drawn.x)).mean,
    ]),
  );
  const system = { name: target.name, parameters: target.parameters as Readonly<Record<string, unknown>> };
  const numbers = found.numbers.filter(({ key }) => key !== "acceptance");
  return {
    document: { start: folder, family, parameters, system, ...found.document, observables },
    text: `${folder}: ${family}, ${parameters} parameters, reweighted to ${systemText(system)}\n${textTable(numbers)}`,
  };
}

/** Throws a usage error if samples of a run are no configurations of the system, or are those of another system. */
function requireFits({ folder, record }: Run, target: System): void {
  if (record.context)
    throw usageError(`${folder}: its model is conditional, and no context is given; start from another run`);
  const of = record.task === "fit" ? record.data.system : record.target;
  if (of && of.name !== target.name)
    throw usageError(`${folder}: is of ${of.name}, not of ${target.name}; name that system, or another run`);
  // With its bounds: a density on part of the configurations has the log Z of the part.
  const [own, asked] = [record.space, target.space].map(inFull);
  if (own !== asked)
    throw usageError(
      `${folder}: models ${spaceText(record.space)}, and ${target.name} has ${spaceText(target.space)}; name a run of the same shape`,
    );
  if (offsetOf(record).length > 0)
    throw usageError(
      `${folder}: its fit subtracted an offset from each column, which the energy does not know; fit rows nearer 0`,
    );
}

const inFull = (space: Space): string => JSON.stringify({ ...space, shape: siteShape(space) });
