import type { LogZBracket } from "./bracketing.ts";

/** Chains with log-weights that disagree by a larger R̂ have not converged. */
const WORST_R_HAT = 1.1;
/** Gap in nats beyond which a bracket is called wide. */
const WIDE = 1;
/** Effective number of chains below which an estimate hangs on a few of them. */
const FEW = 10;
/** Standard errors beyond which a difference is no chance. */
const BEYOND = 4;

/** Why a bracket of log Z is not to be relied on, one line each. */
export function bracketWarnings(bracket: Omit<LogZBracket, "warnings">): string[] {
  const { lower, upper, gap, rHat: agreement, chains, raise } = bracket;
  const warnings: string[] = [];
  for (const [name, { ess }] of [
    ["lower", lower],
    ["upper", upper],
  ] as const)
    if (!(ess * chains >= FEW))
      warnings.push(
        `the ${name} side of log Z depends on only about ${(ess * chains).toFixed(1)} of ${chains} chains; take more temperatures`,
      );
  if (gap.value > WIDE)
    warnings.push(`the sides of log Z are ${gap.value.toFixed(1)} nats apart; take more temperatures`);
  if (gap.value < -BEYOND * gap.error)
    warnings.push(
      "the lower side of log Z is above the upper one: the chains of the upper side miss part of the model",
    );
  if (agreement !== undefined && agreement > WORST_R_HAT)
    warnings.push(
      `chains from the data and from the path disagree (R̂ = ${agreement.toFixed(2)}): do not trust the upper side of log Z`,
    );
  if (raise && raise.value - upper.value > WIDE + BEYOND * Math.hypot(raise.error, upper.error))
    warnings.push(
      `from rows of data the upper side of log Z is ${(raise.value - upper.value).toFixed(1)} nats higher: the data is unlike the model, or the chains miss part of it`,
    );
  return warnings;
}
