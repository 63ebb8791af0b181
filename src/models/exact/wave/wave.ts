import type * as z from "zod";
import { binary } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import type { Domain, ExactModel, Family } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { makeModulus, modulusCount } from "./modulus.ts";
import { networkState, type WaveParameters } from "./network-state.ts";
import {
  chosenModulus,
  environmentOf,
  mostRotatedOf,
  mostTableQubits,
  type NetworkStateHyperparameters,
  purifiedSchema,
  qubitsOf,
  waveSchema,
} from "./options.ts";
import { initPhase, phaseCount, phaseOf } from "./phase.ts";

/** Hyperparameters of {@link wave}, defaults filled in. */
export type WaveHyperparameters = z.output<typeof waveSchema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type WaveOptions = z.input<typeof waveSchema>;

/** Hyperparameters of {@link purified}, defaults filled in. */
export type PurifiedHyperparameters = z.output<typeof purifiedSchema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type PurifiedOptions = z.input<typeof purifiedSchema>;

/** A space as its modulus is of: that of the bits themselves, or of these and an environment in a row. */
function modulusDomain({ space }: Domain, qubits: number, environment: number): Domain {
  return { space: environment === 0 ? space : binary([qubits + environment]) };
}

function checked(family: string, domain: Domain, h: NetworkStateHyperparameters) {
  const qubits = qubitsOf(family, domain);
  const environment = environmentOf(h, qubits);
  if (h.phase === "table" && qubits + environment > mostTableQubits)
    throw usageError(
      `${family}: a table of phases takes up to ${mostTableQubits} qubits, not ${qubits + environment}; set phase=network`,
    );
  if (h.excitations != null && h.excitations > qubits)
    throw usageError(`${family}: ${qubits} qubits have at most ${qubits} excitations, not ${h.excitations}`);
  return { qubits, environment };
}

function made(
  family: string,
  domain: Domain,
  given: NetworkStateHyperparameters,
): ExactModel<WaveParameters> {
  const h = chosenModulus(given);
  const { qubits, environment } = checked(family, domain, h);
  const own = modulusDomain(domain, qubits, environment);
  return networkState(domain, {
    ...{ family, hyperparameters: h, qubits, environment, restarts: h.restarts },
    modulus: makeModulus(h, own, qubits),
    ...(h.phase !== "none" && {
      phase: {
        init: (key) => initPhase(key, qubits + environment, { ...h, phase: h.phase as "network" | "table" }),
        of: (p, x) => phaseOf(p as never, x),
      },
    }),
    mostRotated: mostRotatedOf(h, qubits),
    excitations: h.excitations ?? undefined,
  });
}

/**
 * A pure state of measured qubits by networks: an autoregressive model of the squared modulus in the Z basis, and a network or a table
 * for the phase. P(bits | setting) is exact in any axes, as long as a setting rotates few qubits away from z. Rows are the bits of a
 * shot, contexts its setting, as `toDataset` of `ansatz/data` makes them. A fit is full-batch maximum likelihood.
 *
 * @throws AnsatzError (usage) for other spaces and contexts, and hyperparameters out of range.
 */
export function makeWave(domain: Domain, options: WaveOptions = {}): ExactModel<WaveParameters> {
  return made("wave", domain, checkHyperparameters("wave", waveSchema, options));
}

/**
 * A mixed state of measured qubits by networks: a pure state of these and a few qubits of an environment, which nobody measures and
 * which are traced out. It is a state, whatever the parameters. See {@link makeWave}.
 *
 * @throws AnsatzError (usage) for other spaces and contexts, and hyperparameters out of range.
 */
export function makePurified(domain: Domain, options: PurifiedOptions = {}): ExactModel<WaveParameters> {
  return made("purified", domain, checkHyperparameters("purified", purifiedSchema, options));
}

function countOf(family: string, domain: Domain, given: NetworkStateHyperparameters): number {
  const h = chosenModulus(given);
  const { qubits, environment } = checked(family, domain, h);
  const own = modulusDomain(domain, qubits, environment);
  return modulusCount(h, own, qubits) + phaseCount(qubits + environment, h);
}

/** The family of {@link makeWave}. */
export const wave: Family<ExactModel<WaveParameters>> = {
  name: "wave",
  kind: "exact",
  summary:
    "wave function of measured qubits: autoregressive modulus and network phase, exact likelihood in any axes",
  schema: waveSchema,
  parameterCount: (domain, hyperparameters) =>
    countOf("wave", domain, checkHyperparameters("wave", waveSchema, hyperparameters)),
  create: (domain, hyperparameters) => makeWave(domain, hyperparameters as WaveOptions),
};

/** The family of {@link makePurified}. */
export const purified: Family<ExactModel<WaveParameters>> = {
  name: "purified",
  kind: "exact",
  summary: "mixed state of measured qubits: a wave function of these and an environment that is traced out",
  schema: purifiedSchema,
  parameterCount: (domain, hyperparameters) =>
    countOf("purified", domain, checkHyperparameters("purified", purifiedSchema, hyperparameters)),
  create: (domain, hyperparameters) => makePurified(domain, hyperparameters as PurifiedOptions),
};
