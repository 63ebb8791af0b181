import { type PartRows, partMean } from "../evaluate/index.ts";
import type { AnyFitted } from "../models/fitted/fitted.ts";
import { type ModelBase, type Parameters, reconstructionErrors } from "../models/index.ts";
import type { Estimate } from "../stats/index.ts";
import type { LookOptions } from "./study.ts";

/**
 * How far rows of a part are from what their codes decode to, per site, with the error of `partMean`. Undefined for a model without
 * codes, and for one whose score has this number.
 */
export async function reconstructionOfRows(
  { model, parameters, engine }: AnyFitted,
  part: PartRows,
  { signal }: LookOptions,
): Promise<Estimate | undefined> {
  const { coding } = model as ModelBase;
  if (!coding?.encode || model.kind === "exact" || (model.kind === "bounded" && model.latent))
    return undefined;
  const own = { ...(model as ModelBase), coding };
  const context = model.context && part.context;
  const errors = await reconstructionErrors(own, parameters as Parameters, part.x, {
    ...{ ...engine, context, signal },
  });
  return partMean(errors, part);
}
