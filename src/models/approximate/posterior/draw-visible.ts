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

/** Rows x drawn from P(x | z), one for each row of `z: [n, size]`; `[n, ...sites]`, as models take them. */
export async function drawVisible<P extends Parameters>(
  model: LatentModel<P>,
  parameters: P,
  z: NDArray<"f32">,
  key: Key,
  { context, ...engine }: EngineOptions & { readonly context?: NDArray<"f32"> | undefined } = {},
): Promise<NDArray<DType>> {
  const f = (key: SymbolicKey, z: Tensor, given: Tensor | undefined) =>
    model.latent.drawVisible(freeze(parameters), key, z, given);
  const specs = [
    KEY,
    new Spec([BATCH, model.latent.size]),
    model.context && new Spec([BATCH, contextSize(model)]),
  ] as const;
  const program = await Program.compile(trace(f, specs), engine);
  const [x] = await program.run([z, ...(context ? [context] : [])], { keys: [key] });
  await program.release();
  return x as NDArray<DType>;
}
