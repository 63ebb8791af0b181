import { type NDArray, ndarray } from "../../array.ts";
import { type DatasetMeta, metaVersion } from "../../data/meta.ts";
import { greyRange, squareSide } from "../../data/pictures/sheet.ts";
import { isPlain } from "../../data/space.ts";
import { isPictureName, saveRows } from "../../files/index.ts";
import { columnsOf, offsetOf, type RunRecord } from "../../runs/index.ts";
import type { SampleRequest } from "./sample-request.ts";

/** Rows that a model drew, with their companions. */
export interface DrawnRows {
  /** `[rows, ...sites]`. */
  readonly x: NDArray;
  /** What each was conditioned on. */
  readonly context?: NDArray<"f32"> | undefined;
  /** The Markov chain that each is of. */
  readonly chain?: Int32Array | undefined;
  /** Metadata of the rows in addition to space and encoding. */
  readonly meta?: Partial<DatasetMeta> | undefined;
}

/** Writes rows drawn by the model of a run as its data was written. */
export async function saveSamples(
  record: RunRecord,
  { x, context, chain, meta }: DrawnRows,
  request: Pick<SampleRequest, "out" | "seed" | "force" | "session"> & { readonly sheetColumns?: number },
): Promise<void> {
  const { out, seed, force, session, sheetColumns } = request;
  const { space, encoding, context: contextSpace } = record;
  const rows = x.shape[0] as number;
  if (isPictureName(out) && isPlain(space) && offsetOf(record).length === 0) {
    const [low, high] = greyRange(space, x);
    session.note(`note: black is ${Number(low.toPrecision(3))}, white is ${Number(high.toPrecision(3))}`);
  }
  const side = isPictureName(out) ? squareSide(space) : undefined;
  if (side !== undefined)
    session.note(`note: rows of ${side * side} sites are drawn as pictures of ${side}x${side}`);
  const columns = columnsOf(record);
  await saveRows(
    out,
    {
      ...{ x, space, encoding, offset: offsetOf(record) },
      ...(context && { context: ndarray("f32", [rows, context.data.length / rows], context.data) }),
      ...(contextSpace && { contextSpace }),
      ...(chain && { chain }),
      ...(columns && { columns }),
      meta: { ...meta, version: metaVersion, space, encoding, command: session.command, seed },
    },
    { force, sheetColumns },
  );
}
