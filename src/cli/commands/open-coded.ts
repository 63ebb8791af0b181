import { usageError } from "../../error.ts";
import type { Coding, Domain } from "../../models/contract.ts";
import type { Coder } from "../../models/fitted/coder.ts";
import type { AnyFitted } from "../../models/fitted/fitted.ts";
import { createModel, families, modelsDomain } from "../../models/registry.ts";
import type { Run } from "../../runs/index.ts";
import { openFitted } from "./open-model.ts";

/** A fitted model with codes. */
export interface OpenCoded {
  readonly run: Run;
  readonly fitted: AnyFitted;
  readonly coding: Coding;
  readonly coder: Coder;
}

/**
 * Returns the model of a run folder, which must have codes; throws a usage error that names families with
 * codes if it has none.
 */
export async function openCoded(folder: string): Promise<OpenCoded> {
  const { run, fitted } = await openFitted(folder);
  return { run, fitted, ...codedOf(folder, fitted) };
}

/** The codes of a fitted model; throws as {@link openCoded}. */
export function codedOf(folder: string, fitted: AnyFitted): Pick<OpenCoded, "coding" | "coder"> {
  const { family, space, context, coding } = fitted.model;
  const { coder } = fitted;
  if (coding) return { coding, coder } as Pick<OpenCoded, "coding" | "coder">;
  const others = familiesWithCodes({ space, context });
  const which =
    others.length > 0 ? `for such rows these have: ${others.join(", ")}` : "no family has codes of such rows";
  throw usageError(`${folder}: a ${family} has no codes; ${which}`);
}

/** Families with codes that can model a domain. */
function familiesWithCodes(domain: Domain): string[] {
  return [...families.keys()].filter(
    (name) => modelsDomain(name, domain) && createModel(name as string, domain).coding !== undefined,
  );
}
