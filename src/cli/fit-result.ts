import { sites } from "../data/space.ts";
import { type Estimate, perSite } from "../stats/index.ts";
import { isInNats } from "../train/index.ts";
import { estimateText } from "./numbers.ts";
import type { FitOutcome } from "./run-fit.ts";
import type { Outcome } from "./session.ts";

/** What the command says of a fit that has ended. */
export function fitResult({ run, result, valid }: Omit<FitOutcome, "fitted">): Outcome {
  const { family, parameters, space, training, data } = run.record;
  const n = sites(space);
  const share = valid && perSite(valid, n);
  const why =
    result.reason === "patience" ? `, stopped after ${training.patience} epochs without a better one` : "";
  const best =
    valid && share
      ? `validation ${valid.quantity} per site ${estimateText(share, data.rows.valid)}${isInNats(valid.quantity) ? " nats" : ""}`
      : "validation unknown";
  return {
    document: {
      run: run.folder,
      family,
      parameters,
      rows: data.rows,
      ...result,
      ...(valid && validFields(valid, share)),
    },
    text:
      `${run.folder}: ${family}, ${parameters} parameters, ${result.seconds.toFixed(1)} s\n` +
      `${best} at epoch ${result.bestEpoch} of ${result.epoch}${why}`,
  };
}

/** The validation under the name of what it is. */
function validFields(
  { quantity, ...estimate }: NonNullable<FitOutcome["valid"]>,
  share: Estimate | undefined,
) {
  if (quantity === "NLL") return { validNll: estimate, validNllPerSite: share };
  return { valid: { quantity, ...estimate }, validPerSite: share };
}
