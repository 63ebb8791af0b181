import { binary } from "../data/space.ts";
import { type CouplingComparison, candidatesIn, compareCouplings, trueCouplings } from "../explain/index.ts";
import { Key } from "../random/key.ts";
import { createSystem, isKnownSystem } from "../systems/index.ts";
import type { Explained } from "./explained.ts";

/**
 * Compares an explanation with its system's exact couplings; undefined if no system is known, or it has no
 * couplings of that order.
 */
export function knownCouplings({ system, target, explanation }: Explained): CouplingComparison | undefined {
  const isKnown = system && isKnownSystem(system.name);
  const own = target ?? (isKnown ? createSystem(system.name, system.parameters) : undefined);
  if (!own) return undefined;
  const { shape, order, symmetry } = explanation;
  const truth = trueCouplings(own, order);
  if (!truth) return undefined;
  const candidates = candidatesIn(binary(shape), { order, symmetry, key: Key.fromSeed(0) });
  return compareCouplings(explanation, truth, candidates);
}
