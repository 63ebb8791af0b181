import { sites } from "../../data/space.ts";
import { betweenText, estimateText } from "../../report/estimate-text.ts";
import { perSite, rangePerSite } from "../../stats/index.ts";
import { type FitSettings, measureName } from "../../train/index.ts";
import type { Outcome } from "../terminal/session.ts";
import type { FitOutcome, Validation } from "./run-fit.ts";

/** Returns the command's output for a fit that has ended. */
export function fitResult({ run, result, valid, priorValid }: Omit<FitOutcome, "fitted">): Outcome {
  const { family, parameters, space, training, data } = run.record;
  const n = sites(space);
  const why = endText(result.reason, training);
  const { prior } = result;
  const second = prior
    ? `\ncodes: ${priorValid ? validText(priorValid, n, data.rows.valid) : "no validation measure;"} at epoch ${prior.bestEpoch} of ${prior.epoch}${endText(prior.reason, training)}, ${prior.seconds.toFixed(1)} s`
    : "";
  const best = valid ? validText(valid, n, data.rows.valid) : "no validation measure; parameters";
  return {
    document: {
      run: run.folder,
      family,
      parameters,
      rows: data.rows,
      ...result,
      ...(valid && validFields(valid, n)),
      ...(prior && { prior: { ...prior, ...(priorValid && validFields(priorValid, n)) } }),
    },
    text:
      `${run.folder}: ${family}, ${parameters} parameters, ${result.seconds.toFixed(1)} s\n` +
      `${best} ${valid ? "at" : "of"} epoch ${result.bestEpoch} of ${result.epoch}${why}${warningText(valid?.nll)}${second}`,
  };
}

/** Why a fit ended, if it ended by itself. */
function endText(reason: string, { patience, epochs }: Pick<FitSettings, "patience" | "epochs">): string {
  if (reason === "patience") return `; training ended after ${patience} epochs without improvement`;
  if (reason === "gained no more") return "; training ended because the validation NLL stopped improving";
  if (reason === "time") return "; training ended at its time limit";
  if (reason !== "steps") return "";
  return epochs === undefined
    ? "; training ended at the default limit on steps"
    : "; training ended after --epochs";
}

/**
 * The result on validation rows in words, nats per site; if it is not a likelihood, the bracket of their NLL
 * comes first.
 */
function validText({ name, measure, nll }: Validation, n: number, rows: number): string {
  const quantity = measureName(name, measure);
  const own =
    measure.unit === "nats"
      ? `${quantity} per site ${estimateText(perSite(measure, n), rows)} nats`
      : `${quantity} ${estimateText(measure, rows)}`;
  if (!nll) return `validation ${own}`;
  return `validation NLL per site ${betweenText(rangePerSite(nll, n))} nats (${own})`;
}

/** Why a bracket is not to be relied on, and what gives a better one. */
function warningText(nll: Validation["nll"]): string {
  if (!nll?.warnings?.length) return "";
  return `\nabout the bracket: ${nll.warnings.join("; ")}\n\`ansatz score\` brackets more closely`;
}

/** The validation under the name of what it is. */
function validFields({ name, measure, nll }: Validation, n: number) {
  const quantity = measureName(name, measure);
  const { value, error, unit: counted } = measure;
  const share = perSite(measure, n);
  if (quantity === "NLL" && counted === "nats") return { validNll: { value, error }, validNllPerSite: share };
  const { unit: _, ...sides } = nll ?? {};
  const bracket = nll && { validNll: sides, validNllPerSite: rangePerSite(nll, n) };
  const own = { valid: { quantity, value, error }, ...(counted === "nats" && { validPerSite: share }) };
  return { ...own, ...bracket };
}
