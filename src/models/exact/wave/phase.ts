import type { NDArray } from "../../../array.ts";
import { arrayFrom } from "../../../array.ts";
import { glorotInit, zerosInit } from "../../../nn/init.ts";
import type { Key } from "../../../random/key.ts";
import {
  add,
  cast,
  constant,
  gather,
  matmul,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  tanh,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";

/** The phase of a wave function: a network of one hidden layer, or a table. */
export type PhaseParameters =
  | {
      readonly weight: NDArray<"f32">;
      readonly bias: NDArray<"f32">;
      readonly output: NDArray<"f32">;
    }
  | { readonly table: NDArray<"f32"> };

/** How phases are made. */
export interface PhaseOptions {
  readonly phase: "network" | "table" | "none";
  readonly phaseHidden: number;
}

/** Fresh parameters of the phase of `bits` sites. */
export function initPhase(
  key: Key,
  bits: number,
  { phase, phaseHidden }: PhaseOptions & { readonly phase: "network" | "table" },
): PhaseParameters {
  if (phase === "table") return { table: zerosInit([2 ** bits]) };
  return {
    weight: glorotInit(key.fold(0), bits, phaseHidden),
    bias: zerosInit([phaseHidden]),
    output: glorotInit(key.fold(1), phaseHidden, 1),
  };
}

/** The number of those parameters. */
export function phaseCount(bits: number, { phase, phaseHidden }: PhaseOptions): number {
  return phase === "none" ? 0 : phase === "table" ? 2 ** bits : phaseHidden * (bits + 2);
}

/** The phase of each row of bits `x: [batch, bits]` in radians, `[batch]`. */
export function phaseOf(p: Symbolic<PhaseParameters>, x: Tensor): Tensor {
  const [rows, bits] = x.shape as [number, number];
  if ("table" in p) {
    const worth = constant(
      arrayFrom(
        "f64",
        [bits],
        Array.from({ length: bits }, (_, q) => 2 ** (bits - 1 - q)),
      ),
    );
    return gather(p.table, cast(sum(mul(cast(x, "f64"), worth), 1), "i32"), 0);
  }
  const hidden = tanh(add(matmul(sub(mul(x, 2), 1), p.weight), p.bias));
  return reshape(matmul(hidden, p.output), [rows]);
}
