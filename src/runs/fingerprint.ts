import { createHash } from "node:crypto";
import { bytesIn } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import type { FitRecord } from "./record.ts";

/**
 * Returns the fingerprint of a dataset: SHA-256 of its rows (with context, shape and element type) and of its
 * splits.
 */
export function fingerprint({ x, context, space, splits }: Dataset): FitRecord["data"]["fingerprint"] {
  const rows = createHash("sha256").update(JSON.stringify([space, x.shape, x.dtype]));
  rows.update(bytesIn(x.data));
  if (context) rows.update(JSON.stringify([context.shape, context.dtype])).update(bytesIn(context.data));
  const parts = createHash("sha256");
  for (const part of [splits.train, splits.valid, splits.test])
    parts.update(`${part.length} `).update(bytesIn(part));
  return { rows: rows.digest("hex"), splits: parts.digest("hex") };
}
