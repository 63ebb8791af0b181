import { inputError, usageError } from "../../error.ts";
import { alternatives } from "../../nearest.ts";
import { noiseNames, noiseSchema } from "./noise.ts";
import { dicke } from "./states/dicke.ts";
import { ghz } from "./states/ghz.ts";
import type { StateKind } from "./states/kind.ts";
import { product } from "./states/product.ts";
import { quench } from "./states/quench.ts";
import { tfim } from "./states/tfim.ts";
import { w } from "./states/w.ts";
import { QubitSystem } from "./system.ts";

/** Every kind of state of qubits, by name. Adding one is one line here. */
export const stateKinds = { ghz, w, dicke, product, tfim, quench } as const;

/** Whether a state of that name is known here. */
export const isStateName = (name: string): boolean => Object.hasOwn(stateKinds, name);

/**
 * The state `name` with its parameters and noise, side by side, as a command line or the `meta.json` of measurements states them:
 * `{ qubits: 3, phase: 0.3, depolarise: 0.1 }`.
 *
 * @throws AnsatzError: usage for an unknown name, input for a parameter that is missing, unknown or out of range.
 */
export function createState(name: string, parameters: Readonly<Record<string, unknown>>): QubitSystem {
  if (!isStateName(name))
    throw usageError(`unknown state ${name}${alternatives(name, Object.keys(stateKinds))}`);
  // A kind is used through its own schema only.
  const kind = stateKinds[name as keyof typeof stateKinds] as unknown as StateKind<{
    readonly qubits: number;
  }>;
  const isNoise = ([key]: readonly [string, unknown]) => noiseNames.includes(key);
  const entries = Object.entries(parameters);
  const known = Object.keys(kind.schema.shape);
  const unknown = entries.find(([key]) => !known.includes(key) && !noiseNames.includes(key));
  if (unknown)
    throw inputError(
      `state ${name} has no parameter '${unknown[0]}'${alternatives(unknown[0], [...known, ...noiseNames], "it has")}`,
    );
  if (parameters.qubits === undefined)
    throw inputError(`state ${name}: the number of qubits is missing; give --qubits, such as --qubits 3`);
  const noise = checked(noiseSchema, Object.fromEntries(entries.filter(isNoise)), name);
  const own = checked(kind.schema, Object.fromEntries(entries.filter((entry) => !isNoise(entry))), name);
  return new QubitSystem(name, own, noise, () => kind.create(own));
}

function checked<T>(
  schema: {
    safeParse(
      value: unknown,
    ):
      | { success: true; data: T }
      | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
  },
  value: unknown,
  name: string,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw inputError(`state ${name}: ${issue?.path.map(String).join(".")}: ${issue?.message}`);
}

/**
 * The state that a text names, of a given number of qubits: `ghz`, `ghz:phase=0.3`, `w:phases=[0,1,2],depolarise=0.1`. Commas inside
 * brackets are parts of a list.
 *
 * @throws AnsatzError as {@link createState}, and usage for a text that names none.
 */
export function parseState(text: string, qubits: number): QubitSystem {
  const [, name = "", settings = ""] = /^([a-z][\w-]*)(?::(.*))?$/s.exec(text.trim()) ?? [];
  if (name === "")
    throw usageError(`'${text}' names no state; give name:key=value,..., such as ghz:phase=0.3`);
  const parameters: Record<string, unknown> = {};
  for (const part of settings.split(/,(?![^[]*\])/).filter((one) => one.trim() !== "")) {
    const at = part.indexOf("=");
    if (at < 1)
      throw usageError(
        `'${part}' of state ${name} is no key=value; lists stand in brackets, such as phases=[0,1]`,
      );
    parameters[part.slice(0, at).trim()] = part
      .slice(at + 1)
      .trim()
      .replace(/^\[(.*)\]$/, "$1");
  }
  if (parameters.qubits !== undefined && Number(parameters.qubits) !== qubits)
    throw inputError(`state ${name} of ${parameters.qubits} qubits is no target of ${qubits} qubits`);
  return createState(name, { ...parameters, qubits });
}
