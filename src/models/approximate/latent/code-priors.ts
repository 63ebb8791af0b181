import type { Space } from "../../../data/space.ts";
import type { Domain, ExactModel, Family } from "../../contract.ts";
import { maf } from "../../exact/flows/maf.ts";
import { realnvp } from "../../exact/flows/realnvp.ts";
import { spline } from "../../exact/flows/spline.ts";
import { made } from "../../exact/made/made.ts";
import { nade } from "../../exact/nade/nade.ts";
import { pixelcnn } from "../../exact/pixelcnn/pixelcnn.ts";
import { rnn } from "../../exact/rnn/rnn.ts";
import { transformer } from "../../exact/transformer/transformer.ts";

/** A family that a distribution over codes may be of, with hyperparameters that suit one. */
interface PriorFamily {
  readonly family: Family<ExactModel>;
  readonly settings: Readonly<Record<string, unknown>>;
}

const prior = (family: unknown, settings: PriorFamily["settings"] = {}): PriorFamily => ({
  family: family as Family<ExactModel>,
  settings,
});

/** Families over codes that are states, by name. */
const ofStates = {
  pixelcnn: prior(pixelcnn, { channels: 32, head: 128 }),
  transformer: prior(transformer),
  made: prior(made),
  nade: prior(nade),
  rnn: prior(rnn),
} as const;

/** Families over codes that are real numbers, by name. */
const ofNumbers = { spline: prior(spline), realnvp: prior(realnvp), maf: prior(maf) } as const;

/** Names of families over codes that are states. */
export const statePriors = Object.keys(ofStates) as (keyof typeof ofStates)[];

/** Names of families over codes that are real numbers. */
export const numberPriors = Object.keys(ofNumbers) as (keyof typeof ofNumbers)[];

type PriorName = keyof typeof ofStates | keyof typeof ofNumbers;

const priors: Readonly<Record<PriorName, PriorFamily>> = { ...ofStates, ...ofNumbers };

/** Numbers at the input of a dense autoregressive network from which on a transformer is faster. */
const MANY = 4096;

/**
 * Returns the family over states that suits the shape of codes: convolutions on a lattice, else the one with
 * the smaller network.
 */
export function suitedPrior(shape: readonly number[], states: number): keyof typeof ofStates {
  if (shape.length > 1) return "pixelcnn";
  return (shape[0] as number) * states > MANY ? "transformer" : "made";
}

/** A distribution over codes by a family's name, and about how many parameters it has. */
export function codePrior(name: PriorName, codes: Space, context: Domain["context"]) {
  const { family, settings } = priors[name];
  const domain: Domain = { space: codes, context };
  return {
    make: () => family.create(domain, settings),
    count: () => family.parameterCount(domain, settings),
  };
}
