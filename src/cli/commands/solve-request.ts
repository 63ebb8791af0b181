import { createSystem, type System } from "../../systems/index.ts";

import type { SelectedSystem } from "../options/selected-system.ts";

/** What a solve is asked for; what was left out is not there. */
export interface SolveRequest {
  readonly system?: string | undefined;
  /** Sites of a system of couplings, if its parameters do not have its shape. */
  readonly sites?: number | undefined;
  /** The energy of a program file, in place of a system's. */
  readonly own?: Extract<SelectedSystem, { readonly own: object }> | undefined;
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
