import type { DType, NDArray } from "../../../array.ts";
import type { Key } from "../../../random/key.ts";
import type { EngineOptions } from "../../../runtime/engine.ts";
import { Program } from "../../../runtime/program.ts";
import { KEY, Spec, trace } from "../../../runtime/trace.ts";
import { BATCH, type SymbolicKey, type Tensor } from "../../../tensor/index.ts";
import { freeze } from "../../arrays.ts";
import { contextSize } from "../../context.ts";
import type { Parameters } from "../../contract.ts";
import type { LatentModel } from "./latent-model.ts";

/** Rows of a model with the latent variables that they were drawn by: each z is an exact draw of the posterior of its x. */
export interface JointRows {
  /** `[n, ...sites]`, as models take them. */
  readonly x: NDArray<DType>;
  /** `[n, size]`. */
  readonly z: NDArray<"f32">;
}

/** Draws `n` rows and their latent variables, one for each row of the context if the model has one. */
export async function drawJoint<P extends Parameters>(
  model: LatentModel<P>,
  parameters: P,
  n: number,
  key: Key,
  { context, ...engine }: EngineOptions & { readonly context?: NDArray<"f32"> | undefined } = {},
): Promise<JointRows> {
  const { latent } = model;
  const f = (key: SymbolicKey, given: Tensor | undefined) => {
    const p = freeze(parameters);
    const z = latent.drawPrior(p, key.fold(0), given);
    return [z, latent.drawVisible(p, key.fold(1), z, given)];
  };
  const specs = [KEY, model.context && new Spec([BATCH, contextSize(model)])] as const;
  const program = await Program.compile(trace(f, specs), engine);
  const [z, x] = await program.run(context ? [context] : [], { keys: [key], batch: n });
  await program.release();
  return { x: x as NDArray<DType>, z: z as NDArray<"f32"> };
}
