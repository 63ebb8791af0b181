import { type NDArray, sizeOf } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { metaVersion } from "../data/meta.ts";
import { describe, type Space, siteShape } from "../data/space.ts";
import { inputError } from "../error.ts";
import type { KnownSystem } from "./known.ts";
import { createSystem, isKnownSystem, systemKind } from "./registry.ts";
import { withSymmetries } from "./row-symmetries.ts";
import type { System } from "./system.ts";

/** A system as named by a user for their own rows. */
export interface GivenSystem {
  /** The name of a registered system. */
  readonly name: string;
  /**
   * Its parameters, as `createSystem` takes them. Without `shape` the rows give it. `beta: "context"` is for rows drawn at
   * several inverse temperatures: each row's is its context.
   */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Number of sites, if known and not part of the parameters, as for couplings; rows must have this many. */
  readonly sites?: number | undefined;
}

/** A given system with what follows from the rows. */
export interface NamedSystem {
  /** The system; at β = 1 if each row has its own. */
  readonly system: System;
  /** Whether the context of each row is its β. */
  readonly isAtContext: boolean;
}

/**
 * Returns the given system for rows of shape `row`. `where` names them in messages.
 *
 * @throws AnsatzError: usage for an unknown name, input for parameters that `createSystem` refuses, a shape
 * that does not follow from flat rows, or rows of another shape.
 */
export function namedSystem(given: GivenSystem, row: readonly number[], where: string): NamedSystem {
  const { name, parameters, sites } = given;
  const kind = systemKind(name);
  if (sites !== undefined && sites !== sizeOf(row))
    throw inputError(`${where}: has rows of ${sizeOf(row)} sites; the ${name} are of ${sites}`);
  const isAtContext = parameters.beta === "context";
  const complete: Record<string, unknown> = { ...parameters, ...(isAtContext && { beta: 1 }) };
  if (kind.parameterNames.includes("shape") && complete.shape === undefined) {
    const shape = kind.shapeOf ? kind.shapeOf(row) : row.length > 1 ? row : undefined;
    if (!shape)
      throw inputError(
        `${where}: rows of ${sizeOf(row)} values in a line do not tell the shape of ${name}; add it to the system, such as shape=8x8`,
      );
    complete.shape = shape;
  }
  const system = createSystem(name, complete);
  const sides = siteShape(system.space);
  // Flat rows take the shape that was given; rows with a shape of their own must have that one.
  if (sizeOf(sides) !== sizeOf(row) || (row.length > 1 && sides.join() !== row.join()))
    throw inputError(
      `${where}: has rows of shape ${row.join("x")}; ${name} with these parameters has rows of shape ${sides.join("x")}`,
    );
  return { system, isAtContext };
}

/**
 * Returns a dataset with its rows declared to be drawn from a system: the same as one that `simulate` made,
 * with the system in its `meta`.
 *
 * @throws AnsatzError (input) for rows of another space, rows with a context that is not their β, and rows
 * that name another system.
 */
export function withSystem(dataset: Dataset, named: NamedSystem): Dataset {
  const { name, space, encoding, meta, context } = dataset;
  const { system, isAtContext } = named;
  requireAlike(space, system, name);
  if (context && !isAtContext)
    throw inputError(
      `${name}: each row has a context; give beta=context if it is the inverse temperature, else leave the system out`,
    );
  const known = isAtContext ? atContext(dataset, system) : ofParameters(system);
  const stored = meta?.system;
  requireSame(stored, known, name);
  const said = meta ?? { version: metaVersion, space, encoding };
  return withSymmetries({ ...dataset, meta: { ...said, system: stored ?? known } });
}

/**
 * Returns the system of a model on `space` that was fitted to rows of the system `stored`, if known, and is
 * now declared to be the one `given`. `where` names the model in messages.
 *
 * @throws AnsatzError (input) as {@link namedSystem}, and for a system that is not the stored one.
 */
export function agreedSystem(
  stored: KnownSystem | undefined,
  given: GivenSystem,
  space: Space,
  where: string,
): System {
  const { system, isAtContext } = namedSystem(given, siteShape(space), where);
  requireAlike(space, system, where);
  if (isAtContext) throw inputError(`${where}: beta=context is for data files; give beta a number`);
  requireSame(stored, ofParameters(system), where);
  return system;
}

