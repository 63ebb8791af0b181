import type * as z from "zod";
import type { NDArray } from "../array.ts";
import type { systemSchema } from "../data/meta.ts";
import { inputError } from "../error.ts";
import { createSystem, isKnownSystem, systemKind } from "./registry.ts";
import type { System } from "./system.ts";

/** A dataset's record of the system that its rows were drawn from. */
export type KnownSystem = z.infer<typeof systemSchema>;

/** Whether the rows of a dataset are maps of the convergence: these have a spectrum, and no energy. */
export function areMaps(meta: { readonly system?: KnownSystem | undefined } | undefined): boolean {
  return meta?.system?.name === "kappa";
}

/** The system at each temperature that the rows were drawn at: one, or several. */
export function systemsOf({ name, parameters, betas }: KnownSystem): System[] {
  if (!betas) return [createSystem(name, parameters)];
  return betas.map((beta) => createSystem(name, { ...parameters, beta }));
}

/**
 * Returns the system at the first temperature; all share its space and symmetries. Undefined if the system is
 * not known here, or has unknown parameters, as a later version may write them.
 */
export function firstSystem({ name, parameters, betas }: KnownSystem): System | undefined {
  if (!isKnownSystem(name)) return undefined;
  const kind = systemKind(name);
  const parsed = kind.schema.safeParse({ ...parameters, ...(betas && { beta: betas[0] }) });
  return parsed.success ? kind.create(parsed.data) : undefined;
}

/** The system that all rows were drawn from; undefined if they were drawn at several temperatures, or it is not known here. */
export function oneSystem(known: KnownSystem): System | undefined {
  return known.betas || !isKnownSystem(known.name) ? undefined : systemsOf(known)[0];
}

/**
 * Returns the index of each row's system in {@link systemsOf}, by its context, which has β first.
 *
 * @throws AnsatzError (input) naming a row with a β that is none of the data's.
 */
export function systemOfRows({ betas }: KnownSystem, rows: number, context?: NDArray<"f32">): Uint32Array {
  const places = new Uint32Array(rows);
  if (!betas) return places;
  const byBeta = new Map(betas.map((beta, place) => [Math.fround(beta), place]));
  const width = (context?.data.length ?? 0) / rows;
  for (let row = 0; row < rows; row++) {
    const beta = context?.data[row * width];
    const place = beta === undefined ? undefined : byBeta.get(beta);
    if (place === undefined)
      throw inputError(
        `row ${row} has the context ${beta ?? "none"}, which is not an inverse temperature of its system (${betas.join(", ")})`,
      );
    places[row] = place;
  }
  return places;
}
