/** `n` indices in proportion to probabilities, by systematic resampling with one uniform number. */
export function systematic(probability: readonly number[], n: number, u: number): number[] {
  const chosen: number[] = [];
  let [k, cumulated] = [0, probability[0] as number];
  for (let i = 0; i < n; i++) {
    while (cumulated < (i + u) / n && k < probability.length - 1) cumulated += probability[++k] as number;
    chosen.push(k);
  }
  return chosen;
}
