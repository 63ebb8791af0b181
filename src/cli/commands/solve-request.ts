import { createSystem, type System } from "../../systems/index.ts";

/** What a solve is asked for; what was left out is not there. */
export interface SolveRequest {
  readonly system?: string | undefined;
  readonly systemParameters: Readonly<Record<string, unknown>>;
  /** Parameters of the system that annealing begins at, where they are others. */
  readonly startParameters: Readonly<Record<string, unknown>>;
  readonly family?: string | undefined;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Options of the solve that were given, by their names in its schema. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The system that annealing begins at, where it is another than the target. */
export function startOf({ name, parameters }: System, { startParameters }: SolveRequest): System | undefined {
  if (Object.keys(startParameters).length === 0) return undefined;
  return createSystem(name, { ...(parameters as object), ...startParameters });
}
