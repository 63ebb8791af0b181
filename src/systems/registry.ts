import type * as z from "zod";
import { inputError, usageError } from "../error.ts";
import { alternatives } from "../nearest.ts";
import { ising } from "./ising/ising.ts";
import { hopfield } from "./pairwise/hopfield.ts";
import { couplings } from "./pairwise/own.ts";
import { sk } from "./pairwise/sk.ts";
import { phi4 } from "./phi4/phi4.ts";
import { checkerboard } from "./planar/checkerboard.ts";
import { gaussians8 } from "./planar/gaussians8.ts";
import { moons } from "./planar/moons.ts";
import { potts } from "./potts/potts.ts";
import { spinGlass } from "./spin-glass/spin-glass.ts";
import type { System, SystemKind } from "./system.ts";
import { u1 } from "./u1/u1.ts";
import { xy } from "./xy/xy.ts";

/** Every kind of system, by name. Adding one is one line here. */
export const systemKinds = {
  ising,
  potts,
  xy,
  "spin-glass": spinGlass,
  sk,
  hopfield,
  couplings,
  moons,
  gaussians8,
  checkerboard,
  phi4,
  u1,
} as const;

/** Name of a registered system. */
export type SystemName = keyof typeof systemKinds;

/** Whether a system of that name is known here; data may name one that is not. */
export function isKnownSystem(name: string): name is SystemName {
  return Object.hasOwn(systemKinds, name);
}

/**
 * The kind of system called `name`.
 *
 * @throws AnsatzError (usage) for an unknown name, suggesting the nearest.
 */
export function systemKind(name: string): SystemKind {
  const kind = Object.entries(systemKinds).find(([known]) => known === name)?.[1];
  // A kind is used through its own schema only, so forgetting which parameters it takes is safe.
  if (kind) return kind as unknown as SystemKind;
  throw usageError(`unknown system ${name}${alternatives(name, Object.keys(systemKinds))}`);
}

/** Name of a registered system with defaults for all its parameters, such as `moons`. */
export type DefaultSystemName = {
  [N in SystemName]: Record<never, never> extends z.input<(typeof systemKinds)[N]["schema"]> ? N : never;
}[SystemName];

/** The system `name` with its default parameters, where all of them have one; see below. */
export function createSystem(name: DefaultSystemName): System;
/**
 * Returns the system `name` with the given parameters, in the form of a command line or a dataset's
 * `meta.json`. They may be omitted if all have defaults.
 *
 * @throws AnsatzError: usage for an unknown name, input for a parameter that is missing, unknown or out of
 * range.
 */
export function createSystem(name: string, parameters: unknown): System;
export function createSystem(name: string, parameters: unknown = {}): System {
  const kind = systemKind(name);
  const parsed = kind.schema.safeParse(parameters);
  if (parsed.success) return kind.create(parsed.data);
  const { issues } = parsed.error;
  // What the system does not have comes before what it misses: the flag of another system is the likelier mistake.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!;
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    const known = kind.parameterNames;
    if (known.length === 0) throw inputError(`system ${name} has no parameters; leave '${key}' out`);
    throw inputError(`system ${name} has no parameter '${key}'${alternatives(key, known, "it has")}`);
  }
  const where = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  throw inputError(
    `system ${name}: ${where}${issue.message.replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase())}`,
  );
}
