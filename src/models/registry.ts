import { AnsatzError, usageError } from "../error.ts";
import { alternatives } from "../nearest.ts";
import type { Target } from "../systems/system.ts";
import { energy } from "./approximate/neural/energy.ts";
import { boltzmann, potts } from "./approximate/pairwise/pairwise.ts";
import { crbm } from "./approximate/rbm/crbm.ts";
import { rbm } from "./approximate/rbm/rbm.ts";
import type { Domain, Family, Model } from "./contract.ts";
import { gaugeFlow } from "./exact/flows/gauge/gauge-flow.ts";
import { glow } from "./exact/flows/glow.ts";
import { latticeFlow } from "./exact/flows/lattice/lattice-flow.ts";
import { maf } from "./exact/flows/maf.ts";
import { realnvp } from "./exact/flows/realnvp.ts";
import { spline } from "./exact/flows/spline.ts";
import { made } from "./exact/made/made.ts";
import { nade } from "./exact/nade/nade.ts";
import { pixelcnn } from "./exact/pixelcnn/pixelcnn.ts";
import { rnn } from "./exact/rnn/rnn.ts";
import { transformer } from "./exact/transformer/transformer.ts";

/** Every family, by name. */
export const families: ReadonlyMap<string, Family> = new Map(
  [
    // Products of conditionals.
    ...[made, nade, pixelcnn, rnn, transformer],
    // Normalising flows.
    ...[realnvp, spline, maf, glow, latticeFlow, gaugeFlow],
    // Energy models.
    ...[rbm, crbm, boltzmann, potts, energy],
  ].map((family) => [family.name, family as unknown as Family]),
);

/** The family of a name; throws a usage error that suggests the nearest for an unknown one. */
export function familyNamed(name: string): Family {
  const family = families.get(name);
  if (family) return family;
  throw usageError(`there is no model family '${name}'${alternatives(name, [...families.keys()])}`);
}

/**
 * A model by its family's name, with hyperparameters checked against the family's schema. Throws a usage error that
 * names an unknown hyperparameter and suggests the nearest.
 */
export function createModel(
  name: string,
  domain: Domain,
  hyperparameters: Readonly<Record<string, unknown>> = {},
): Model {
  return familyNamed(name).create(domain, hyperparameters);
}

/** Whether a family models a domain with its default hyperparameters; only what it refuses by a line counts as no. */
export function modelsDomain(name: string, domain: Domain): boolean {
  try {
    createModel(name, domain);
    return true;
  } catch (error) {
    if (error instanceof AnsatzError) return false;
    throw error;
  }
}

/** Families that suit learning from an energy, the first of which that models a system is taken. */
export const solvers: readonly string[] = [made, latticeFlow, gaugeFlow, spline].map(({ name }) => name);

/** The family that a domain is solved by where none is named; the last of {@link solvers} says why where none models it. */
export function solvingFamily(domain: Domain): string {
  return solvers.find((name) => modelsDomain(name, domain)) ?? (solvers.at(-1) as string);
}

/**
 * Hyperparameters that a solve of `target` starts from, where they differ from the defaults: what the family says, and
 * the global flip (`z2`) where the energy has it and the family offers it.
 */
export function solvingDefaults(name: string, target: Target): Readonly<Record<string, unknown>> {
  const { schema, solving } = familyNamed(name);
  const { space, symmetries = [] } = target;
  const z2 = symmetries.includes("flip") && "z2" in schema.shape;
  return { ...(z2 && { z2 }), ...solving?.(space, symmetries) };
}
