import * as z from "zod";
import { usageError } from "../../../error.ts";
import { uniformInit, zerosInit } from "../../../nn/init.ts";
import type { Key } from "../../../random/key.ts";
import { add, matmul, mul, slice, sum, type Tensor } from "../../../tensor/index.ts";
import type { Domain, ExactModel, Family, Parameters, Symbolic } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { networkState, type WaveParameters } from "./network-state.ts";
import {
  environmentOf,
  environmentSize,
  machineUnits,
  mostRotatedOf,
  qubitsOf,
  sharedHyperparameters,
} from "./options.ts";
import { enumerated, initRbm, type RbmLayer, rbmLogWeight, smallest } from "./rbm-modulus.ts";

/** Most qubits and hidden units that purify them: log Z is a sum over 2^14 configurations, and draws are from their table. */
const mostBits = 14;

const schema = z.strictObject({
  /** Hidden units of each machine; 0 for as many as qubits (default 0). */
  hidden: machineUnits,
  /** Units that purify the state and are traced out: rank 2^environment at most; 0: as many as qubits, 4 at most (default 0). */
  environment: environmentSize.describe(
    "units that purify the state and are traced out: its rank is at most 2^environment; 0: as many as qubits, 4 at most",
  ),
  /** Most rotated qubits of a setting, 2^rotated amplitudes a shot; 0: all of up to 8 qubits, 4 of more (default 0). */
  rotated: sharedHyperparameters.rotated,
  /** Starts of the fit, the best by held-out likelihood is kept (default 1). */
  restarts: sharedHyperparameters.restarts,
});

/** Hyperparameters of {@link rbmPurified}, defaults filled in. */
export type RbmPurifiedHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type RbmPurifiedOptions = z.input<typeof schema>;

/** A restricted Boltzmann machine of the qubits, and what couples them to the units that purify them. */
type PurifiedLayer = Parameters & {
  /** The machine of the qubits. */
  readonly qubits: RbmLayer;
  /** U: `[qubits, environment]`. */
  readonly coupling: ReturnType<typeof zerosInit>;
  /** d: `[environment]`; of the phase it would be common to all amplitudes of a unit, so there is none. */
  readonly bias?: ReturnType<typeof zerosInit>;
};

interface LayerSizes {
  readonly qubits: number;
  readonly environment: number;
  readonly units: number;
}

function initLayer(key: Key, { qubits, environment, units }: LayerSizes, hasBias: boolean): PurifiedLayer {
  return {
    qubits: initRbm(key.fold(0), qubits, units),
    coupling: uniformInit(key.fold(1), [qubits, environment], smallest * Math.sqrt(3)),
    ...(hasBias && { bias: zerosInit([environment]) }),
  };
}

/** b·σ + Σ softplus(c + Wσ) + a·(Uσ + d) of rows `[batch, qubits + environment]`. */
function layerLogWeight(p: Symbolic<PurifiedLayer>, x: Tensor, { qubits, environment }: LayerSizes): Tensor {
  const spins = slice(x, 1, 0, qubits);
  const traced = slice(x, 1, qubits, qubits + environment);
  const field = matmul(spins, p.coupling);
  const coupled = sum(mul(traced, p.bias ? add(field, p.bias) : field), 1);
  return add(rbmLogWeight(p.qubits, spins), coupled);
}

function sizesOf(domain: Domain, { hidden, environment: asked }: RbmPurifiedHyperparameters): LayerSizes {
  const qubits = qubitsOf("rbm-purified", domain);
  const environment = environmentOf({ environment: asked }, qubits);
  if (qubits + environment > mostBits)
    throw usageError(
      `rbm-purified takes up to ${mostBits} qubits and units of the environment, since log Z is a sum over all configurations, and these are ` +
        `${qubits} and ${environment}; fit purified`,
    );
  return { qubits, environment, units: hidden > 0 ? hidden : qubits };
}

/**
 * The neural density operator of Torlai and Melko: a mixed state of measured qubits by two restricted Boltzmann machines, modulus and
 * phase of ψ(σ, a), whose units a are traced out: ρ(σ, σ') = Σ_a ψ(σ, a) ψ*(σ', a). It is a state whatever the parameters. log Z is
 * summed over all configurations, so that the likelihood is exact. Fitted as `makePurified`, which it is to be compared with.
 *
 * Source: Phys. Rev. Lett. 120 (2018) 240503.
 *
 * @throws AnsatzError (usage) for other spaces and contexts, more than 14 qubits and units of the environment, and hyperparameters out
 * of range.
 */
export function makeRbmPurified(
  domain: Domain,
  options: RbmPurifiedOptions = {},
): ExactModel<WaveParameters> {
  const h = checkHyperparameters("rbm-purified", schema, options);
  const sizes = sizesOf(domain, h);
  const { qubits, environment } = sizes;
  return networkState(domain, {
    ...{ family: "rbm-purified", hyperparameters: h, qubits, environment, restarts: h.restarts },
    modulus: enumerated<PurifiedLayer>(qubits + environment, {
      init: (key) => initLayer(key, sizes, true),
      logWeight: (p, x) => layerLogWeight(p, x, sizes),
    }),
    phase: {
      init: (key) => initLayer(key, sizes, false),
      of: (p, x) => mul(layerLogWeight(p as never, x, sizes), 0.5),
    },
    mostRotated: mostRotatedOf(h, qubits),
  });
}

/** The family of {@link makeRbmPurified}. */
export const rbmPurified: Family<ExactModel<WaveParameters>> = {
  name: "rbm-purified",
  kind: "exact",
  summary:
    "mixed state of measured qubits by two restricted Boltzmann machines: Torlai and Melko's neural density operator",
  schema,
  parameterCount(domain, hyperparameters) {
    const h = checkHyperparameters("rbm-purified", schema, hyperparameters);
    const { qubits, environment, units } = sizesOf(domain, h);
    return 2 * (qubits + units + qubits * units + qubits * environment) + environment;
  },
  create: (domain, hyperparameters) => makeRbmPurified(domain, hyperparameters as RbmPurifiedOptions),
};
