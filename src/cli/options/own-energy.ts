import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { NDArray } from "../../array.ts";
import { sites } from "../../data/space.ts";
import { spaceFromJson } from "../../data/space-schema.ts";
import { type SymmetryName, symmetryNames } from "../../data/symmetry.ts";
import { inputError } from "../../error.ts";
import { readBytes } from "../../files/index.ts";
import {
  energyTarget,
  type RowFunction,
  type System,
  type Target,
  targetSystem,
} from "../../systems/index.ts";
import * as tensor from "../../tensor/index.ts";
import { checkTarget } from "../../train/index.ts";
import { requireKnown } from "./values.ts";

/** An energy of one's own that a program file gives. */
export interface OwnEnergy {
  /** The file, as an absolute path. */
  readonly path: string;
  /** SHA-256 of the file, in hexadecimal; not of what it imports. */
  readonly sha256: string;
  /** Returns the system at the inverse temperature `beta` (default: that of the file). */
  at(beta: number | undefined): System;
}

/** What a file may export. */
const exportsOfFile = ["space", "energy", "energyTensor", "beta", "symmetries", "observables"];

/** Most sites of a space: more than models take, and few enough for trials in memory. */
const mostSites = 2 ** 20;

/** Whether a file is a program. */
export const isProgram = (path: string): boolean => /\.(mjs|js|cjs)$/.test(path);

/**
 * Runs a program file that exports an energy, and tries it on random configurations. The tensor language is the second argument
 * of `energyTensor`, so that the file needs no imports.
 *
 * @throws AnsatzError: input for a file that cannot be run or exports something else, usage for an energy that fails the trial.
 */
export async function loadOwnEnergy(file: string): Promise<OwnEnergy> {
  const path = resolve(file);
  const sha256 = createHash("sha256")
    .update(await readBytes(file))
    .digest("hex");
  let found: Record<string, unknown>;
  try {
    found = await loaded(path);
  } catch (cause) {
    throw inputError(`${file}: cannot be run: ${reasonOf(cause)}`, cause);
  }
  const options = checked(file, found);
  const targetAt = (beta: number) => energyTarget({ ...options, beta });
  const own = typeof found.beta === "number" ? found.beta : 1;
  await checkTarget(targetAt(own));
  return {
    ...{ path, sha256 },
    at: (beta = own) => targetSystem(targetAt(beta), { beta, module: path, sha256 }),
  };
}

/**
 * The exports of a file. Node would end without a message if a file awaits something that never comes and
 * nothing else is left to do.
 */
async function loaded(path: string): Promise<Record<string, unknown>> {
  // Standard output is for results, which may be JSON.
  console.log = console.info = console.debug = console.error;
  let stuck = () => {};
  const never = new Promise<never>((_, reject) => {
    stuck = () => reject(new Error("it awaits what never comes"));
    process.once("beforeExit", stuck);
  });
  return Promise.race([import(pathToFileURL(path).href), never]).finally(() =>
    process.off("beforeExit", stuck),
  );
}

const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split("\n")[0] as string;

/** Wraps a function of a file, so that errors name the file and the function. */
function named<A extends unknown[], R>(
  file: string,
  what: string,
  run: (...given: A) => R,
): (...given: A) => R {
  return (...given) => {
    try {
      return run(...given);
    } catch (cause) {
      throw inputError(`${file}: ${what} throws an error: ${reasonOf(cause)}`, cause);
    }
  };
}

function checked(file: string, found: Readonly<Record<string, unknown>>) {
  // Node adds `default` and `module.exports` to what old-style modules export.
  for (const key of Object.keys(found))
    if (key !== "default" && key !== "module.exports")
      requireKnown(key, exportsOfFile, `${file}: the export`);
  const { space, energy, energyTensor, beta, symmetries, observables = {} } = found;
  if (space === undefined || typeof energy !== "function")
    throw inputError(
      `${file}: exports no ${space === undefined ? "space" : "function energy"}; it needs export const space = ` +
        `{ kind: "binary", shape: [12] } and export function energy({ data, shape: [rows] })`,
    );
  if (energyTensor !== undefined && typeof energyTensor !== "function")
    throw inputError(`${file}: energyTensor is a function (x, tensor) => energies of a batch`);
  if (beta !== undefined && !(typeof beta === "number" && Number.isFinite(beta)))
    throw inputError(`${file}: beta is a finite number, not ${String(beta)}`);
  if (symmetries !== undefined && !(Array.isArray(symmetries) && symmetries.every(isSymmetry)))
    throw inputError(`${file}: symmetries is a list of ${symmetryNames.join(", ")}`);
  const functions = Object.entries((typeof observables === "object" && observables) || { observables: null });
  if (functions.some(([, observable]) => typeof observable !== "function"))
    throw inputError(`${file}: observables are functions of rows, by name`);
  const tensorForm = energyTensor as ((x: unknown, language: typeof tensor) => tensor.Tensor) | undefined;
  return {
    name: basename(file),
    space: spaceOf(space, file),
    energy: named(file, "energy", energy as (x: NDArray) => ArrayLike<number>),
    energyTensor:
      tensorForm && named(file, "energyTensor", (x: tensor.Tensor) => batchOf(tensorForm(x, tensor))),
    ...(symmetries !== undefined && { symmetries: symmetries as SymmetryName[] }),
    observables: Object.fromEntries(
      functions.map(([name, run]) => [name, named(file, `the observable ${name}`, run as RowFunction)]),
    ),
  };
}

function spaceOf(given: unknown, file: string): Target["space"] {
  const space = spaceFromJson(given, `${file}: space`) as Target["space"];
  if (sites(space) > mostSites)
    throw inputError(`${file}: space: has ${sites(space)} sites; an energy has at most ${mostSites}`);
  return space;
}

function batchOf(energies: unknown): tensor.Tensor {
  if (energies instanceof tensor.Tensor) return energies;
  throw new Error(
    `it returned ${String(energies)}, which is no tensor; return one number for each row, [batch]`,
  );
}

const isSymmetry = (name: unknown): boolean => symmetryNames.some((known) => known === name);
