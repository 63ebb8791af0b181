import type { NDArray } from "../../array.ts";
import { rowsAsWritten } from "../../data/file.ts";
import { metaVersion } from "../../data/meta.ts";
import { saveArray } from "../../files/index.ts";
import { offsetOf, type RunRecord } from "../../runs/index.ts";
import type { Session } from "../terminal/session.ts";

/** See {@link saveCompletions}. */
export interface CompletionsFile {
  readonly out: string;
  readonly record: RunRecord;
  readonly seed: number;
  readonly force: boolean;
  readonly session: Session;
  /** Further arrays of an `.npz`, in addition to the completions. */
  readonly beside: Readonly<Record<string, NDArray>>;
}

/**
 * Writes completions `[rows, completions, ...sites]` in the encoding of the data; a single completion per row
 * has the shape of the rows themselves. An `.npz` records its axes; for several completions in another
 * format, a note states them.
 */
export async function saveCompletions(
  x: NDArray,
  { out, record, seed, force, session, beside }: CompletionsFile,
): Promise<void> {
  const { space, encoding } = record;
  const [rows, completions, ...sites] = x.shape as [number, number, ...number[]];
  const several = completions > 1;
  const shaped = several ? x : ({ ...x, shape: [rows, ...sites] } as NDArray);
  const decoded = rowsAsWritten({ x: shaped, encoding, offset: offsetOf(record) });
  const meta = {
    version: metaVersion,
    ...{ space, encoding, command: session.command, seed },
    ...(several && { completions }),
  } as const;
  await saveArray(out, decoded, { force, beside, meta });
  if (several && !out.endsWith(".npz"))
    session.note(
      `note: ${out} holds [${decoded.shape.join(", ")}], rows by completions by sites; an .npz says so itself`,
    );
}
