import { createSystem, type System } from "../../systems/index.ts";

import type { SelectedSystem } from "../options/selected-system.ts";

/** The request of a solve; omitted values are absent. */
export interface SolveRequest {
  readonly system?: string | undefined;
  /** Sites of a system of couplings, if its parameters do not have its shape. */
  readonly sites?: number | undefined;
  /** The energy of a program file, in place of a system's. */
  readonly own?: Extract<SelectedSystem, { readonly own: object }> | undefined;
  readonly systemParameters: Readonly<Record<string, unknown>>;
  /** Parameters of the system that annealing begins at, if they differ. */
  readonly startParameters: Readonly<Record<string, unknown>>;
  readonly family?: string | undefined;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Options of the solve that were given, by their names in its schema. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Returns the system that annealing begins at, if it is another than the target. */
export function startOf({ name, parameters }: System, { startParameters }: SolveRequest): System | undefined {
  if (Object.keys(startParameters).length === 0) return undefined;
  return createSystem(name, { ...(parameters as object), ...startParameters });
}
