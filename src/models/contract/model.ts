import type { BoundedModel } from "./bounded.ts";
import type { EnergyModel } from "./energy.ts";
import type { ExactModel } from "./exact.ts";
import type { ImplicitModel } from "./implicit.ts";

/** A model of any kind; `kind` tells what may be asked of it. */
export type Model = ExactModel | BoundedModel | EnergyModel | ImplicitModel;

/** The four kinds: the lecture's exact, approximate (a bound, or an energy) and implicit likelihood. */
export type Kind = Model["kind"];

/** The kind of likelihood in the lecture's words. */
export type LikelihoodWord = "exact" | "approximate" | "implicit";

/** The lecture's word for each kind. */
export const likelihoodOf: Readonly<Record<Kind, LikelihoodWord>> = {
  exact: "exact",
  bounded: "approximate",
  energy: "approximate",
  implicit: "implicit",
};
