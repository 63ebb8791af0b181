import * as z from "zod";
import { activationNames } from "../../../../nn/activation.ts";
import { layerSizes } from "../../autoregressive/options.ts";
import type { MakeConditioner } from "../conditioner.ts";
import { dense } from "./dense.ts";
import { residual } from "./residual.ts";

/**
 * Hyperparameters of the networks of a coupling flow; a family's schema spreads them, with its own defaults
 * if it has any.
 */
export const networkHyperparameters = {
  /** Units of each hidden layer of a coupling's network (default [64, 64]). */
  hidden: layerSizes.default([64, 64]).describe("units of each hidden layer of a coupling's network"),
  /** Activation of the hidden units (default `relu`). */
  activation: z.enum(activationNames).default("relu").describe("activation of the hidden units"),
  /** Hidden layers after the first are blocks of two that add to what is there (default false). */
  residual: z
    .boolean()
    .default(false)
    .describe("hidden layers after the first are residual blocks of two layers"),
} as const;

/** {@link networkHyperparameters}, checked. */
export interface NetworkHyperparameters {
  readonly hidden: readonly number[];
  readonly activation: (typeof activationNames)[number];
  readonly residual: boolean;
}

/** The conditioner that hyperparameters ask for. */
export function networkOf(h: NetworkHyperparameters, contextSize: number): MakeConditioner {
  const parts = { hidden: h.hidden, activation: h.activation, contextSize };
  return (h.residual ? residual(parts) : dense(parts)) as MakeConditioner;
}

/** Parameters of one network from `inputs` numbers to `outputs`. */
export function networkCount(
  h: NetworkHyperparameters,
  { inputs, outputs, contextSize }: { inputs: number; outputs: number; contextSize: number },
): number {
  const widths = h.residual ? h.hidden.flatMap((w, i) => (i === 0 ? [w] : [w, w])) : h.hidden;
  const sizes = [inputs, ...widths, outputs];
  let count = contextSize * (h.hidden[0] as number);
  for (let i = 1; i < sizes.length; i++) count += ((sizes[i - 1] as number) + 1) * (sizes[i] as number);
  return count;
}
