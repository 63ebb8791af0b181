import * as z from "zod";
import { inputError } from "../../../error.ts";
import { Key } from "../../../random/key.ts";
import { uniform } from "../../../random/uniform.ts";
import { wholeParameter } from "../../parameters.ts";
import { emptyState } from "../state.ts";
import { listParameter, qubitsParameter, type StateKind } from "./kind.ts";

const phasesHint = "give zero, random, or one phase in radians for each qubit, such as phases=0,0.5,1";

const schema = z.strictObject({
  qubits: qubitsParameter(),
  phases: z
    .union([z.literal("zero"), z.literal("random"), listParameter(phasesHint)], { error: phasesHint })
    .default("zero"),
  seed: wholeParameter(0, Number.MAX_SAFE_INTEGER, "give a whole number as seed of the phases").default(0),
});

/** Σ_q e^{iφ_q}|1 at q⟩/√N; random phases are uniform and follow from `seed` alone. */
export const w: StateKind<z.output<typeof schema>> = {
  name: "w",
  summary: "Σ e^{iφ_q}|1 at qubit q⟩/√N: --set phases=random, --set seed=1, or --set phases=0,0.5,1",
  schema,
  create({ qubits, phases, seed }) {
    const state = emptyState(qubits);
    const angles =
      phases === "zero"
        ? new Float64Array(qubits)
        : phases === "random"
          ? uniform(Key.fromSeed(seed), qubits, "f64").map((u) => 2 * Math.PI * u)
          : Float64Array.from(phases as number[]);
    if (angles.length !== qubits)
      throw inputError(`w: has ${angles.length} phases for ${qubits} qubits; ${phasesHint}`);
    angles.forEach((angle, q) => {
      const at = 2 ** (qubits - 1 - q);
      state.re[at] = Math.cos(angle) / Math.sqrt(qubits);
      state.im[at] = Math.sin(angle) / Math.sqrt(qubits);
    });
    return state;
  },
};
