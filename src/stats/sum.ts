/**
 * The sum, compensated for rounding: its error does not grow with the number of terms.
 *
 * Source: Neumaier, Z. Angew. Math. Mech. 54 (1974) 39.
 */
export function sum(values: ArrayLike<number>): number {
  return sumOf(values.length, (i) => values[i]!);
}

/** The compensated sum of term(0), ..., term(n − 1). */
export function sumOf(n: number, term: (i: number) => number): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < n; i++) {
    const x = term(i);
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  // After an overflow or an infinite term the compensation is NaN, and the plain sum says what happened.
  return Number.isFinite(lost) ? total + lost : total;
}
