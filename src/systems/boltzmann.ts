import type { NDArray, StorageType } from "../array.ts";
import { type Space, siteShape, sites } from "../data/space.ts";
import type { SymmetryName } from "../data/symmetry.ts";
import type { Exact, Parameters, System } from "./system.ts";

/** See {@link boltzmannSystem}. */
export interface BoltzmannOptions<D extends StorageType, P extends Parameters>
  extends Pick<
      System<D, P>,
      "name" | "parameters" | "space" | "beta" | "energy" | "observables" | "simulate"
    >,
    Partial<Pick<System<D, P>, "energyTensor" | "correlation" | "statistics" | "headlines" | "algorithms">> {
  /** The space of one configuration: the kind of its sites and their shape. */
  readonly space: Space;
  /** The named symmetries that leave the energy unchanged (default none). */
  readonly symmetries?: readonly SymmetryName[];
  /** Exact values, or `undefined` if unknown; called once, on first use. */
  exact?(): Exact | undefined;
  /** Exact means of observables, likewise. */
  exactMeans?(): Readonly<Record<string, number>> | undefined;
}

/** A system of its energy, its observables and a sampler: the rest follows. */
export function boltzmannSystem<D extends StorageType, P extends Parameters>(
  options: BoltzmannOptions<D, P>,
): System<D, P> {
  const { exact, exactMeans, space, energy, beta, ...rest } = options;
  const logWeight = (x: NDArray) => energy(x).map((e) => 0 - beta * e);
  const known = once(() => exact?.());
  const means = once(() => exactMeans?.());
  return {
    symmetries: [],
    ...rest,
    space,
    beta,
    energy,
    shape: siteShape(space),
    sites: sites(space),
    get exact() {
      return known();
    },
    get exactMeans() {
      return means() ?? {};
    },
    logWeight,
    logProb(x) {
      const logZ = known()?.logZ;
      return logZ === undefined ? undefined : logWeight(x).map((w) => w - logZ);
    },
  };
}

/** A function that computes when it is first called. */
function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
