import { usageError } from "../../error.ts";
import type { AnyFitted } from "../../models/fitted/fitted.ts";
import { freeEnergy } from "../../study/panels/free-energy.ts";
import { solveSubject } from "../../study/solve-subject.ts";
import { lookThrough } from "../../study/study.ts";
import { oneSystem } from "../../systems/index.ts";
import type { Session } from "../terminal/session.ts";
import { StudyMeter } from "../terminal/study-meter.ts";
import { exactFitted } from "./open-model.ts";
import type { RunData } from "./run-data.ts";

/** What {@link scoreFreeEnergy} is asked for. */
interface FreeEnergyRequest {
  /** Samples to draw from the model. */
  readonly samples: number;
  /** Seed of the samples. */
  readonly seed: number;
  readonly session: Session;
}

/**
 * Returns the free energy and thermodynamics of the system that data were drawn from, by reweighted samples
 * of a model fitted to the data: numbers, warnings and a document like those of a solve.
 *
 * @throws AnsatzError (usage) for models without a likelihood, data of no known system, and data of several
 * temperatures.
 */
export async function scoreFreeEnergy(
  fitted: AnyFitted,
  { dataset: { name, meta }, system: given }: RunData,
  { samples, seed, session }: FreeEnergyRequest,
) {
  const { family, kind, context } = fitted.model;
  const isFlow = fitted.model.kind === "bounded" && fitted.model.flowTime !== undefined;
  if (kind !== "exact" && !isFlow)
    throw usageError(
      `--free-energy needs a model with an exact likelihood; ${family} is of the kind ${kind}`,
    );
  if ((!given && meta?.system?.betas) || context)
    throw usageError(
      `--free-energy: ${name} has contexts, so there is more than one free energy; fit rows of one temperature`,
    );
  const system = given ?? (meta?.system && oneSystem(meta.system));
  if (!system)
    throw usageError(
      `--free-energy: the system of ${name} is not known; name it, for example --system ising:beta=0.4`,
    );
  const meter = new StudyMeter(session);
  const subject = solveSubject(exactFitted(fitted), system, { samples, seed });
  return lookThrough([freeEnergy], subject, meter.options).finally(() => meter.end());
}
