import type { NDArray } from "../../../array.ts";
import { siteShape } from "../../../data/space.ts";
import { stopIfAborted } from "../../../error.ts";
import { keyOf, type SeedOrKey } from "../../../random/seed.ts";
import type { EngineOptions } from "../../../runtime/engine.ts";
import { Program } from "../../../runtime/program.ts";
import { KEY, Spec, trace } from "../../../runtime/trace.ts";
import { variance } from "../../../stats/index.ts";
import { BATCH, mean, neg, type SymbolicKey, scan, square, sub, type Tensor } from "../../../tensor/index.ts";
import { freeze, modelRows } from "../../arrays.ts";
import { contextFloats, contextSize } from "../../context.ts";
import { inputType, type Parameters } from "../../contract.ts";
import { contextRows, rowsAtOnce } from "../../fitted/handle.ts";
import type { LatentModel } from "./latent-model.ts";

/** Draws of z for each row. */
const DRAWS = 8;

/** Results of a model's encoder q(z | x) for rows. */
export interface EncoderMeans {
  /** log q(z | x) − log P(z) of each row, nats, the mean over draws of z: the information that a code has. */
  readonly rate: Float64Array;
  /** −log P(x | z) of each row, nats, the mean over draws of z. */
  readonly distortion: Float64Array;
  /**
   * The variance over rows of the mean of each latent variable under q(z | x), without the noise of its draws; a unit is active
   * above 0.01 (Burda, Grosse & Salakhutdinov, arXiv:1509.00519, section 5).
   */
  readonly activity: Float64Array;
}

/** See {@link encoderMeans}. */
export interface EncoderOptions extends EngineOptions, SeedOrKey {
  /** `[rows, ...]`, rows of the model's context space. */
  readonly context?: NDArray | undefined;
  /** Stops between runs of the graph with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Runs the encoder on rows `[rows, ...sites]`, as datasets store them. */
export async function encoderMeans<P extends Parameters>(
  model: LatentModel<P>,
  parameters: P,
  x: NDArray,
  { context: given, signal, threads, ...from }: EncoderOptions = {},
): Promise<EncoderMeans> {
  const { space, latent } = model;
  const rows = x.shape[0] as number;
  const context = contextFloats(model, given, rows);
  const key = keyOf(from);
  const f = (key: SymbolicKey, x: Tensor, context: Tensor | undefined) => {
    const p = freeze(parameters);
    const draw = () => {
      const { z, logProb } = latent.drawPosterior(p, key, x, context);
      const rate = sub(logProb, latent.logPrior(p, z, context));
      return { z, rate, distortion: neg(latent.logLikelihood(p, x, z, context)) };
    };
    const [, { z, rate, distortion }] = scan(() => [{}, draw()] as const, {}, {}, { length: DRAWS });
    const centre = mean(z, 0);
    const within = mean(square(sub(z, centre)), 0);
    return [mean(rate, 0), mean(distortion, 0), centre, within];
  };
  const specs = [
    KEY,
    new Spec([BATCH, ...siteShape(space)], inputType(space)),
    model.context && new Spec([BATCH, contextSize(model)]),
  ] as const;
  const program = await Program.compile(trace(f, specs), threads === undefined ? {} : { threads });
  const { size } = latent;
  const out = { rate: new Float64Array(rows), distortion: new Float64Array(rows) };
  const centres = Array.from({ length: size }, () => new Float64Array(rows));
  const noise = new Float64Array(size);
  const chunk = rowsAtOnce(space);
  try {
    for (let start = 0; start < rows; start += chunk) {
      stopIfAborted(signal, "scoring was interrupted");
      const end = Math.min(start + chunk, rows);
      const inputs = [modelRows(space, x, start, end), ...contextRows(context, start, end)];
      const results = await program.run(inputs, { keys: [key.fold(start / chunk)] });
      const [rate, distortion, centre, within] = results.map(({ data }) => data as Float32Array);
      out.rate.set(rate as Float32Array, start);
      out.distortion.set(distortion as Float32Array, start);
      for (let row = start; row < end; row++)
        for (let u = 0; u < size; u++) {
          const at = (row - start) * size + u;
          (centres[u] as Float64Array)[row] = centre?.[at] as number;
          // The variance of the mean of n draws is Σ(z − z̄)²/(n(n − 1)).
          noise[u] = (noise[u] as number) + (within?.[at] as number) / (DRAWS - 1) / rows;
        }
    }
  } finally {
    await program.release();
  }
  const activity = Float64Array.from(centres, (each, u) => variance(each) - (noise[u] as number));
  return { ...out, activity };
}
