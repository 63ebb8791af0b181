import * as z from "zod";
import { realParameter } from "../../parameters.ts";
import { evolve } from "../evolve.ts";
import { isingChain } from "../hamiltonian.ts";
import type { StateKind } from "./kind.ts";
import { productState } from "./product.ts";
import { chainParameters } from "./tfim.ts";

const timeHint = "give the time from 0 to 100, in units of the inverse energy";

const schema = z.strictObject({
  ...chainParameters,
  time: realParameter(timeHint)
    .refine((t) => t >= 0 && t <= 100, { error: timeHint })
    .default(1),
  start: z
    .enum(["up", "neel", "plus"], { error: "start is up (all 0), neel (0101…) or plus (along x)" })
    .default("up"),
});

/** e^{−iHt} of a product state, H = −J Σ Z Z − h Σ X with open ends. */
export const quench: StateKind<z.output<typeof schema>> = {
  name: "quench",
  summary: "e^{-iHt} of a product state under the same H: --set time=1, --set start=up, neel or plus",
  schema,
  create({ qubits, J, h, time, start }) {
    const vectors = Array.from({ length: qubits }, (_, q): [number, number, number] =>
      start === "plus" ? [1, 0, 0] : [0, 0, start === "neel" && q % 2 === 1 ? -1 : 1],
    );
    return evolve(isingChain(qubits, J, h), productState(vectors), time);
  },
};