/** Throws AnsatzError (input) unless rows of `space` are rows of the system; `where` names them. */
export function requireAlike(space: Space, { name, space: own }: System, where: string): void {
  if (!alike(space, own))
    throw inputError(`${where}: is read as ${describe(space)}; rows of ${name} are ${describe(own)}`);
}

function requireSame(stored: KnownSystem | undefined, given: KnownSystem, where: string): void {
  const other = stored && unlike(stored, given);
  if (other)
    throw inputError(
      `${where}: its system is already known as ${other}; leave --system out, or correct the file: ansatz label FILE --replace`,
    );
}

/** A dataset of the system that a record names, unless its file names one. */
export function withKnown(dataset: Dataset, system: KnownSystem): Dataset {
  const { space, encoding, meta } = dataset;
  if (meta?.system) return dataset;
  return withSymmetries({
    ...dataset,
    meta: { ...(meta ?? { version: metaVersion, space, encoding }), system },
  });
}

/** A system as datasets and records name it. */
export function ofParameters({ name, parameters }: System): KnownSystem {
  return { name, parameters: parameters as KnownSystem["parameters"] };
}

/** Maximum number of inverse temperatures of a dataset: each makes a system of its own. */
const mostBetas = 10_000;

function atContext({ name, context }: Dataset, system: System): KnownSystem {
  const { parameters, ...rest } = ofParameters(system);
  const { beta, ...others } = parameters;
  if (beta === undefined) throw inputError(`${name}: ${system.name} has no beta, so a context cannot be one`);
  if (!context || sizeOf(context.shape.slice(1)) !== 1)
    throw inputError(
      `${name}: beta=context needs a context of one number for each row, its inverse temperature; ` +
        `${context ? "this one has more" : "there is none"}`,
    );
  const betas = distinct(context);
  const bad = betas.find((value) => !Number.isFinite(value) || value < 0);
  if (bad !== undefined)
    throw inputError(`${name}: a context is ${bad}; an inverse temperature is 0 or more`);
  if (betas.length > mostBetas)
    throw inputError(`${name}: has ${betas.length} inverse temperatures; at most ${mostBetas} are allowed`);
  return { ...rest, parameters: others, betas };
}

/** The values of a context in their order, each as the shortest number that single precision takes for it. */
function distinct({ data }: NDArray): number[] {
  const values = new Set<number>();
  for (let i = 0; i < data.length; i++) values.add(Number(data[i]));
  return [...values].sort((a, b) => a - b).map(shortest);
}

function shortest(value: number): number {
  const short = [6, 7, 8].map((digits) => Number(value.toPrecision(digits)));
  return short.find((one) => Math.fround(one) === Math.fround(value)) ?? value;
}

/** Whether rows of one space are rows of the other; bounds only decide which values are refused. */
function alike(a: Space, b: Space): boolean {
  const states = (space: Space) => ("states" in space ? space.states : 0);
  return a.kind === b.kind && states(a) === states(b) && siteShape(a).join() === siteShape(b).join();
}

/**
 * Returns the difference between a stored system and the given one, in words; undefined if they are the same.
 */
export function unlike(stored: KnownSystem, given: KnownSystem): string | undefined {
  if (stored.name !== given.name) return `${stored.name}, not ${given.name}`;
  const [was, is] = [allOf(stored), allOf(given)];
  const key = Object.keys({ ...was, ...is }).find((one) => textOf(was[one]) !== textOf(is[one]));
  if (key === undefined) return undefined;
  const [before, now] = [textOf(was[key]), textOf(is[key])];
  const values = before.length + now.length > 60 ? `other ${key}` : `${key} ${before}, not ${now}`;
  return `${stored.name} with ${values}`;
}

/** All parameters, with defaults for the omitted ones. */
function allOf({ name, parameters, betas }: KnownSystem): Readonly<Record<string, unknown>> {
  if (!isKnownSystem(name)) return parameters;
  const parsed = systemKind(name).schema.safeParse({ ...parameters, ...(betas && { beta: 1 }) });
  const complete: Readonly<Record<string, unknown>> = parsed.success ? parsed.data : parameters;
  return betas ? { ...complete, beta: betas } : complete;
}

const textOf = (value: unknown): string =>
  value === undefined ? "none" : JSON.stringify(value).replaceAll('"', "");
