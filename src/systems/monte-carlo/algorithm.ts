import { usageError } from "../../error.ts";
import { alternatives } from "../../nearest.ts";

/** The algorithm that a simulation asks for, of those its system has; throws AnsatzError (usage) for another. */
export function namedAlgorithm<N extends string>(
  system: string,
  known: readonly N[],
  name: string | undefined,
): N | undefined {
  if (name === undefined) return undefined;
  const found = known.find((algorithm) => algorithm === name);
  if (found !== undefined) return found;
  throw usageError(`${system} has no algorithm '${name}'${alternatives(name, known, "it has")}`);
}
