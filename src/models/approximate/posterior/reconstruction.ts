import type { NDArray } from "../../../array.ts";
import { type Space, siteShape, sites } from "../../../data/space.ts";
import { stopIfAborted, usageError } from "../../../error.ts";
import { Program } from "../../../runtime/program.ts";
import { Spec, trace } from "../../../runtime/trace.ts";
import {
  BATCH,
  cast,
  cos,
  mean,
  mul,
  notEqual,
  reshape,
  square,
  sub,
  type Tensor,
} from "../../../tensor/index.ts";
import { freeze, modelRows } from "../../arrays.ts";
import { contextFloats, contextSize } from "../../context.ts";
import { type Coding, inputType, type ModelBase, type Parameters } from "../../contract.ts";
import { contextRows, rowsAtOnce } from "../../fitted/handle.ts";
import type { EncoderOptions } from "./encoder-means.ts";

/**
 * Returns the distance of each row from the row that its code decodes to, the mean over sites: (x − x̂)² for
 * numbers and bits, 2 − 2 cos(x − x̂) for angles, and for states and symbols 1 if they differ.
 */
export async function reconstructionErrors<P extends Parameters>(
  model: ModelBase<P> & { readonly coding: Coding<P> },
  parameters: P,
  x: NDArray,
  { context: given, signal, threads }: EncoderOptions = {},
): Promise<Float64Array> {
  const { space, coding, family } = model;
  const { encode } = coding;
  if (!encode) throw usageError(`a ${family} has no encoder, so rows have no reconstructions`);
  const rows = x.shape[0] as number;
  const context = contextFloats(model, given, rows);
  const f = (x: Tensor, context: Tensor | undefined) => {
    const p = freeze(parameters);
    const flat = [x.shape[0] as number, sites(space)];
    const back = coding.decode(p, encode(p, x, context), context);
    return mean(distance(space, reshape(x, flat), reshape(back, flat)), 1);
  };
  const specs = [
    new Spec([BATCH, ...siteShape(space)], inputType(space)),
    model.context && new Spec([BATCH, contextSize(model)]),
  ] as const;
  const program = await Program.compile(trace(f, specs), threads === undefined ? {} : { threads });
  const out = new Float64Array(rows);
  const chunk = rowsAtOnce(space);
  try {
    for (let start = 0; start < rows; start += chunk) {
      stopIfAborted(signal, "scoring was interrupted");
      const end = Math.min(start + chunk, rows);
      const [errors] = await program.run([
        modelRows(space, x, start, end),
        ...contextRows(context, start, end),
      ]);
      out.set((errors as NDArray<"f32">).data, start);
    }
  } finally {
    await program.release();
  }
  return out;
}

/** How far two rows `[batch, sites]` are apart at each site. */
function distance(space: Space, x: Tensor, back: Tensor): Tensor {
  if (space.kind === "circle") return mul(sub(1, cos(sub(x, back))), 2);
  return inputType(space) === "i32" ? cast(notEqual(x, back), "f32") : square(sub(x, back));
}
