import { type PartRows, partMean } from "../evaluate/index.ts";
import type { AnyFitted } from "../models/fitted/fitted.ts";
import { type ModelBase, type Parameters, reconstructionErrors } from "../models/index.ts";
import type { Estimate } from "../stats/index.ts";
import type { LookOptions } from "./study.ts";

/**
 * Returns the distance of rows of a part from the rows that their codes decode to, per site, with the error
 * of `partMean`. Undefined for a model without codes, and for one with this number in its score.
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
