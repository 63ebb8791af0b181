import type { BoundedModel } from "./bounded.ts";
import type { EnergyModel } from "./energy.ts";
import type { ExactModel } from "./exact.ts";
import type { ImplicitModel } from "./implicit.ts";

/** A model of any kind; `kind` decides what it can do. */
export type Model = ExactModel | BoundedModel | EnergyModel | ImplicitModel;

/** The four kinds of model, by how P(x) is known: exactly, by a bound, up to a constant, or by samples alone. */
export type Kind = Model["kind"];

/** The three kinds of likelihood; a bound and an energy are both approximate. */
export type LikelihoodWord = "exact" | "approximate" | "implicit";

/** The kind of likelihood of each kind of model: `exact`, `approximate` (bounds and energies) or `implicit`. */
export const likelihoodOf: Readonly<Record<Kind, LikelihoodWord>> = {
  exact: "exact",
  bounded: "approximate",
  energy: "approximate",
  implicit: "implicit",
};
