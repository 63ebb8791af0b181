import { usageError } from "../error.ts";
import { boltzmannSystem } from "./boltzmann.ts";
import { enumerateTarget, isEnumerable } from "./exact/enumerate.ts";
import type { Parameters, System, Target } from "./system.ts";

/**
 * Any target as a system: with exact values by enumeration if it has few configurations and names none itself. It has no
 * simulation: its `algorithms` are empty, and `simulate` throws AnsatzError (usage).
 */
export function targetSystem(target: Target, parameters: Parameters = {}): System {
  const { name, space, beta, observables, energyTensor, symmetries } = target;
  return boltzmannSystem({
    ...{ name, parameters, space, beta, observables },
    energy: (x) => target.energy(x),
    ...(energyTensor && { energyTensor: (x) => energyTensor(x) }),
    ...(symmetries && { symmetries }),
    exact: () => target.exact ?? (isEnumerable(space) ? enumerateTarget(target) : undefined),
    algorithms: [],
    simulate: async () => {
      throw usageError(`${name}: an energy of your own has no simulation; use ansatz sample --metropolis`);
    },
  });
}
