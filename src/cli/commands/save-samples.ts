import type { NDArray } from "../../array.ts";
import { type Dataset, makeDataset } from "../../data/dataset.ts";
import { decode } from "../../data/encoding.ts";
import { metaVersion } from "../../data/meta.ts";
import { saveDataset } from "../../files/index.ts";
import { offsetOf, type RunRecord } from "../../runs/index.ts";
import type { SampleRequest } from "./sample-request.ts";

/** A dataset of samples of a model from whose data `offset` was subtracted. */
export function withOffset(dataset: Dataset, offset: readonly number[]): Dataset {
  return offset.length > 0 ? { ...dataset, offset: Float64Array.from(offset) } : dataset;
}

/** Writes independent samples as the data of a run was written, with what they were conditioned on. */
export async function saveSamples(
  record: RunRecord,
  x: NDArray,
  { out, seed, force, session, context }: SampleRequest,
): Promise<void> {
  const { space, encoding } = record;
  const offset = offsetOf(record);
  const meta = { version: metaVersion, space, encoding, command: session.command, seed } as const;
  // Read as data is: of grey levels integers, which get noise of their own and lose it as they are written.
  const raw = encoding === "levels" ? decode(x, encoding) : x;
  const stored = makeDataset({ arrays: { x: raw, ...(context && { context }) } }, out, {
    space,
    rows: "stored",
  });
  await saveDataset(out, withOffset({ ...stored, encoding, meta }, offset), { force });
}
