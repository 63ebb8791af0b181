import { sites } from "../data/space.ts";
import { perSite, rangePerSite } from "../stats/index.ts";
import { type BracketedNll, isInNats } from "../train/index.ts";
import { betweenText, estimateText } from "./numbers.ts";
import type { FitOutcome, Validation } from "./run-fit.ts";
import type { Outcome } from "./session.ts";

/** What the command says of a fit that has ended. */
export function fitResult({ run, result, valid }: Omit<FitOutcome, "fitted">): Outcome {
  const { family, parameters, space, training, data } = run.record;
  const n = sites(space);
  const why =
    result.reason === "patience" ? `, stopped after ${training.patience} epochs without a better one` : "";
  const best = valid ? validText(valid, n, data.rows.valid) : "validation unknown";
  return {
    document: {
      run: run.folder,
      family,
      parameters,
      rows: data.rows,
      ...result,
      ...(valid && validFields(valid, n)),
    },
    text:
      `${run.folder}: ${family}, ${parameters} parameters, ${result.seconds.toFixed(1)} s\n` +
      `${best} at epoch ${result.bestEpoch} of ${result.epoch}${why}${warningText(valid?.nll)}`,
  };
}

/** The monitor of the validation rows in words: where it is no likelihood, the bracket of theirs before it. */
function validText(valid: Validation, n: number, rows: number): string {
  const own = `${valid.quantity} per site ${estimateText(perSite(valid, n), rows)}${isInNats(valid.quantity) ? " nats" : ""}`;
  if (!valid.nll) return `validation ${own}`;
  return `validation NLL per site ${betweenText(rangePerSite(valid.nll, n))} nats (${own})`;
}

/** Why a bracket is not to be relied on, and what gives a better one. */
function warningText(nll: BracketedNll | undefined): string {
  if (!nll?.warnings.length) return "";
  return `\nof the bracket: ${nll.warnings.join("; ")}\n\`ansatz score\` brackets more closely`;
}

/** The validation under the name of what it is. */
function validFields({ quantity, nll, ...estimate }: Validation, n: number) {
  const share = perSite(estimate, n);
  if (quantity === "NLL") return { validNll: estimate, validNllPerSite: share };
  const bracket = nll && { validNll: nll, validNllPerSite: rangePerSite(nll, n) };
  return { valid: { quantity, ...estimate }, validPerSite: share, ...bracket };
}
