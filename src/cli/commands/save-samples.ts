import type { NDArray } from "../../array.ts";
import { makeDataset } from "../../data/dataset.ts";
import { decode } from "../../data/encoding.ts";
import { metaVersion } from "../../data/meta.ts";
import { saveDataset } from "../../files/index.ts";
import type { RunRecord } from "../../runs/index.ts";
import type { SampleRequest } from "./sample-request.ts";

/** Writes independent samples as the data of a run was written, with what they were conditioned on. */
export async function saveSamples(
  { space, encoding }: Pick<RunRecord, "space" | "encoding">,
  x: NDArray,
  { out, seed, force, session, context }: SampleRequest,
): Promise<void> {
  const meta = { version: metaVersion, space, encoding, command: session.command, seed } as const;
  // Read as data is: of grey levels integers, which get noise of their own and lose it as they are written.
  const raw = encoding === "levels" ? decode(x, encoding) : x;
  const stored = makeDataset({ arrays: { x: raw, ...(context && { context }) } }, out, {
    space,
    rows: "stored",
  });
  await saveDataset(out, { ...stored, encoding, meta }, { force });
}
