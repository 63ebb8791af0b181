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
 * Returns the model of a run folder, which must have codes, and an encoder if it `encodes`; throws a usage
 * error that names families with codes if it has none.
 */
export async function openCoded(folder: string, encodes = false): Promise<OpenCoded> {
  const { run, fitted } = await openFitted(folder);
  return { run, fitted, ...codedOf(folder, fitted, encodes) };
}

/** The codes of a fitted model; throws as {@link openCoded}. */
export function codedOf(
  folder: string,
  fitted: AnyFitted,
  encodes = false,
): Pick<OpenCoded, "coding" | "coder"> {
  const { family, space, context, coding } = fitted.model;
  const { coder } = fitted;
  if (coding && (coding.encode || !encodes)) return { coding, coder } as Pick<OpenCoded, "coding" | "coder">;
  const others = familiesWithCodes({ space, context }, encodes);
  const which =
    others.length > 0 ? `for such rows these have: ${others.join(", ")}` : "no family has codes of such rows";
  const what = coding ? "has no encoder" : "has no codes";
  throw usageError(`${folder}: a ${family} ${what}; ${which}`);
}

/** Families whose models of a domain have codes. */
function familiesWithCodes(domain: Domain, encodes: boolean): string[] {
  return [...families.keys()].filter((name) => {
    const coding = modelsDomain(name, domain) ? createModel(name as string, domain).coding : undefined;
    return encodes ? coding?.encode !== undefined : coding !== undefined;
  });
}
