/** log₁₀ of the smallest of some p-values times their number, at most 0; the p-values are given as log₁₀. */
export function bonferroni10(log10Ps: readonly number[]): number {
  if (log10Ps.length === 0) return 0;
  return Math.min(0, Math.min(...log10Ps) + Math.log10(log10Ps.length));
}
