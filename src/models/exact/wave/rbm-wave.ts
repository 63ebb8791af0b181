import * as z from "zod";
import { usageError } from "../../../error.ts";
import { mul } from "../../../tensor/index.ts";
import type { Domain, ExactModel, Family } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { networkState, type WaveParameters } from "./network-state.ts";
import { machineUnits, mostRotatedOf, qubitsOf, sharedHyperparameters } from "./options.ts";
import { enumeratedRbm, initRbm, rbmLogWeight } from "./rbm-modulus.ts";

/** Most qubits: log Z is a sum over 2^14 configurations, and draws are from their table. */
const mostQubits = 14;

const schema = z.strictObject({
  /** Hidden units of each machine; 0 for as many as qubits (default 0). */
  hidden: machineUnits,
  /** The phase: a second machine, or none (default `rbm`). */
  phase: z.enum(["rbm", "none"]).default("rbm").describe("the phase: a second machine, or none"),
  /** Most rotated qubits of a setting, 2^rotated amplitudes a shot; 0: all of up to 8 qubits, 4 of more (default 0). */
  rotated: sharedHyperparameters.rotated,
  /** Starts of the fit, the best by held-out likelihood is kept (default 1). */
  restarts: sharedHyperparameters.restarts,
});

/** Hyperparameters of {@link rbmWave}, defaults filled in. */
export type RbmWaveHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type RbmWaveOptions = z.input<typeof schema>;

function sizesOf(domain: Domain, { hidden }: RbmWaveHyperparameters) {
  const qubits = qubitsOf("rbm-wave", domain);
  if (qubits > mostQubits)
    throw usageError(
      `rbm-wave takes up to ${mostQubits} qubits, since log Z is a sum over all configurations, and these are ${qubits}; fit wave`,
    );
  return { qubits, units: hidden > 0 ? hidden : qubits };
}

/**
 * A pure state of measured qubits by two restricted Boltzmann machines, ψ = exp[−(E₁ + iE₂)/2]/√Z (Torlai et al., Nature Physics 14
 * (2018) 447). log Z is summed over all configurations, so that the likelihood is exact. Fitted as `makeWave`.
 *
 * @throws AnsatzError (usage) for other spaces and contexts, more than 14 qubits, and hyperparameters out of range.
 */
export function makeRbmWave(domain: Domain, options: RbmWaveOptions = {}): ExactModel<WaveParameters> {
  const h = checkHyperparameters("rbm-wave", schema, options);
  const { qubits, units } = sizesOf(domain, h);
  return networkState(domain, {
    ...{ family: "rbm-wave", hyperparameters: h, qubits, environment: 0, restarts: h.restarts },
    modulus: enumeratedRbm(qubits, units),
    ...(h.phase === "rbm" && {
      phase: {
        init: (key) => initRbm(key, qubits, units),
        of: (p, x) => mul(rbmLogWeight(p as never, x), 0.5),
      },
    }),
    mostRotated: mostRotatedOf(h, qubits),
  });
}

/** The family of {@link makeRbmWave}. */
export const rbmWave: Family<ExactModel<WaveParameters>> = {
  name: "rbm-wave",
  kind: "exact",
  summary:
    "wave function of up to 14 measured qubits by two restricted Boltzmann machines, modulus and phase",
  schema,
  parameterCount(domain, hyperparameters) {
    const h = checkHyperparameters("rbm-wave", schema, hyperparameters);
    const { qubits, units } = sizesOf(domain, h);
    return (h.phase === "rbm" ? 2 : 1) * (qubits + units + qubits * units);
  },
  create: (domain, hyperparameters) => makeRbmWave(domain, hyperparameters as RbmWaveOptions),
};
