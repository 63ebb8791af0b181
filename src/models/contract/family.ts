import type * as z from "zod";
import type { Space } from "../../data/space.ts";
import type { SymmetryName } from "../../data/symmetry.ts";
import type { Domain } from "./definition.ts";
import type { Model } from "./model.ts";

/** A family of models: its name, its hyperparameters, and how a model is made of them. */
export interface Family<M extends Model = Model> {
  /** Name on the command line. */
  readonly name: string;
  /** The kind of the models that it makes. */
  readonly kind: M["kind"];
  /** One line for lists. */
  readonly summary: string;
  /** Hyperparameters with defaults; its keys are what `--set` may set. */
  readonly schema: z.ZodObject;
  /**
   * Returns an estimate of the number of parameters of a domain's model, before anything of that size is
   * allocated: no less than the true number, and less than twice as many. Throws AnsatzError (usage) for
   * hyperparameters out of range.
   */
  parameterCount(domain: Domain, hyperparameters: unknown): number;
  /**
   * Hyperparameters that suit learning from an energy with `symmetries` over `space`, if they differ from the
   * defaults.
   */
  solving?(space: Space, symmetries: readonly SymmetryName[]): Readonly<Record<string, unknown>>;
  /** Values of hyperparameters that records written before these existed lack, where they differ from the defaults. */
  readonly earlier?: Readonly<Record<string, unknown>>;
  /** A model of a domain; throws AnsatzError (usage) for a space the family cannot model. */
  create(domain: Domain, hyperparameters: unknown): M;
}
