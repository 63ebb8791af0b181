import type { NDArray } from "../array.ts";
import { type Space, siteShape, sites } from "../data/space.ts";
import type { SymmetryName } from "../data/symmetry.ts";
import { inputError, usageError } from "../error.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Exact, RowFunction, Target } from "./system.ts";

/** See {@link energyTarget}. */
export interface EnergyTargetOptions {
  /** The space of a configuration. */
  readonly space: Space;
  /** Returns the total energy of each row of `x: [rows, ...shape]`, one finite number per row. */
  readonly energy: (x: NDArray) => ArrayLike<number>;
  /** Inverse temperature, finite (default 1: the energy is then the action −log P up to a constant). */
  readonly beta?: number;
  /** Name for messages (default `energy`). */
  readonly name?: string;
  /** The same energy of tensors `[batch, ...shape]` → `[batch]`, for flows to learn by its gradient. */
  readonly energyTensor?: ((x: Tensor) => Tensor) | undefined;
  /** More observables of each row, after the energy per site. */
  readonly observables?: Readonly<Record<string, RowFunction>>;
  /** The named symmetries that leave the energy unchanged, if known. */
  readonly symmetries?: readonly SymmetryName[] | undefined;
  /** Exact values at this β, if known. */
  readonly exact?: Exact | undefined;
}

/**
 * The distribution e^{−βE(x)}/Z of any energy function over any space, to fit a model to.
 *
 * @throws AnsatzError (usage) when β is not finite. The target's `energy` throws AnsatzError: input for rows of another
 * shape, usage when the function does not return one finite number for each row.
 */
export function energyTarget(options: EnergyTargetOptions): Target {
  const { space, beta = 1, name = "energy", energyTensor, symmetries, exact } = options;
  if (!Number.isFinite(beta)) throw usageError(`${name}: beta is a finite number, not ${beta}`);
  const shape = siteShape(space);
  const size = sites(space);
  const energy: RowFunction = (x) => {
    const rest = x.shape.slice(1);
    if (rest.join() !== shape.join())
      throw inputError(
        `${name}: an array of shape [${x.shape.join(", ")}] is not rows of ${shape.join("x")} sites`,
      );
    return perRow(options.energy(x), x, `${name}: the energy`);
  };
  const observables = Object.entries(options.observables ?? {}).map(
    ([called, observable]): [string, RowFunction] => [
      called,
      (x) => perRow(observable(x), x, `${name}: the observable ${called}`),
    ],
  );
  return {
    name,
    space,
    beta,
    energy,
    ...(energyTensor && { energyTensor }),
    observables: { energy: (x) => energy(x).map((e) => e / size), ...Object.fromEntries(observables) },
    symmetries,
    exact,
  };
}

/** Checks the result of a function of rows: one finite number for each row. */
function perRow(returned: unknown, { shape: [rows = 0] }: NDArray, what: string): Float64Array {
  const { length } = (returned ?? {}) as { readonly length?: unknown };
  if (typeof returned !== "object" || typeof length !== "number") {
    const kind = returned instanceof Promise ? "a promise" : String(returned);
    throw usageError(
      `${what} function returned ${kind}; it returns a list of ${rows} numbers, one for each row`,
    );
  }
  const values = Float64Array.from(returned as ArrayLike<number>);
  if (values.length !== rows)
    throw usageError(`${what} function returned ${values.length} numbers for ${rows} rows`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw usageError(`${what} of row ${bad} is ${values[bad]}; every one must be a finite number`);
  return values;
}
