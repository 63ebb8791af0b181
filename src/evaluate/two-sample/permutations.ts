import type { Key } from "../../random/key.ts";
import { permutation } from "../../random/permutation.ts";

/** A statistic of two sets, and its values for the same groups with labels exchanged at random. */
export interface PermutationTest {
  /** The statistic of the two sets. */
  readonly value: number;
  /** The share of permutations, the given one counted, with a statistic at least as large: valid for any number of them. */
  readonly pValue: number;
  /** Mean of the statistic over permutations: its value if both sets have one distribution. */
  readonly mean: number;
  /** Its standard deviation over permutations. */
  readonly spread: number;
}

/** Permutations of a test by default: p-values down to 1/400. */
export const defaultPermutations = 399;

/**
 * Returns the statistic `of` the first `first` of `total` groups against the others, and its permutation test. `of` takes a
 * label for each group: 1 in the first set, 0 in the second.
 */
export function permutationTest(
  of: (isFirst: Uint8Array) => number,
  first: number,
  total: number,
  key: Key,
  permutations = defaultPermutations,
): PermutationTest {
  const labels = new Uint8Array(total).fill(1, 0, first);
  const value = of(labels);
  let [above, sum, squares] = [1, 0, 0];
  // Rounding must not make an exchange that changes nothing smaller than the value itself.
  const least = value - 1e-12 * Math.abs(value);
  for (let i = 0; i < permutations; i++) {
    const order = permutation(key.fold(i), total);
    labels.fill(0);
    for (let g = 0; g < first; g++) labels[order[g]!] = 1;
    const other = of(labels);
    if (other >= least) above++;
    sum += other;
    squares += other * other;
  }
  const mean = sum / permutations;
  return {
    value,
    pValue: above / (permutations + 1),
    mean,
    spread: Math.sqrt(Math.max(0, squares / permutations - mean * mean)),
  };
}
